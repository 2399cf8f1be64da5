"""Pulling a model: from a release with a pickle in it to a folder that works without network."""

import hashlib
import json
import os
import pickle
import shutil
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from typer.testing import CliRunner
from typing_extensions import override

from moderation.cli.models import app as models_app
from moderation.errors import DownloadError, MissingExtraError, ModelCorruptError, UnknownModelError
from moderation.scoring import CATALOGUE, list_models, open_scorer, verify
from moderation.scoring import download as download_module
from moderation.scoring.pull import pull
from moderation.settings import settings
from tests.support.checkpoint import SEVEN, SIX, write_checkpoint
from tests.support.files import serve

pytestmark = pytest.mark.torch

RELEASES = {  # name: architecture, classes, outputs
    "original": ("bert", SIX, 6),
    "unbiased": ("roberta", SEVEN, 16),
    "multilingual": ("xlm-roberta", SEVEN, 16),
    "unbiased-small": ("albert", SEVEN, 16),
}
TEXT = "you are an idiot"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(download_module, "PAUSE_S", 0.0)


@pytest.fixture
def server(monkeypatch):
    with serve() as server:
        monkeypatch.setenv("MODERATION_MODELS_URL", server.url + "/releases/")
        monkeypatch.setenv("MODERATION_HUB_URL", server.url + "/hub")
        settings.cache_clear()
        yield server


@pytest.fixture
def publish(server, tmp_path, monkeypatch):
    """Put a tiny model where the real release lies; its name carries its own hash, as the real one's does."""

    def put(name, *, content=None, digest=None):
        kind, classes, outputs = RELEASES[name]
        folder = tmp_path / f"release-{name}"
        checkpoint = write_checkpoint(folder, kind, classes=classes, outputs=outputs)
        content = content or checkpoint.read_bytes()
        release = f"v0/{kind}-{(digest or hashlib.sha256(content).hexdigest())[:8]}.ckpt"
        monkeypatch.setitem(CATALOGUE, name, replace(CATALOGUE[name], checkpoint=release))
        server.files[f"/releases/{release}"] = content
        for file in ("config.json", "tokenizer.json", "tokenizer_config.json"):
            server.files[on_hub(name, file)] = (folder / file).read_bytes()
        return checkpoint

    return put


def on_hub(name, file):
    model = CATALOGUE[name]
    return f"/hub/{model.base}/resolve/{model.revision}/{file}"


def leftovers(models_dir):
    """What lies there besides the lock and the record of what was pulled."""
    return [path.name for path in models_dir.iterdir() if path.suffix not in {".lock", ".json"}]


def lose(folder):
    """Make a model damaged, so that the next pull downloads it again."""
    (folder / "config.json").unlink()


@pytest.mark.parametrize("name", RELEASES)
def test_a_pulled_model_scores_as_its_checkpoint_does(publish, models_dir, name):
    checkpoint = publish(name)
    assert pull(name) == models_dir / name
    scorer = open_scorer(name)
    assert scorer.score([TEXT]) == open_scorer(str(checkpoint)).score([TEXT])
    assert scorer.attributes == CATALOGUE[name].attributes
    assert scorer.languages == frozenset(CATALOGUE[name].languages)
    assert verify(name) == []
    assert leftovers(models_dir) == [name]


def test_a_pulled_model_is_kept_as_safetensors_with_all_checksums(publish):
    publish("original")
    folder = pull("original")
    names = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert {file.name for file in folder.iterdir()} == names | {"manifest.json"}
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["files"] == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names
    }


def test_the_manifest_says_what_was_pulled_and_how_much_of_its_hash_is_published(publish, server):
    content = publish("original").read_bytes()
    folder = pull("original")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    sha256 = hashlib.sha256(content).hexdigest()
    assert manifest["revision"] == CATALOGUE["original"].revision
    assert manifest["source"] == f"{server.url}/releases/{CATALOGUE['original'].checkpoint}"
    assert manifest["source_sha256"] == sha256
    assert manifest["source_sha256_published"] == sha256[:8]


def test_the_hash_of_every_file_is_recorded(publish, server, models_dir):
    publish("original")
    pull("original")
    recorded = json.loads((models_dir / "original.pinned.json").read_bytes())
    served = {path: hashlib.sha256(content).hexdigest() for path, content in server.files.items()}
    assert {
        f"/{'releases' if '.ckpt' in path else 'hub'}/{path}": sha for path, sha in recorded.items()
    } == served


def test_the_same_files_are_taken_again(publish):
    publish("original")
    lose(pull("original"))
    pull("original")
    assert verify("original") == []


