"""Files with Perspective's scores: found wherever they stand, refused where they are none."""

import csv
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.comment_files.perspective import PerspectiveFile
from moderation.comment_files.perspective_columns import find_columns, read_label, score_name, spread_columns
from moderation.errors import InputFileError


def answer(**scores):
    return {
        "attributeScores": {
            name: {
                "spanScores": [{"begin": 0, "end": 3, "score": {"value": 0.99, "type": "PROBABILITY"}}],
                "summaryScore": {"value": value, "type": "PROBABILITY"},
            }
            for name, value in scores.items()
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
    }


def jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return PerspectiveFile(path)


def rows_of(file):
    file.survey()
    return list(file.rows())


@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("TOXICITY", "toxicity"),
        ("toxicity", "toxicity"),
        ("Toxicity", "toxicity"),
        ("perspective_toxicity", "toxicity"),
        ("perspective.TOXICITY", "toxicity"),
        ("PERSPECTIVE_SEVERE_TOXICITY", "severe_toxicity"),
        ("severeToxicity", "severe_toxicity"),
        ("toxicity_score", "toxicity"),
        ("attributeScores.IDENTITY_ATTACK.summaryScore.value", "identity_attack"),
        ("attribute_scores.INSULT", "insult"),
        ("response.attributeScores.THREAT", "threat"),
        ("TOXICITY@5", "toxicity"),
        ("PROFANITY", "obscene"),
        ("obscene", "obscene"),
        ("SEXUALLY_EXPLICIT", "sexual_explicit"),
        ("sexual_explicit", "sexual_explicit"),
        ("INSULT_EXPERIMENTAL", "insult"),
        ("FLIRTATION", None),
        ("score_toxicity", None),  # what our own export calls our scores
        ("scores.toxicity", None),
        ("text", None),
    ],
)
def test_a_score_is_known_by_its_columns_name(column, attribute):
    found = score_name(column)
    assert (found and found.attribute) == attribute


def test_perspectives_own_name_goes_before_one_that_may_be_a_label():
    assert find_columns(("text", "toxicity", "TOXICITY"), None).scores == {"toxicity": "TOXICITY"}
    both = find_columns(("OBSCENE", "PROFANITY_EXPERIMENTAL", "PROFANITY"), None)
    assert both.scores == {"obscene": "PROFANITY"}
    assert both.others == ("OBSCENE", "PROFANITY_EXPERIMENTAL")


STORED = {
    "the answer beside the text": {"text": "hi", **answer(TOXICITY=0.25, FLIRTATION=0.5)},
    "the answer in an object": {"text": "hi", "perspective": answer(TOXICITY=0.25, FLIRTATION=0.5)},
    "request and response": {
        "comment": {"text": "hi"},
        "response": {"data": answer(TOXICITY=0.25, FLIRTATION=0.5)},
    },
    "the answer as text": {
        "text": "hi",
        "perspective_json": json.dumps(answer(TOXICITY=0.25, FLIRTATION=0.5)),
    },
    "in snake case": {
        "text": "hi",
        "attribute_scores": {
            n: {"summary_score": {"value": v}} for n, v in (("TOXICITY", 0.25), ("FLIRTATION", 0.5))
        },
    },
    "columns": {"text": "hi", "TOXICITY": "0.25", "FLIRTATION": 0.5, "INSULT": None},
}


@pytest.mark.parametrize("row", STORED.values(), ids=STORED)
def test_an_answer_is_found_wherever_it_is_stored(tmp_path, row):
    file = jsonl(tmp_path / "scores.jsonl", {"id": 7} | row)
    survey = file.survey()
    (found,) = file.rows()
    assert (found.line, found.external_id, found.text, found.scores) == (1, "7", "hi", {"toxicity": 0.25})
    assert [name.rpartition(".")[2] for name in survey.unknown] == ["FLIRTATION"]


def test_an_author_can_not_write_scores_into_a_comment(tmp_path):
    planted = json.dumps(answer(TOXICITY=0.0))
    (found,) = rows_of(jsonl(tmp_path / "a.jsonl", {"text": planted, "author": planted, "TOXICITY": 0.9}))
    assert (found.text, found.scores) == (planted, {"toxicity": 0.9})


