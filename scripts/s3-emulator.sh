#!/usr/bin/env bash
# An S3 store for tests (moto, PyPI), in memory, on a port of this machine until it is ended:
#   bash scripts/s3-emulator.sh PORT
set -euo pipefail

# Outside the tree, and kept: the next run finds it. Two that install at once rename into place, and the first one counts.
lib=${XDG_CACHE_HOME:-$HOME/.cache}/finops/moto-5.2
if [ ! -d "$lib" ]; then
  draft=$lib.$$
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$draft" "moto[s3]~=5.2" flask flask-cors
  mv -T "$draft" "$lib" 2>/dev/null || rm -rf "$draft"
fi
PYTHONPATH=$lib exec python3 -m moto.server --port "$1"
