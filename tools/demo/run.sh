#!/bin/sh
# Moderates the demo's comments as a site would, showing each command before it runs.
set -e
moderation=$1
run() { printf '\n$ %s\n' "$*"; shift; "$moderation" "$@"; }

run moderation submit tools/demo/comments.jsonl --rules rules.yaml
run moderation show demo-005 --site demo
run moderation replay demo-005 --site demo
printf '\n$ moderation check "%s"\n' "Thanks for this, it was a good read."
"$moderation" check "Thanks for this, it was a good read."
printf '\nThe comments and their decisions are in %s.\n' "$MODERATION_DATABASE"
