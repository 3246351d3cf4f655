#!/usr/bin/env bash
# Builds and installs what users install, into fresh places. By hand, offline
# once the crates are there:
#
#   tests/integrations/install.sh
#
# PROFILE is cargo's, `dev` unless it is set: what is tested is the packing. Needs
# `maturin` (PyPI) and python3 for the wheel, and `npm` for the packages; what is
# missing is told and left out.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
profile=${PROFILE:-dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
version=$(cat "$root/action/version")
cd "$root"

is() { # WHAT GOT WANTED
  if [ "$2" = "$3" ]; then echo "ok    $1"; else
    echo "FAIL  $1: [$2], wanted [$3]"
    failed=1
  fi
}

# works WHAT COMMAND...: it is this version, has its policies, and gives the status on.
works() {
  local what=$1 status=0
  shift
  is "$what: the version" "$("$@" --version)" "regate $version"
  "$@" check --isolated fixtures/shop > "$work/out" 2>&1 || status=$?
  is "$what: a failing gate is status 1" "$status $(tail -1 "$work/out")" "1 FAIL: 49 findings at or above medium"
  status=0
  "$@" check --isolated fixtures/shop-clean > "$work/out" 2>&1 || status=$?
  is "$what: a passing gate is status 0" "$status" 0
  status=0
  "$@" check --isolated nowhere > "$work/out" 2>&1 || status=$?
  is "$what: an undecided gate is status 2" "$status" 2
}

# Everything that the build reads is in what is published.
cargo package --list --allow-dirty > "$work/files"
for file in Cargo.lock policies/kubernetes/k8s-privileged-container/policy.rego src/main.rs LICENSE README.md; do
  is "crate: has $file" "$(grep -cxF "$file" "$work/files")" 1
done

cargo install --quiet --locked --offline --path . --profile "$profile" --root "$work/cargo" --no-track > "$work/out" 2>&1 || cat "$work/out"
works 'cargo install --locked' "$work/cargo/bin/regate"

if command -v maturin > /dev/null; then
  maturin build --quiet --locked --offline --profile "$profile" --out "$work/wheels" > "$work/out" 2>&1 || cat "$work/out"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --no-index --find-links "$work/wheels" regate
  works 'wheel' "$work/venv/bin/regate"
  is 'wheel: one, for any Python 3' "$(find "$work/wheels" -name "regate-$version-py3-none-*.whl" | wc -l)" 1
  python3 -m zipfile -l "$work"/wheels/*.whl > "$work/out"
  is 'wheel: an SBOM is inside' "$(grep -c 'sboms/.*json' "$work/out")" 1
  is 'wheel: no Python module is inside' "$(grep -c '\.py ' "$work/out" || true)" 0
else
  echo 'skip  maturin is not installed: the wheel'
fi

if command -v npm > /dev/null; then
  npm/platform.sh linux-x64 "$work/cargo/bin/regate" "$work/packages" > /dev/null
  (cd "$work" && npm pack --silent "$root/npm/regate" ./packages/regate-linux-x64 > tarballs)
  mkdir "$work/project"
  cd "$work/project"
  printf '{"name": "project", "private": true}\n' > package.json
  # The platform's package is in no registry here: given first, it is the one that is found.
  npm install --silent --offline --no-audit --no-fund "$work"/regate-linux-x64-*.tgz "$work"/regate-[0-9]*.tgz > "$work/out" 2>&1 || cat "$work/out"
  cd "$root"
  works 'npm' "$work/project/node_modules/.bin/regate"
  mv "$work/project/node_modules/@regate" "$work/project/gone"
  status=0
  "$work/project/node_modules/.bin/regate" --version > "$work/out" 2>&1 || status=$?
  is 'npm: a platform without a package is undecided' "$status" 2
else
  echo 'skip  npm is not installed: the packages'
fi
exit "$failed"
