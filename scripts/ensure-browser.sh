#!/usr/bin/env bash
# The browser tests need a Chromium without a window: Debian's package, else Playwright's own, else whichever is installed.
# One with a window draws that too, for nobody, which takes a third more of the processor.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${FINOPS_CHROMIUM:-}" ]; then
  [ -x "$FINOPS_CHROMIUM" ] || { echo "FINOPS_CHROMIUM names $FINOPS_CHROMIUM, which is not a program." >&2; exit 1; }
  exit 0
fi
command -v chromium-headless-shell >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Debian's Chromium for the browser tests…"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if { apt-get update && apt-get install -y --no-install-recommends chromium-headless-shell; } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 20 "$log" >&2
  rm -f "$log"
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
echo "Installing Playwright's Chromium for the browser tests…"
apps/web/e2e/node_modules/.bin/playwright install chromium
