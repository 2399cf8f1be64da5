"""Builds the packages, tries them where nothing else is installed, and tags the commit: `make release`.

Nothing is uploaded and nothing pushed. What to do next is printed.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from moderation.version import __version__

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"


def main() -> int:
    """Build, check, try and tag; return 0 if the tag was made."""
    shutil.rmtree(DIST, ignore_errors=True)
    print("Building, in dist/ …", flush=True)
    run(sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT))
    packages = sorted(str(path) for path in DIST.iterdir())
    run(sys.executable, "-m", "twine", "check", "--strict", *packages)
    print("Installing the wheel into an empty environment, for the demo …", flush=True)
    (wheel,) = DIST.glob("*.whl")
    try_wheel(wheel)
    if found := obstacles(ROOT, __version__):
        print("\nThe packages in dist/ are fine, but nothing is tagged:", *found, sep="\n  - ")
        return 1
    tag = f"v{__version__}"
    run("git", "tag", "--annotate", tag, "--message", f"Release {__version__}")
    print(f"\nTagged {tag}. Next:\n  git push origin {tag}\n  {sys.executable} -m twine upload dist/*")
    return 0


def try_wheel(wheel: Path) -> None:
    """Install a wheel into an empty environment outside the checkout, and run the demo there as a user would.

    Raises:
        subprocess.CalledProcessError: something doesn't work there.
        RuntimeError: it is another version.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        scripts = folder / "venv" / "bin"
        run(str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel), at=folder)
        moderation = str(scripts / "moderation")
        version = run(moderation, "--version", at=folder).strip()
        if version != f"moderation {__version__}":
            raise RuntimeError(f"the wheel says `{version}`, the checkout {__version__}")
        shutil.copy(ROOT / "rules.yaml", folder)
        shutil.copytree(ROOT / "tools" / "demo", folder / "tools" / "demo")
        print(
            run(
                "env",
                "MODERATION_DATABASE=sqlite:///demo.db",
                "sh",
                "tools/demo/run.sh",
                moderation,
                at=folder,
            )
        )


def obstacles(root: Path, version: str) -> list[str]:
    """Say what keeps a version from being tagged, a sentence each; nothing if it may be.

    Args:
        root: folder of the checkout.
        version: as in moderation/version.py.
    """
    found = []
    if run("git", "status", "--porcelain", at=root):
        found.append("The tree has changes that are not committed.")
    headings = (root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    if not any(line.startswith(f"## [{version}]") for line in headings):
        found.append(f"CHANGELOG.md has no section [{version}].")
    if run("git", "tag", "--list", f"v{version}", at=root):
        found.append(f"The tag v{version} exists: moderation/version.py needs the next version.")
    return found


def run(*command: str, at: Path = ROOT) -> str:
    """Run a command, and return what it wrote to standard output.

    Raises:
        subprocess.CalledProcessError: its exit code isn't 0; what it wrote to standard error was shown.
    """
    done = subprocess.run(command, cwd=at, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
