"""docs/deploy: what can't be run here is held against its linters, and against the package that it starts."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML

from moderation.cli import app
from tests.support.needs import missing

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs/deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
COMPOSE = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [["verify", "--man=no"], ["security", "--offline=true", "--threshold=20", "--no-pager"]],
    ids=["verify", "security"],
)
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_takes_the_units_and_finds_them_safe(tmp_path, unit, command):
    found = shutil.which("systemd-analyze")
    if not found:
        missing("systemd-analyze is not on this machine")
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    there = re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE)
    assert there != text
    (tmp_path / unit).write_text(there)
    done = subprocess.run(
        [found, *command, str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def options_of(command):
    group = typer.main.get_command(app)
    (found,) = [one for one in vars(group)["commands"].values() if one.name == command]
    return {option for parameter in found.params for option in parameter.opts}


def commands():
    """Yield how each file starts something."""
    for unit in UNITS:
        (line,) = re.findall(r"^ExecStart=(.+)$", (DEPLOY / unit).read_text(encoding="utf-8"), re.MULTILINE)
        program, *rest = shlex.split(line)
        yield unit, [Path(program).name, *rest]
    for name, service in COMPOSE["services"].items():
        if "command" in service:
            yield f"compose: {name}", service["command"]
    (default,) = re.findall(r"^CMD \[(.+)\]$", CONTAINERFILE, re.MULTILINE)
    yield "Containerfile", shlex.split(default.replace(",", " "))


@pytest.mark.parametrize(
    ("where", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_started_there_is_a_command_with_these_options(where, command):
    if command[:3] == ["python", "-m", "dashboard"]:
        assert set(command[3:]) <= {"--host", "0.0.0.0"}  # noqa: S104
        return
    assert command[0] == "moderation"
    if command[1] == "serve":
        assert {word for word in command if word.startswith("--")} <= options_of("serve")
    else:
        assert command[1:] == ["db", "upgrade"]


def test_the_service_trusts_the_gateway_of_its_own_network():
    (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    command = COMPOSE["services"]["service"]["command"]
    assert command[command.index("--trusted-proxies") + 1] == network["gateway"]


def test_ports_are_open_to_this_machine_only_and_nothing_runs_as_root():
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001"]
    users = [re.findall(r"^User=(\w+)$", (DEPLOY / unit).read_text(), re.MULTILINE) for unit in UNITS]
    assert users == [["moderation"]] * len(UNITS)


def test_what_the_image_is_made_of_reaches_it():
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {source.rstrip("/") for source in copied} == let_in
    assert all((ROOT / source).exists() for source in copied)


def test_the_end_takes_longer_than_the_service_may_take():
    from moderation.cli.serving import GRACE_S

    (unit,) = re.findall(r"^TimeoutStopSec=(\d+)$", (DEPLOY / "moderation.service").read_text(), re.MULTILINE)
    assert int(unit) > GRACE_S
    assert int(COMPOSE["services"]["service"]["stop_grace_period"].removesuffix("s")) > GRACE_S


def test_the_page_names_every_file_beside_it_or_operations_does():
    said = (DEPLOY / "README.md").read_text("utf-8") + (ROOT / "docs/operations.md").read_text("utf-8")
    assert [
        path.name for path in DEPLOY.iterdir() if path.name not in said and path.name != "README.md"
    ] == []


def test_the_folders_of_the_steps_are_open_to_who_needs_them_and_nothing_secret_is(tmp_path):
    steps = re.findall(r"^install .+$", (DEPLOY / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    for folder in ("etc", "var/lib"):
        (tmp_path / folder).mkdir(parents=True)
    for step in steps:  # here, by whoever runs the tests, for there is no such user
        here = re.sub(r" /(etc|var)/", rf" {tmp_path}/\1/", step.replace("-o moderation -g moderation ", ""))
        subprocess.run(shlex.split(here), check=True)
    assert (tmp_path / "etc/moderation").stat().st_mode & 0o777 == 0o755  # the user reads rules.yaml there
    assert (tmp_path / "etc/moderation/environment").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var/lib/moderation").is_dir()  # commands need it before the unit first starts
