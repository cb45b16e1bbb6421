#!/usr/bin/env bash
# scripts/unpack-debian.sh PROGRAM PACKAGE: a server that tests need, from the PATH or from Debian's package unpacked below
# node_modules. Unpacked and not installed, as an installed package starts a service; so it takes no root either.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$1 package=$2
folder=$PWD/node_modules/.cache/$program
for name in "$program" "$folder/$program"; do
  command -v "$name" >/dev/null && exit 0
done
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "The tests need $program. Install it, so that it is on the PATH." >&2
  exit 1
fi

echo "Fetching Debian's $program for the tests…"
rm -rf "$folder"
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/root"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Lists and packages of its own: the machine's belong to root.
apt=(apt-get -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=)
if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends --download-only "$package"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "$program could not be fetched. Install it, so that it is on the PATH." >&2
  exit 1
fi
for archive in "$folder"/cache/archives/*.deb; do dpkg-deb --extract "$archive" "$folder/root"; done
rm -rf "$folder/lists" "$folder/cache"
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
binary=$(find "$folder/root/usr" -path "*bin/$program" | head -n 1)
cat >"$folder/$program" <<SCRIPT
#!/bin/sh
LD_LIBRARY_PATH="$libraries" exec "$binary" "\$@"
SCRIPT
chmod 755 "$folder/$program"
"$folder/$program" --version >/dev/null