@pytest.mark.parametrize("deleted", [False, True], ids=["damaged", "deleted"])
def test_a_file_of_the_hub_that_has_changed_is_refused(publish, server, models_dir, deleted):
    publish("original")
    lose(folder := pull("original"))
    if deleted:
        shutil.rmtree(folder)
    server.files[on_hub("original", "config.json")] += b" "
    with pytest.raises(ModelCorruptError, match="not what the first pull got") as caught:
        pull("original")
    record = models_dir / "original.pinned.json"
    assert str(record) in caught.value.hint
    assert verify("original") != []
    record.unlink()
    pull("original")
    assert verify("original") == []


def test_a_checkpoint_that_has_changed_and_keeps_its_published_digits_is_never_opened(
    publish, server, models_dir, monkeypatch, detoxify
):
    publish("original")
    lose(pull("original"))
    record = models_dir / "original.pinned.json"
    recorded = json.loads(record.read_bytes())
    recorded[CATALOGUE["original"].checkpoint] = (
        "0" * 64
    )  # as if the first one had begun with the same digits
    record.write_text(json.dumps(recorded))
    opened: list[object] = []
    monkeypatch.setattr(detoxify, "read_checkpoint", opened.append)
    with pytest.raises(ModelCorruptError, match="not what the first pull got"):
        pull("original")
    assert opened == []
    assert list(models_dir.rglob("*.ckpt")) == []


def test_a_model_that_does_not_load_is_not_recorded(publish, server, models_dir):
    publish("original", content=pickle.dumps({}, protocol=2))
    with pytest.raises(ModelCorruptError):
        pull("original")
    assert not (models_dir / "original.pinned.json").exists()


def test_another_machine_can_be_held_to_a_record(publish, models_dir):
    publish("original")
    models_dir.mkdir()
    (models_dir / "original.pinned.json").write_text(json.dumps({CATALOGUE["original"].checkpoint: "0" * 64}))
    with pytest.raises(ModelCorruptError, match="not what the first pull got"):
        pull("original")


def test_a_record_that_cannot_be_read_is_a_clear_error(publish, server, models_dir):
    publish("original")
    models_dir.mkdir()
    (models_dir / "original.pinned.json").write_text("[]")
    with pytest.raises(ModelCorruptError, match="can't be read"):
        pull("original")
    assert server.asked == []


def test_the_command_says_how_much_of_the_hash_is_published(publish, models_dir):
    publish("original")
    result = CliRunner().invoke(models_app, ["pull", "original"])
    said = " ".join(result.stderr.split())
    assert "tells 8 of the 64 hex digits" in said
    assert "original.pinned.json" in said


def test_a_second_pull_asks_for_nothing(publish, server):
    publish("original")
    pull("original")
    server.asked.clear()
    pull("original")
    assert server.asked == []


def test_a_damaged_model_is_pulled_again(publish):
    publish("original")
    folder = pull("original")
    (folder / "model.safetensors").write_bytes(b"short")
    assert len(verify("original")) == 1
    pull("original")
    assert verify("original") == []


def test_progress_names_the_file(publish):
    publish("original")
    seen = []
    pull("original", progress=lambda file, done, total: seen.append((file, done, total)))
    assert seen[0][0].endswith(".ckpt")
    assert any(file == "tokenizer.json" and done == total for file, done, total in seen)


def test_a_pull_that_was_cut_off_goes_on(publish, server):
    publish("original")
    server.cut_after = [2000] + [0] * (download_module.ATTEMPTS - 1)
    with pytest.raises(DownloadError):
        pull("original")
    server.cut_after = []
    server.asked.clear()
    pull("original")
    assert server.asked[0][1] == "bytes=2000-"
    assert verify("original") == []


def test_a_release_is_not_downloaded_twice_when_the_hub_failed(publish, server):
    publish("original")
    gone = on_hub("original", "config.json")
    config = server.files.pop(gone)
    with pytest.raises(DownloadError, match="404"):
        pull("original")
    server.files[gone] = config
    server.asked.clear()
    pull("original")
    assert not any(path.endswith(".ckpt") for path, _ in server.asked)


def test_a_release_with_another_hash_is_never_opened(publish, models_dir, tmp_path):
    ran = tmp_path / "ran"
    publish("original", content=pickle.dumps(Runs(ran)), digest="0" * 64)
    with pytest.raises(ModelCorruptError, match="not the release"):
        pull("original")
    assert not ran.exists()
    assert not (models_dir / "original").exists()
    assert list(models_dir.rglob("*.ckpt")) == []


class Runs:
    """A pickle that runs a command when it is opened."""

    def __init__(self, ran):
        self.ran = ran

    @override
    def __reduce__(self):
        return os.mkdir, (str(self.ran),)


def as_pickle(harmful, _):
    return pickle.dumps(harmful, protocol=2)


