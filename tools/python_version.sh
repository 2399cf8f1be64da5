#!/bin/sh
# Says what is missing before pip does so at length.
"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exit 0
echo "This needs Python 3.11 or newer; '$1' is not. Name another one: make PYTHON=python3.12 demo" >&2
exit 1
