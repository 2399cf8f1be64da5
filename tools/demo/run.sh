#!/bin/sh
# Moderates the demo's comments as a site would, showing each command before it runs.
set -e
moderation=$1
say() { printf '\n$ moderation %s\n' "$*"; "$moderation" "$@"; }

say submit tools/demo/comments.jsonl --rules rules.yaml
say show demo-017 --site demo
say replay demo-017 --site demo
say check "You are an idiot" || true
printf '\nThe comments and their decisions are in %s.\n' "$MODERATION_DATABASE"