def as_checkpoint(harmful, checkpoint):
    """Write the pickle into a checkpoint as torch saves it."""
    changed = checkpoint.with_suffix(".zip")
    with zipfile.ZipFile(checkpoint) as source, zipfile.ZipFile(changed, "w") as copy:
        for name in source.namelist():
            copy.writestr(
                name, pickle.dumps(harmful, protocol=2) if name.endswith("data.pkl") else source.read(name)
            )
    return changed.read_bytes()


@pytest.mark.parametrize("wrap", [as_pickle, as_checkpoint], ids=["pickle", "checkpoint"])
def test_a_release_that_would_run_code_is_refused(publish, models_dir, tmp_path, wrap):
    ran = tmp_path / "ran"
    harmful = wrap(Runs(ran), write_checkpoint(tmp_path / "other"))
    publish("original", content=harmful)
    with pytest.raises(ModelCorruptError, match="more than weights"):
        pull("original")
    assert not ran.exists()
    assert not (models_dir / "original").exists()


def test_a_model_that_does_not_load_is_not_installed(publish, server, models_dir):
    publish("original")
    publish("unbiased")  # with its tokeniser, the vocabulary has another size
    other = server.files[on_hub("unbiased", "tokenizer.json")]
    server.files[on_hub("original", "tokenizer.json")] = other
    with pytest.raises(ModelCorruptError):
        pull("original")
    assert not (models_dir / "original").exists()


def test_two_pulls_at_once_leave_one_whole_model(publish, server):
    publish("original")
    together = threading.Barrier(2)

    def one():
        together.wait(30)
        return pull("original")

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(one) for _ in range(2)]
        assert jobs[0].result() == jobs[1].result()
    assert verify("original") == []
    assert len([path for path, _ in server.asked if path.endswith(".ckpt")]) == 1


def test_a_folder_that_cannot_be_made_is_a_clear_error(publish, models_dir):
    publish("original")
    models_dir.write_text("a file where the folder should be")
    with pytest.raises(DownloadError) as caught:
        pull("original")
    assert "MODERATION_MODELS_DIR" in caught.value.hint


def test_a_lock_that_cannot_be_had_is_a_clear_error(publish, models_dir):
    publish("original")
    (models_dir / ".original.lock").mkdir(parents=True)
    with pytest.raises(DownloadError):
        pull("original")


def test_the_embedded_model_needs_no_pull(server):
    pull("compact")
    assert server.asked == []


def test_an_embedded_model_that_is_damaged_is_not_pulled(monkeypatch, tmp_path, server):
    monkeypatch.setattr("moderation.scoring.installed._EMBEDDED_AT", tmp_path)
    with pytest.raises(ModelCorruptError) as caught:
        pull("compact")
    assert "reinstall" in caught.value.hint
    assert server.asked == []


def test_a_model_nobody_knows_is_not_asked_for(server):
    with pytest.raises(UnknownModelError):
        pull("orginal")
    assert server.asked == []


def test_what_is_installed_is_listed(publish):
    publish("original")
    assert [status.model.name for status in list_models() if status.installed] == ["compact"]
    pull("original")
    assert [status.model.name for status in list_models() if status.installed] == ["compact", "original"]


def test_without_torch_nothing_is_downloaded(publish, server, monkeypatch):
    publish("original")
    monkeypatch.delitem(sys.modules, "moderation.scoring.detoxify", raising=False)
    monkeypatch.delattr("moderation.scoring.detoxify", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError) as caught:
        pull("original")
    assert caught.value.hint == 'pip install "comment-moderation[torch]"'
    assert server.asked == []


@pytest.mark.parametrize("package", ["filelock", "httpx"])
def test_without_what_downloads_nothing_is_begun(publish, server, monkeypatch, package):
    publish("original")
    monkeypatch.delitem(sys.modules, "moderation.scoring.download", raising=False)
    monkeypatch.delattr("moderation.scoring.download", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=package) as caught:
        pull("original")
    assert caught.value.hint == 'pip install "comment-moderation[torch]"'
    assert server.asked == []


@pytest.mark.parametrize("name", [name for name, model in CATALOGUE.items() if model.checkpoint])
def test_every_checkpoint_names_its_hash_and_every_base_its_commit(name):
    checkpoint = CATALOGUE[name].checkpoint
    assert int(checkpoint.removesuffix(".ckpt")[-8:], 16) > 0
    assert len(bytes.fromhex(CATALOGUE[name].revision)) == 20


def test_what_a_killed_pull_left_is_cleared_away(publish, models_dir):
    publish("original")
    rubbish = models_dir / ".original.new"
    rubbish.mkdir(parents=True)
    (rubbish / "model.safetensors").write_bytes(b"half")
    pull("original")
    assert leftovers(models_dir) == ["original"]
