#!/usr/bin/env bash
# Tests of what several processes share need a Redis server: one of the PATH, else Debian's package unpacked below node_modules.
# Unpacked and not installed, as the installed package starts a service; so it takes no root either.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$PWD/node_modules/.cache/redis
for name in redis-server valkey-server "$folder/redis-server"; do
  command -v "$name" >/dev/null && exit 0
done
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "The tests need a Redis server. Install redis-server or valkey-server, so that it is on the PATH." >&2
  exit 1
fi

echo "Fetching Debian's Redis for the tests…"
rm -rf "$folder"
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/root"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Lists and packages of its own: the machine's belong to root.
apt=(apt-get -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=)
if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends --download-only redis-server; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "Redis could not be fetched. Install redis-server or valkey-server, so that it is on the PATH." >&2
  exit 1
fi
for package in "$folder"/cache/archives/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done
rm -rf "$folder/lists" "$folder/cache"
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
cat >"$folder/redis-server" <<END
#!/bin/sh
LD_LIBRARY_PATH="$libraries" exec "$folder/root/usr/bin/redis-server" "\$@"
END
chmod 755 "$folder/redis-server"
"$folder/redis-server" --version >/dev/null
