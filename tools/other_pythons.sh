#!/bin/sh
# Runs `python ARGUMENTS` on each newer Python that this machine has, in an environment of its own: .venv-3.12 and so on.
# Every one runs, also after another failed; a Python that is not here is named and passed over.
failed=""
for version in 3.12 3.13 3.14; do
  command -v "python$version" >/dev/null && "python$version" -c "" 2>/dev/null || {
    echo "== Python $version is not here" >&2
    continue
  }
  echo "== Python $version"
  bin=".venv-$version/bin"
  [ -x "$bin/python" ] || "python$version" -m venv ".venv-$version"
  [ "$bin/quick" -nt pyproject.toml ] ||
    { "$bin/python" -m pip install --quiet --upgrade "pip>=25.1" &&
      "$bin/python" -m pip install --quiet --editable ".[evaluate,compile,dashboard,oidc]" --group tests &&
      touch "$bin/quick"; } &&
    "$bin/python" "$@" || failed="$failed $version"
done
[ -z "$failed" ] || {
  echo "Tests failed on Python$failed." >&2
  exit 1
}