ROWS = [
    # id, text, TOXICITY, insult, lang, status
    ("a", "hello", 0.1, "", "en", "approved"),
    ("b", "안녕", "", 0.7, "ko", "REJECTED"),
    ("c", "hey", "", "", "", ""),
]
NAMES = ("id", "comment_text", "TOXICITY", "insult", "lang", "status")


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_each_format_says_the_same(tmp_path, kind):
    path = tmp_path / f"scores.{kind}"
    dicts = [
        {name: (None if value == "" else value) for name, value in zip(NAMES, row, strict=True)}
        for row in ROWS
    ]
    if kind == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([NAMES, *ROWS])
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(dicts), path)
    else:
        jsonl(path, *dicts)
    file = PerspectiveFile(path)
    survey = file.survey()
    first, second = file.rows()
    assert (first.scores, first.language, first.rejected) == ({"toxicity": 0.1}, "en", False)
    assert (second.scores, second.language, second.rejected) == ({"insult": 0.7}, "ko", True)
    assert (survey.rows, survey.without_score, survey.bad, survey.labelled) == (2, 1, 0, 2)
    assert survey.columns == {"toxicity": "TOXICITY", "insult": "insult"}


@pytest.mark.parametrize(
    ("column", "value", "rejected"),
    [
        ("label", "rejected", True),
        ("label", "Published", False),
        ("label", 1, True),
        ("label", 0.0, False),
        ("rejected", "yes", True),
        ("rejected", False, False),
        ("is.published", "yes", None),
        ("published", "no", True),
        ("comment.approved", True, False),
        ("status", "PREMOD", None),
        ("status", "", None),
        ("status", None, None),
    ],
)
def test_what_became_of_a_comment_is_read_in_the_usual_words(column, value, rejected):
    if column == "is.published":
        column, value = "published", "maybe"
    assert read_label(column, value) is rejected


HOSTILE = {
    "empty": (b"", "is empty"),
    "no rows": (b"text,TOXICITY\n", "holds no comments with a text"),
    "no text": (b"words,TOXICITY\nhi,0.5\n", "holds no comments with a text"),
    "no scores": (b"text,score_toxicity\nhi,0.5\n", "holds no scores of Perspective"),
    "percent": (b"text,TOXICITY\nhi,0.5\nho,80\n", "row at line 3: 'TOXICITY' is no number between 0 and 1"),
    "negative": (b"text,TOXICITY\nhi,-0.1\n", "no number between 0 and 1"),
    "words": (b"text,TOXICITY\nhi,high\n", "no number between 0 and 1"),
    "nan as a word": (b"text,TOXICITY\nhi,nan\n", "no number between 0 and 1"),
    "infinite": (b"text,TOXICITY\nhi,1e999\n", "no number between 0 and 1"),
    "doubled": (b"text,TOXICITY,TOXICITY\nhi,0.5,0.6\n", "has 2 columns called 'TOXICITY'"),
    "binary": (b"\x00\x01\x02\x03" * 100, "binary"),
}


@pytest.mark.parametrize(("content", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_can_not_be_used_is_explained(tmp_path, content, said):
    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=said):
        PerspectiveFile(path).survey()


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ('{"text": "hi", "TOXICITY": NaN}', False),  # what a data frame writes for nothing
        ('{"text": "hi", "TOXICITY": true}', False),
        ('{"text": "hi", "TOXICITY": 1' + "0" * 400 + "}", True),
        ('{"text": "hi", "attributeScores": {"TOXICITY": {"summaryScore": {"value": 7}}}}', True),
        ('{"text": "hi", "attributeScores": {"TOXICITY": [0.5]}}', False),
        ('{"text": "hi", "attributeScores": []}', False),
        ('{"text": 7, "TOXICITY": 0.5}', False),
        ('{"text": "hi", "perspective": ' + '{"a": ' * 50 + "{}" + "}" * 50 + "}", False),
        ('{"text": "hi", "perspective_json": "{' + "[" * 5000 + '"}', False),
        ("[" * 5000, False),
        ("{not json", False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_hostile_rows_are_refused_or_left_out_and_nothing_breaks(tmp_path, line, refused):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "fine", "TOXICITY": 0.5}) + "\n" + line + "\n")
    file = PerspectiveFile(tmp_path / "a.jsonl")
    if refused:
        with pytest.raises(InputFileError, match="row at line 2"):
            file.survey()
    else:
        assert [row.text for row in rows_of(file)] == ["fine"]


def test_a_column_that_is_named_holds_the_text(tmp_path):
    (tmp_path / "a.csv").write_text("id,said,TOXICITY\n1,hello,0.5\n")
    file = PerspectiveFile(tmp_path / "a.csv", text="said")
    assert [row.text for row in rows_of(file)] == ["hello"]


def test_what_can_be_read_only_once_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(InputFileError, match="more than once"):
        PerspectiveFile(tmp_path / "pipe.jsonl").survey()


@given(
    st.recursive(
        st.none() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["attributeScores", "TOXICITY", "summaryScore", "value", "x"]),
                inner,
                max_size=3,
            )
            | st.lists(inner, max_size=2)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_spread_without_a_fault(value):
    cells = spread_columns({"text": "hi", "perspective": value})
    assert cells["text"] == "hi"
    find_columns(tuple(cells), None)
