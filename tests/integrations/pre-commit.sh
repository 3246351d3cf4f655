#!/usr/bin/env bash
# Runs the hooks under the real pre-commit and prek. By hand, offline:
#
#   REGATE=target/debug/regate tests/integrations/pre-commit.sh
#
# Needs `git`, and `pre-commit` and `prek` on PATH; a missing client is told and left out.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
regate=$(realpath "${REGATE:-$root/target/debug/regate}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
export PRE_COMMIT_HOME=$work/pre-commit PREK_HOME=$work/prek
export PATH=$work/bin:$PATH
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
failed=0

# A wrapper, to see how often the hook ran and with how many names.
mkdir "$work/bin"
cat > "$work/bin/regate" <<WRAPPER
#!/bin/sh
echo "\$#" >> "$work/runs"
exec "$regate" "\$@"
WRAPPER
chmod +x "$work/bin/regate"

# The repository of hooks: a clone is what a client makes of it.
mkdir "$work/hooks"
# The wheel is built by a test of its own; here the hooks run the binary under test.
sed 's/language: python/language: system/' "$root/.pre-commit-hooks.yaml" > "$work/hooks/.pre-commit-hooks.yaml"
git -C "$work/hooks" init -q
git -C "$work/hooks" add .
git -C "$work/hooks" commit -qm hooks

bad='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
ADD https://example.com/tool.tar.gz /tools/
USER 10001:10001'
good='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
COPY tool.tar.gz /tools/
USER 10001:10001'

# start HOOK: an empty repository that uses it.
start() {
  rm -rf "$work/repo"
  mkdir "$work/repo"
  cd "$work/repo"
  git init -q
  printf 'repos:\n- repo: %s\n  rev: %s\n  hooks:\n  - id: %s\n' \
    "$work/hooks" "$(git -C "$work/hooks" rev-parse HEAD)" "$1" > .pre-commit-config.yaml
  git add .
  git commit -qm start
  : > "$work/runs"
}

# expect WHAT STATUS COMMAND...: runs it and compares the exit status, 1 for any failure.
expect() {
  local what=$1 want=$2 got=0
  shift 2
  "$@" > "$work/out" 2>&1 || got=1
  if [ "$got" = "$want" ]; then
    echo "ok    $client: $what"
  else
    echo "FAIL  $client: $what: status $got, wanted $want"
    sed 's/^/      /' "$work/out"
    failed=1
  fi
}

says() { # says TEXT: the last output has it.
  grep -qF -- "$1" "$work/out" || { echo "FAIL  $client: the output lacks: $1"; sed 's/^/      /' "$work/out"; failed=1; }
}

runs() { # runs LIST: how many arguments each run of the binary had.
  local seen
  seen=$(paste -sd' ' "$work/runs")
  [ "$seen" = "$1" ] || { echo "FAIL  $client: runs had arguments [$seen], wanted [$1]"; failed=1; }
}

client() {
  client=$1
  start regate-system
  printf '%s\n' "$bad" > Dockerfile
  git add Dockerfile
  expect 'a finding stops the commit' 1 "$client" run
  says docker-add-remote
  says 'FAIL: 1 finding at or above medium'
  runs 5

  printf '%s\n' "$good" > Dockerfile
  git add Dockerfile
  expect 'a clean file lets the commit through' 0 "$client" run

  start regate-system
  printf '%s\n' "$bad" > Dockerfile
  git add Dockerfile
  printf '%s\n' "$good" > Dockerfile
  expect 'staged bad, working tree good: the staged content counts' 1 "$client" run
  [ "$(cat Dockerfile)" = "$good" ] || { echo "FAIL  $client: the working tree was not restored"; failed=1; }
  printf '%s\n' "$good" > Dockerfile
  git add Dockerfile
  printf '%s\n' "$bad" > Dockerfile
  expect 'staged good, working tree bad: the staged content counts' 0 "$client" run
  [ "$(cat Dockerfile)" = "$bad" ] || { echo "FAIL  $client: the working tree was not restored"; failed=1; }

  start regate-system
  printf '%s\n' "$bad" > Dockerfile
  printf '%s\n' "$bad" > gone.Dockerfile
  git add . && git commit -qm bad
  git rm -q gone.Dockerfile
  expect 'a deleted file is not asked for' 0 "$client" run
  git mv Dockerfile Containerfile
  expect 'a renamed file is checked under its new name' 1 "$client" run
  says Containerfile

  start regate-system
  mkdir 'a b'
  printf '%s\n' "$bad" > "a b/Dockerfile.x'y"
  printf '%s\n' "$bad" > "a b/ü.Dockerfile"
  mv "a b/ü.Dockerfile" "a b/Dockerfile.ü"
  git add .
  expect 'awkward names are checked' 1 "$client" run
  says "Dockerfile.x'y"
  says 'Dockerfile.ü'

  start regate-system
  echo 'a: 1' > plain.yaml
  echo 'x = 1' > Pipfile
  echo '{}' > Pipfile.lock
  echo '{}' > notes.ipynb
  echo '{}' > map.geojson
  echo 'BasedOnStyle: LLVM' > .clang-format
  git add .
  expect 'files that no rule is for are fine' 0 "$client" run

  start regate-system
  mkdir vendored
  printf '%s\n' "$bad" > vendored/Dockerfile
  printf 'exclude: ["vendored/**"]\n' > regate.yaml
  git add .
  expect 'the settings exclude a file that the hook names' 0 "$client" run
  printf 'policy: ["nowhere"]\n' > regate.yaml
  git add .
  expect 'policies that are missing stop the commit' 1 "$client" run
  printf 'a: [1\n' > broken.yaml
  rm regate.yaml && git add .
  expect 'a file that cannot be parsed stops the commit' 1 "$client" run
  says broken.yaml

  start regate-system
  for i in $(seq 400); do printf '%s\n' "$good" > "Dockerfile.$i"; done
  git add .
  expect '400 files pass' 0 "$client" run
  runs 404
  printf '%s\n' "$bad" > Dockerfile.77
  git add .
  expect 'one bad file in 400 is found' 1 "$client" run
  says Dockerfile.77

  start regate-policy-test
  mkdir policy
  printf 'package a\nimport rego.v1\ndeny contains "x" if input.x\ntest_x if deny == {"x"} with input as {"x": 1}\n' > policy/a.rego
  git add .
  expect 'unit tests of policies pass' 0 "$client" run
  runs 1
  printf 'package a\nimport rego.v1\ndeny contains "y" if input.x\ntest_x if deny == {"x"} with input as {"x": 1}\n' > policy/a.rego
  git add .
  expect 'a failing unit test stops the commit' 1 "$client" run
  says 'fail data.a.test_x'
  printf 'package a\nimport rego.v1\ndeny contains "y" if input.x\n' > policy/a.rego
  git add .
  expect 'policies without a test stop the commit' 1 "$client" run
  says 'UNDECIDED: there is no test'
  git rm -qf policy/a.rego && echo 1 > other.txt && git add .
  expect 'without a change to a policy they are not asked for' 0 "$client" run

  start regate-all
  printf '%s\n' "$bad" > Dockerfile
  git add . && git commit -qm bad
  echo 1 > other.txt && git add .
  expect 'regate-all checks what is not staged, too' 1 "$client" run
  says docker-add-remote
  runs 2

  start regate-system
  printf '%s\n' "$bad" > Dockerfile
  git add .
  expect 'the installed hook is installed' 0 "$client" install
  expect 'git commit is stopped' 1 git commit -qm bad
  says docker-add-remote
  printf '%s\n' "$good" > Dockerfile
  git add .
  expect 'git commit goes through' 0 git commit -qm good
}

for name in pre-commit prek; do
  if command -v "$name" > /dev/null; then
    client "$name"
  else
    echo "skip  $name is not installed"
  fi
done
if command -v pre-commit > /dev/null; then
  client=pre-commit
  expect 'the manifest is valid' 0 pre-commit validate-manifest "$root/.pre-commit-hooks.yaml"
fi
exit "$failed"
