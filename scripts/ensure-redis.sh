#!/usr/bin/env bash
# Tests of what several processes share need a Redis server: one of the PATH, else Debian's.
set -euo pipefail

command -v valkey-server >/dev/null || exec "$(dirname "$0")/unpack-debian.sh" redis-server redis-server
