"""Comments from files: every format, and every way in which a file can be wrong."""

import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from moderation.comment_files.inputs import BadRow, CommentSource, GoodRow, open_comments
from moderation.comment_files.streams import MAX_ROW_BYTES, ByteStream, read_lines
from moderation.domain import Author
from moderation.errors import InputFileError


@pytest.fixture
def write(tmp_path):
    def write(content, name="a.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def stdin(monkeypatch):
    def stdin(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return stdin


def everything(source: CommentSource) -> list[Any]:
    return list(source)


def rows(path, **options):
    with open_comments(path, **options) as source:
        return everything(source)


def brief(found):
    """Texts of comments, and lines of bad rows."""
    return [row.comment.text if isinstance(row, GoodRow) else row.line for row in found]


# every format

CSV = "id,comment_text,user_id,article\nc1,hello,u1,a1\nc2,안녕,u2,a1\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CSV.encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + CSV.encode(), id="bom"),
        pytest.param(CSV.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(CSV.encode("utf-16"), id="utf-16"),
        pytest.param(b"\xfe\xff" + CSV.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(CSV.replace(",", ";").encode(), id="semicolons"),
        pytest.param(CSV.replace(",", "\t").encode(), id="tabs"),
        pytest.param(CSV.replace(",", "|").encode(), id="bars"),
        pytest.param(("\n\r\n" + CSV.replace("\n", "\n\n")).encode(), id="blank-lines"),
        pytest.param(CSV.rstrip("\n").encode(), id="no-last-line-end"),
        pytest.param(CSV.replace("hello", '"hello"').encode(), id="quotes"),
    ],
)
def test_a_csv_is_read_however_it_was_saved(write, content):
    first, second = (row.comment for row in rows(write(content)))
    assert (first.text, first.external_id, first.author, first.thread) == ("hello", "c1", Author("u1"), "a1")
    assert (second.text, second.external_id) == ("안녕", "c2")


def test_a_csv_row_may_span_lines_and_its_line_is_where_it_begins(write):
    content = 'text,id\n"one\r\ntwo, ""three""\n",1\nfour,2\n'
    first, second = rows(write(content))
    assert first == GoodRow(2, first.comment)
    assert first.comment.text == 'one\r\ntwo, "three"\n'
    assert (second.line, second.comment.text) == (5, "four")


def test_commas_in_the_text_do_not_decide_the_delimiter(write):
    assert brief(rows(write("a,b,c,d;text\nx;one, two, three\n"))) == ["one, two, three"]


def test_a_mapped_column_helps_to_find_the_delimiter(write):
    found = rows(write("a,b;words;c,d\n1;hello;2\n"), mapping={"text": "words"})
    assert brief(found) == ["hello"]


def test_a_tsv_is_split_at_tabs_alone(write):
    assert brief(rows(write("id,nr\ttext\n1\ta,b\n", "a.tsv"))) == ["a,b"]


def test_jsonl_is_read(write):
    lines = [
        '\ufeff{"text": "hello", "id": 7, "author": {"id": "u1", "name": "Kim"}, "created_at": 0}\r\n',
        "\n",
        '{"body": "half a \\ud83d pair, \\u0000"}',
    ]
    first, second = rows(write("".join(lines), "a.jsonl"))
    assert (first.line, first.comment.text, first.comment.external_id) == (1, "hello", "7")
    assert first.comment.author == Author("u1", "Kim")
    assert first.comment.created_at.year == 1970
    assert (second.line, second.comment.text) == (3, "half a \ud83d pair, \x00")


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_is_read(tmp_path):
    path = parquet(
        tmp_path / "a.parquet",
        id=pa.array([1, 2], pa.int64()),
        text=pa.array(["hello", None]),
        user=pa.array([{"id": "u", "karma": 3}, None]),
        date=pa.array([1_700_000_000_123_456_789, None], pa.timestamp("ns")),
        unused=pa.array([b"\xff", b""]),
    )
    with open_comments(path, site="news") as source:
        assert (source.done, source.total, source.unit) == (0, 2, "rows")
        good, bad = everything(source)
        assert source.done == 2
        assert source.describe_mapping() == (
            "text from 'text', external_id from 'id', author_id from 'user.id', created_at from 'date'; "
            "not used: 'user.karma', 'unused'"
        )
    assert (good.line, good.comment.external_id, good.comment.site) == (1, "1", "news")
    assert good.comment.author == Author("u")
    assert good.comment.created_at.microsecond == 123_456
    assert (bad.line, bad.reason) == (2, "the row has no text")


def test_a_value_that_parquet_cannot_give_costs_its_row_alone(tmp_path):
    bad_utf8 = pa.Array.from_buffers(pa.string(), 3, pa.array([b"ab", b"\xff\xfe", b"cd"]).buffers())
    found = rows(parquet(tmp_path / "a.parquet", text=bad_utf8))
    assert brief(found) == ["ab", 2, "cd"]
    assert "no UTF-8" in found[1].reason


def test_damaged_parquet_says_how_far_it_was_good(tmp_path):
    path = tmp_path / "a.parquet"
    texts = pa.array([f"{n:064}" for n in range(4000)])
    pq.write_table(
        pa.table({"text": texts}), path, row_group_size=1000, compression="gzip", use_dictionary=False
    )
    content = bytearray(path.read_bytes())
    middle = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content[middle : middle + 2000] = b"\xee" * 2000
    path.write_bytes(content)
    taken: list[Any] = []
    with open_comments(path) as source, pytest.raises(InputFileError, match="damaged after row 2000"):
        taken.extend(source)
    assert len(taken) == 2000


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a", '{"text": "x"}', ["x"]),
        ("a.log", '  {"text": "x"}', ["x"]),
        ("a.txt", "text\nx\n", ["x"]),
        ("a", "text\tid\nx\t1\n", ["x"]),
        ("A.CSV", "text\nx\n", ["x"]),
    ],
)
def test_the_format_is_told_from_the_content(write, name, content, texts):
    assert brief(rows(write(content, name))) == texts


