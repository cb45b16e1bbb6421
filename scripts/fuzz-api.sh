#!/usr/bin/env bash
# Sends what the API's own document allows, and what it forbids, to a server with a small demo (schemathesis, PyPI):
#   bash scripts/fuzz-api.sh [SECONDS]
# No answer may be an error of the server, and each must be one that the document describes. Ends with `N passed, M failed`
# for the operations, which stand in reports/schemathesis.xml too.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-150}

# Outside the tree, and kept: the next run finds it.
venv=${XDG_CACHE_HOME:-$HOME/.cache}/finops/schemathesis
if ! "$venv/bin/st" --version >/dev/null 2>&1; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis~=4.32"
fi

node scripts/ready.mjs start
folder=$(mktemp -d)
# PostgreSQL does not run as root, so its own user must be able to walk into the folder.
chmod 755 "$folder"
server=
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
PORT=$port FINOPS_DATA=$folder/data FINOPS_DEMO_ROWS=30000 node --enable-source-maps apps/server/dist/main.js >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 1 240); do
  grep -q 'Sign in' "$folder/server.log" && break
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$folder/server.log" >&2
    exit 1
  fi
  sleep 0.5
done

mkdir -p reports
rm -f reports/schemathesis.xml
code=0
# One worker: two of them parse at the same time, and the parser of Python 3.11 counts its depth for both ("AST constructor
# recursion depth mismatch"), which is counted as a failure of the operation.
# What changes the imports themselves is left out where it is not JSON; a WebSocket is no OpenAPI operation.
"$venv/bin/st" run "$url/api/openapi.json" \
  --header "Authorization: Bearer $(cat "$folder/data/local-key")" --header "X-Finops-Tenant: demo" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --phases examples,coverage,fuzzing --max-examples 8 --max-time "$seconds" --request-timeout 60 --workers 1 \
  --seed 1 --generation-deterministic --no-shrink --continue-on-failure --warnings off --no-color \
  --report junit --report-junit-path reports/schemathesis.xml || code=$?
grep -v 'Sign in' "$folder/server.log" | tail -n 40
node scripts/count-tests.mjs --junit reports/schemathesis.xml | sed 's/\(.*\) \(.*\)/\1 passed, \2 failed/'
exit "$code"
