#!/usr/bin/env bash
# pnpm as package.json names it: the installed one where its major fits, else npx brings it.
set -euo pipefail
version=$(sed -n 's/.*"packageManager": "pnpm@\([^"]*\)".*/\1/p' "$(dirname "$0")/../package.json")
installed=$(pnpm --version 2>/dev/null || true)
if [ "${installed%%.*}" = "${version%%.*}" ]; then exec pnpm "$@"; else exec npx -y "pnpm@$version" "$@"; fi