def test_parquet_is_told_from_the_content(tmp_path):
    assert brief(rows(parquet(tmp_path / "a.bin", text=pa.array(["x"])))) == ["x"]


def test_the_given_format_wins_over_the_name(write):
    assert brief(rows(write('{"text": "x"}', "a.csv"), format="jsonl")) == ["x"]


def test_standard_input_is_read(stdin):
    stdin(b"text,id\nhello,1\n")
    with open_comments(None) as source:
        assert (source.name, source.total, source.unit) == ("stdin", None, "bytes")
        assert brief(source) == ["hello"]
        assert source.done == 16
    assert not sys.stdin.buffer.closed


def test_a_pipe_is_read_as_it_comes(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def feed():
        with path.open("wb", buffering=0) as pipe:
            for byte in "text,id\n안녕,1\n".encode("utf-16"):
                pipe.write(bytes([byte]))

    feeder = threading.Thread(target=feed)
    feeder.start()
    found = rows(path)
    feeder.join()
    assert brief(found) == ["안녕"]


def test_progress_counts_bytes(write):
    path = write(CSV)
    with open_comments(path) as source:
        assert source.total == path.stat().st_size
        list(source)
        assert source.done == source.total


# ids that the file does not give


def test_rows_without_an_id_get_the_same_one_again(write):
    content = "text,user\nsame,u\nsame,u\nsame,v\n"
    path = write(content)
    ids = [row.comment.external_id for row in rows(path)]
    assert ids == [row.comment.external_id for row in rows(path)]
    assert len(set(ids)) == 3
    assert all(len(found) == 20 and found.startswith("row-") for found in ids)
    assert ids != [row.comment.external_id for row in rows(write(content, "b.csv"))]


def test_a_derived_id_never_changes_between_releases(write):
    assert rows(write("text\nhello\n"))[0].comment.external_id == "row-1f910c298765bcbc"


def test_bad_rows_do_not_shift_the_ids_after_them(write):
    first = rows(write(b"text\n\xff\nhello\n"))[1]
    second = rows(write(b"text\nok\nhello\n"))[1]
    assert first == second


def test_rows_keep_their_own_site(write):
    found = rows(write("text,site\na,blog\nb,\n"), site="news")
    assert [row.comment.site for row in found] == ["blog", "news"]
    assert rows(write("text\na\n"))[0].comment.site == "default"


# rows that can't be used

BAD_CSV = [
    pytest.param(b"a\xff,1\n", "no text in the file's encoding", id="bad-utf-8"),
    pytest.param(b"secret,1,2\n", "has 3 of 2 fields", id="too-many"),
    pytest.param(b"secret\n", "has 1 of 2 fields", id="too-few"),
    pytest.param(b'"secret,1\n', "never closed", id="open-quote"),
    pytest.param(b'"secret\nsecret",1,2\n', "has 3 of 2", id="too-many-over-lines"),
    pytest.param(b'"secret "secret" secret",1\n', "not doubled", id="inner-quotes"),
    pytest.param(b"secret\rsecret,1\n", "carriage return", id="carriage-return"),
    pytest.param(b'"secret"\rsecret,1\n', "carriage return", id="carriage-return-after-quotes"),
    pytest.param(b'"sec\rret"secret,1\n', "not doubled", id="carriage-return-in-quotes"),
    pytest.param(b"secret," + b"i" * 1001 + b"\n", "external_id (column 'id') must be text", id="long-id"),
    pytest.param(b"x" * (MAX_ROW_BYTES + 9) + b",1\n", "longer than 2 MiB", id="long-line"),
    pytest.param(b'"' + b"x" * (MAX_ROW_BYTES + 9) + b'",1\n', "longer than 2 MiB", id="long-quoted-line"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_CSV)
def test_a_bad_row_of_a_csv_is_told_and_passed_over(write, bad, reason):
    before, found, after = rows(write(b"text,id\nbefore,0\n" + bad + b"after,9\n"))
    assert (before.comment.text, after.comment.text) == ("before", "after")
    assert isinstance(found, BadRow)
    assert found.line == 3
    assert reason in found.reason
    assert "secret" not in found.reason
    raw = str(found.raw).encode("utf-8", "surrogateescape")
    assert bad.startswith(raw)
    assert len(raw) >= min(len(bad) // 3, MAX_ROW_BYTES)


BAD_JSON = [
    pytest.param(b'{"text": "secret"', "no JSON: Expecting ',' delimiter, at character 18", id="cut-off"),
    pytest.param(b"secret", "no JSON: Expecting value, at character 1", id="no-json"),
    pytest.param(b'["secret"]', "but no object", id="array"),
    pytest.param(b'"secret"', "but no object", id="string"),
    pytest.param(b'{"text": "\xff secret"}', "no text in the file's encoding", id="bad-utf-8"),
    pytest.param(b'{"id": 3}', "has no text", id="no-text"),
    pytest.param(b'{"text": null}', "has no text", id="null"),
    pytest.param(b'{"text": 5}', "text (column 'text') must be text", id="number"),
    pytest.param(b'{"text": "secret", "date": "secret"}', "created_at (column 'date')", id="date"),
    pytest.param(b'{"text": "secret", "user": ["secret"]}', "author_id (column 'user')", id="list"),
    pytest.param(b'{"text": ' + b"[" * 100_000, "beyond all bounds", id="deep"),
    pytest.param(b'{"id": ' + b"1" * 5000 + b"}", "beyond all bounds", id="digits"),
    pytest.param(b'{"text": "' + b"x" * MAX_ROW_BYTES + b'"}', "longer than 2 MiB", id="long"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_JSON)
def test_a_bad_row_of_jsonl_is_told_and_passed_over(write, bad, reason):
    content = b'{"text": "before"}\n' + bad + b'\n{"text": "after"}\n'
    before, found, after = rows(write(content, "a.jsonl"))
    assert (before.comment.text, after.comment.text) == ("before", "after")
    assert isinstance(found, BadRow)
    assert found.line == 2
    assert reason in found.reason
    assert "secret" not in found.reason


def test_bad_rows_alone_are_no_reason_to_stop(write):
    assert brief(rows(write("1\n2\n", "a.jsonl"))) == [1, 2]


def test_a_half_character_at_the_end_of_utf_16_is_a_bad_row(write):
    found = rows(write("text,id\na,1\nb,2".encode("utf-16") + b"x"))
    assert brief(found) == ["a", 3]


def test_half_a_surrogate_pair_in_utf_16_is_a_bad_row(write):
    found = rows(write("text,id\na\ud800,1\nb,2".encode("utf-16", "surrogatepass")))
    assert brief(found) == [2, "b"]


@pytest.mark.slow
def test_a_quote_that_is_never_closed_costs_one_row_however_long_the_file(write):
    many = 100_000
    lines = "".join(f"comment number {n} has some words,{n}\n" for n in range(many))
    found = rows(write('text,id\n"oops,x\n' + lines))
    assert len(found) == many + 1
    assert [row.line for row in found if isinstance(row, BadRow)] == [2]


def test_many_open_quotes_take_linear_time(write):
    many = 20_000
    found = rows(write("text,id\n" + '"a,1\nb,2\n' * many))
    assert sum(isinstance(row, GoodRow) for row in found) == many


def test_a_comment_of_a_megabyte_passes(write):
    text = "가" * 350_000
    assert brief(rows(write(f'text,id\n"{text}",1\n'))) == [text]
    assert brief(rows(write(json.dumps({"text": text[:300_000]}), "a.jsonl"))) == [text[:300_000]]


# files that can't be used


def refused(path, **options):
    with pytest.raises(InputFileError) as caught:
        open_comments(path, **options)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "what", "hint"),
    [
        pytest.param("a.csv", b"", "is empty", "one comment a row", id="empty"),
        pytest.param("a.csv", b" \n\r\n", "is empty", "one comment a row", id="blank"),
        pytest.param("a.csv", b"\xef\xbb\xbf", "is empty", "one comment a row", id="only-bom"),
        pytest.param(
            "a.csv", b"words,id\nsecret,1\n", "they are 'words', 'id'", "--map text=COLUMN", id="no-text"
        ),
        pytest.param("a.jsonl", b'{"words": "secret"}', "they are 'words'", "--map text=COLUMN", id="jsonl"),
        pytest.param(
            "a.csv", b'"text,id\na,1\n', "line 1 can't be read", "must name the columns", id="header"
        ),
        pytest.param("a.csv", "내용,text\n".encode("cp949"), "line 1 can't", "in UTF-8", id="cp949"),
        pytest.param("a.csv", b"text" * MAX_ROW_BYTES, "line 1 can't be read", "columns", id="long-header"),
        pytest.param(
            "a.txt", b"just words\n", "neither its name nor its first line", "jsonl | csv", id="unknown"
        ),
        pytest.param(
            "a.txt", b"\xff\xfa\n", "neither its name nor its first line", "--format", id="odd-bytes"
        ),
        pytest.param("a.json", b'[{"text": "x"}]', "one JSON array", "jq", id="array"),
        pytest.param("a.json", b'[\n{"text": "x"}]', "one JSON array", "jq", id="array-over-lines"),
        pytest.param("a", b'[{"text": "x"}]', "one JSON array", "jq", id="array-unnamed"),
        pytest.param("a.csv", gzip.compress(b"text\nx\n"), "is gzip", "unpack", id="gzip"),
        pytest.param("a.parquet", b"text\nx\n", "is no Parquet file", "--format", id="no-parquet"),
        pytest.param("a.csv", bytes(range(256)), "is a binary file", "UTF-16LE", id="binary"),
        pytest.param("a.csv", "text,id\n".encode("utf-16-le"), "UTF-16 without", "iconv", id="utf-16-no-bom"),
        pytest.param("a.csv", "text\nx\n".encode("utf-32"), "is in UTF-32", "iconv", id="utf-32"),
    ],
)
def test_an_unusable_file_is_refused_with_a_hint(write, name, content, what, hint):
    error = refused(write(content, name))
    assert what in error.what
    assert name in error.what
    assert hint in error.hint
    assert "secret" not in str(error)


def test_what_is_no_file_is_refused(tmp_path, write):
    assert "no such file" in refused(tmp_path / "none.csv").what
    assert "is a folder" in refused(tmp_path).what
    assert "can't be opened" in refused(Path("a\0b")).what
    assert "can't be opened" in refused(write(CSV) / "b").what
    database = tmp_path / "a.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert "an SQLite database" in refused(database).what


def test_a_wrong_option_is_refused(tmp_path, write):
    assert "jsonl, csv, tsv, parquet" in refused(write(CSV), format="xml").hint
    assert "did you mean 'comment_text'?" in refused(write(CSV), mapping={"text": "comment_txt"}).hint
    path = parquet(tmp_path / "a.parquet", text=pa.array(["x"]))
    assert "is Parquet, and no text" in refused(path, format="csv").what
    assert "has no column 'words'" in refused(path, mapping={"text": "words"}).what


def test_parquet_from_a_pipe_is_refused(stdin):
    stdin(b"PAR1 and so on")
    assert "can't be read from a pipe" in refused(None).what


def test_an_empty_standard_input_is_refused(stdin):
    stdin(b"")
    assert refused(None).what == "standard input: is empty"


class FailingDisk(io.BytesIO):
    @override
    def read1(self, size=-1):
        if self.tell() > 4:
            raise OSError(5, "Input/output error")
        return super().read1(size)


def test_a_disk_that_fails_while_reading_is_told():
    stream = ByteStream(FailingDisk(b"text\n" * 100), "a.csv", None)
    with pytest.raises(InputFileError, match=r"a.csv: reading failed after 500 bytes \(Input/output error\)"):
        list(read_lines(stream))


# laws

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl"]))
def test_no_bytes_break_the_reader(write, content, kind):
    head = b'{"text": "x"}\n' if kind == "jsonl" else b"text\n"
    found = rows(write(head + content), format=kind)
    assert all(isinstance(row, GoodRow | BadRow) for row in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(plain_text.filter(bool), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_quoted_text_survives_csv(write, texts, encoding):
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    content = "\r\n".join(["text", *quoted]).encode(encoding)
    assert [row.comment.text for row in rows(write(content))] == texts


# size


PEAK_OF_READING = """
import resource, sys
from pathlib import Path
from typing import Any
from moderation.comment_files.inputs import GoodRow, open_comments

for name in sys.argv[1:]:
    with open_comments(Path(name)) as source:
        count = sum(isinstance(row, GoodRow) for row in source)
    print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_stays_flat_over_a_long_csv(write):
    row = '{0},"a comment, with words",user{0}\n'
    short, long = (
        write("id,text,user\n" + "".join(row.format(n) for n in range(size)), f"{size}.csv")
        for size in (2_000, 40_000)
    )
    command = [sys.executable, "-c", PEAK_OF_READING, str(short), str(long)]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    (_, before), (count, after) = (map(int, line.split()) for line in printed.splitlines())
    assert count == 40_000
    assert after - before < 1_000  # KiB
