"""Downloads from a real server that breaks off, changes its files, and refuses."""

import pytest

from moderation.errors import DownloadError
from moderation.scoring import download as module
from moderation.scoring.download import download
from tests.support.files import serve

CONTENT = bytes(range(256)) * 400
PATH = "/release/model-1234.ckpt"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(module, "PAUSE_S", 0.0)


@pytest.fixture
def server():
    with serve() as server:
        server.files[PATH] = CONTENT
        yield server


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model-1234.ckpt"


def fail(server, target, **kwargs):
    with pytest.raises(DownloadError) as caught:
        download(server.url + PATH, target, **kwargs)
    assert not target.exists()
    return caught.value


def give_up_after(server, target, size):
    """Leave a part of a file, as a killed process would."""
    server.cut_after = [size] + [0] * (module.ATTEMPTS - 1)
    fail(server, target)
    server.cut_after = []
    server.asked.clear()


def test_a_file_arrives_and_nothing_else_is_left(server, target):
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT
    assert [file.name for file in target.parent.iterdir()] == [target.name]


def test_progress_is_told(server, target):
    told = []
    download(server.url + PATH, target, lambda *values: told.append(values))
    assert told[-1] == (target.name, len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_connection_that_breaks_is_taken_up_where_it_broke(server, target):
    server.cut_after = [1000, 5000]
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT
    assert [asked for _, asked in server.asked] == [None, "bytes=1000-", "bytes=6000-"]


def test_a_later_call_goes_on_too(server, target):
    give_up_after(server, target, 70_000)
    told = []
    download(server.url + PATH, target, lambda *values: told.append(values))
    assert target.read_bytes() == CONTENT
    assert server.asked == [(PATH, "bytes=70000-")]
    assert told[-1] == (target.name, len(CONTENT), len(CONTENT))


def test_a_file_that_has_changed_is_begun_again(server, target):
    give_up_after(server, target, 1000)
    server.etag, server.files[PATH] = '"two"', CONTENT[::-1]
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize(
    ("etag", "last_modified", "asked"),
    [
        ("", "Mon, 01 Sep 2025 10:00:00 GMT", "bytes=1000-"),
        ('W/"weak"', "Mon, 01 Sep 2025 10:00:00 GMT", "bytes=1000-"),
        ('W/"weak"', "", None),
        ("", "", None),
    ],
    ids=["date", "weak_and_date", "weak", "nothing"],
)
def test_only_what_names_the_very_same_file_is_gone_on_with(server, target, etag, last_modified, asked):
    server.etag, server.last_modified = etag, last_modified
    give_up_after(server, target, 1000)
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [(PATH, asked)]


def test_a_server_without_ranges_sends_all_again(server, target):
    server.ranges = False
    server.cut_after = [1000]
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT


def test_a_server_that_sends_another_part_is_not_believed(server, target):
    server.wrong_range = True
    give_up_after(server, target, 1000)
    assert "another part" in fail(server, target).what


def test_a_file_that_has_become_shorter_is_begun_again(server, target):
    give_up_after(server, target, 70_000)
    server.files[PATH] = CONTENT[:500]  # and the validator stays the same
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT[:500]


@pytest.mark.parametrize("status", [500, 503, 408, 429])
def test_what_may_pass_is_tried_again(server, target, status):
    server.errors = [status]
    download(server.url + PATH, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_will_not_pass_is_said_at_once(server, target, status):
    server.errors = [status]
    error = fail(server, target)
    assert str(status) in error.what
    assert "HTTPS_PROXY" in error.hint
    assert len(server.asked) == 1


def test_it_gives_up_in_the_end(server, target):
    server.errors = [503] * module.ATTEMPTS
    assert "503" in fail(server, target).what
    assert len(server.asked) == module.ATTEMPTS


def test_a_server_that_is_not_there_is_an_error(target):
    with pytest.raises(DownloadError, match="can't be downloaded"):
        download("http://127.0.0.1:9/x", target)


@pytest.mark.parametrize("url", ["http://127.0.0.1:port/x", "nonsense", "ftp://127.0.0.1/x"])
def test_an_address_that_is_none_is_an_error(target, url):
    with pytest.raises(DownloadError):
        download(url, target)
