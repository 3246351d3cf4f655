#!/usr/bin/env bash
# The step of action.yml: gets a regate, runs it, tells the runner the verdict.
#
# Everything comes in by REGATE_* variables. Status 0 is pass, 1 fail; anything
# that is neither, a crash and a lost report included, is 2. What regate prints
# shows other people's files, so all of it is either written by its `github`
# report, which fences itself, or printed inside a fence here.
set -euo pipefail

repository=regate/regate
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d "${RUNNER_TEMP:-/tmp}/regate.XXXXXX")

# The value of a workflow command: one line, whatever is in it.
escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

output() { # NAME VALUE: a value never has a line break, `one_line` saw to that.
  printf '%s=%s\n' "$1" "$2" >> "${GITHUB_OUTPUT:-/dev/null}"
}

undecided() {
  printf '::error title=regate::%s\n' "$(escaped "$1")"
  output verdict undecided
  output exit-code 2
  exit 2
}

# Prints a file so that the runner takes no line of it for a command.
fenced() {
  [ -s "$1" ] || return 0
  local token
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat "$1"
  printf '\n::%s::\n' "$token"
}

one_line() { # INPUT VALUE
  case $2 in *$'\n'* | *$'\r'*) undecided "the input $1 must be one line" ;; esac
}

yes() { # INPUT VALUE: whether a boolean input is true.
  case $2 in
    true) return 0 ;;
    false | '') return 1 ;;
    *) undecided "the input $1 is true or false, not: $2" ;;
  esac
}

# each FLAG LINES: adds FLAG=LINE for every line that is not empty.
each() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [ -z "$line" ] || command+=("$1=$line")
  done <<< "$2"
}

target() {
  case "${RUNNER_OS:-}/${RUNNER_ARCH:-}" in
    Linux/X64) echo x86_64-unknown-linux-musl ;;
    Linux/ARM64) echo aarch64-unknown-linux-musl ;;
    macOS/X64) echo x86_64-apple-darwin ;;
    macOS/ARM64) echo aarch64-apple-darwin ;;
    Windows/X64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

sha256() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# Sets `regate` to the program of release $1. Nothing is run before its sum is right.
download() {
  local version=$1 name sum archive=$scratch/archive.tar.gz
  case $version in *[!0-9A-Za-z.-]* | '') undecided "no such version: $version" ;; esac
  name=regate-v$version-$(target) || undecided "there is no release for ${RUNNER_OS:-?} on ${RUNNER_ARCH:-?}: install regate and give bin-path"
  sum=$(awk -v name="$name.tar.gz" '$2 == name { print $1 }' "$here/checksums.txt")
  [ -n "$sum" ] || undecided "action/checksums.txt has no $name.tar.gz: use another version, or install regate and give bin-path"
  curl --proto '=https' --tlsv1.2 -fsSL --retry 3 -o "$archive" \
    "https://github.com/$repository/releases/download/v$version/$name.tar.gz" || undecided "$name.tar.gz can't be downloaded"
  [ "$(sha256 "$archive")" = "$sum" ] || undecided "$name.tar.gz is not the file that action/checksums.txt names"
  if command -v gh > /dev/null && [ -n "${REGATE_TOKEN:-}" ]; then
    GH_TOKEN=$REGATE_TOKEN gh attestation verify "$archive" --repo "$repository" > "$scratch/gh" 2>&1 || {
      fenced "$scratch/gh"
      undecided "$name.tar.gz has no valid attestation"
    }
  fi
  tar -xzf "$archive" -C "$scratch" || undecided "$name.tar.gz can't be unpacked"
  regate=$scratch/$name/regate
  [ "${RUNNER_OS:-}" != Windows ] || regate+=.exe
}

# `bin-path`, else PATH unless it has another version than was asked for, else the pinned release.
find_regate() {
  local wanted=${REGATE_WANTED_VERSION:-} found
  if [ -n "${REGATE_BIN_PATH:-}" ]; then
    [ -x "$REGATE_BIN_PATH" ] || undecided "bin-path is no program: $REGATE_BIN_PATH"
    regate=$(cd "$(dirname "$REGATE_BIN_PATH")" && pwd)/$(basename "$REGATE_BIN_PATH")
  elif found=$(command -v regate) && { [ -z "$wanted" ] || [ "$("$found" --version)" = "regate $wanted" ]; }; then
    regate=$found
  else
    download "${wanted:-$(cat "$here/version")}"
  fi
  version=$("$regate" --version 2> /dev/null) || undecided "$regate does not run"
  version=${version#regate }
  [ -z "$wanted" ] || [ "$version" = "$wanted" ] || undecided "$regate is version $version, not $wanted"
}

# The revision that `changed-only` compares with.
base() {
  local ref=${REGATE_BASE_REF:-${GITHUB_BASE_REF:-}}
  [ -n "$ref" ] || undecided 'changed-only needs base-ref outside of pull requests'
  one_line base-ref "$ref"
  if git rev-parse -q --verify "refs/remotes/origin/$ref^{commit}" > /dev/null 2>&1; then
    base=refs/remotes/origin/$ref
  elif git rev-parse -q --verify "$ref^{commit}" > /dev/null 2>&1; then
    base=$ref
  else
    undecided "base-ref is not in this clone: $ref; check out with fetch-depth: 0"
  fi
}

# Percent-encodes what may not stand in a URI path as it is.
uri() {
  local LC_ALL=C text=$1 i char
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    case $char in
      [A-Za-z0-9._~/-]) printf '%s' "$char" ;;
      *) printf '%%%02X' "'$char" ;;
    esac
  done
}

# The runner wants paths from the top of the workspace; regate names them from where it ran.
set_prefix() {
  local top
  top=$(cd "${GITHUB_WORKSPACE:-$PWD}" && pwd -P)
  prefix=$(pwd -P)
  case $prefix/ in
    "$top"/) prefix= ;;
    "$top"/*) prefix=${prefix#"$top"/}/ ;;
    *) prefix= ;;
  esac
}

for_sed() { # Escapes a replacement for sed with `|` between its parts.
  printf '%s' "$1" | sed 's/[\\&|]/\\&/g'
}

# Annotations name files by `file=`; the title before it is escaped and has no comma.
rebase_annotations() {
  local text=${prefix//'%'/%25}
  text=${text//:/%3A}
  sed "s|^\(::[a-z]* title=[^,:]*,file=\)|\1$(for_sed "${text//,/%2C}")|" "$1"
}

# Inside of a JSON string every quote is escaped, so this matches keys only.
rebase_sarif() {
  local uri
  uri=$(for_sed "$(uri "$prefix")")
  sed "s|\"uri\": *\"\([^\"]*\)\",\"uriBaseId\": *\"SRCROOT\"|\"uri\":\"$uri\1\",\"uriBaseId\":\"SRCROOT\"|g" "$1" > "$scratch/sarif"
  cat "$scratch/sarif" > "$1"
}

build_command() {
  command=("$regate" check --no-progress "--output=json=$report")
  if yes annotations "${REGATE_ANNOTATIONS:-true}"; then command+=(--output=github); else command+=(--output=human); fi
  if yes summary "${REGATE_SUMMARY:-true}"; then command+=("--output=markdown=$scratch/summary"); fi
  if [ -n "$sarif" ]; then command+=("--output=sarif=$sarif"); fi
  if [ -n "${REGATE_CONFIG_FILE:-}" ]; then command+=("--config=$REGATE_CONFIG_FILE"); fi
  if [ -n "${REGATE_FAIL_ON:-}" ]; then command+=("--fail-on=$REGATE_FAIL_ON"); fi
  if yes changed-only "${REGATE_CHANGED_ONLY:-}"; then
    base
    # A change that touches nothing to check is fine.
    command+=("--changed=$base" --allow-empty)
  fi
  each --policy "${REGATE_POLICY:-}"
  each --data "${REGATE_DATA:-}"
  local line
  while IFS= read -r line; do [ -z "$line" ] || command+=("${line%$'\r'}"); done <<< "${REGATE_ARGS:-}"
  command+=(--)
  while IFS= read -r line; do [ -z "$line" ] || command+=("${line%$'\r'}"); done <<< "${REGATE_PATHS:-.}"
}

number() { # KEY: a count of the report. Its keys stand alone on their lines, findings never do.
  sed -n "s/^    \"$1\": \([0-9]*\),\{0,1\}\$/\1/p" "$report"
}

show() {
  if yes annotations "${REGATE_ANNOTATIONS:-true}"; then rebase_annotations "$scratch/stdout"; else fenced "$scratch/stdout"; fi
  fenced "$scratch/stderr"
  if [ -s "$scratch/summary" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$scratch/summary" >> "$GITHUB_STEP_SUMMARY"; fi
  if [ -n "$sarif" ] && [ -n "$prefix" ] && [ -s "$sarif" ]; then rebase_sarif "$sarif"; fi
}

one_line sarif-file "${REGATE_SARIF_FILE:-}"
one_line report-file "${REGATE_REPORT_FILE:-}"
one_line working-directory "${REGATE_WORKING_DIRECTORY:-}"
regate='' version='' base='' prefix='' command=()
find_regate
cd "${REGATE_WORKING_DIRECTORY:-.}" || undecided "there is no such working-directory: ${REGATE_WORKING_DIRECTORY:-}"
set_prefix
report=${REGATE_REPORT_FILE:-$scratch/report.json}
sarif=${REGATE_SARIF_FILE:-}
# A report of an earlier run must not be taken for this one's.
rm -f -- "$report" || undecided "report-file can't be written: $report"
build_command

# REGATE_CONFIG is read by regate itself; the input is what counts here.
status=0
env -u REGATE_CONFIG -u REGATE_TOKEN "${command[@]}" > "$scratch/stdout" 2> "$scratch/stderr" < /dev/null || status=$?
show

verdict=$(sed -n 's/^  "status": "\([a-z]*\)",$/\1/p' "$report" 2> /dev/null || true)
case $status/$verdict in
  0/pass | 1/fail | 2/undecided) ;;
  *)
    [ "$status" = 2 ] || printf '::error title=regate::it ended with status %s and no report that agrees\n' "$status"
    verdict=undecided
    status=2
    ;;
esac
failing=0 minor=0 errors=0
if [ -s "$report" ]; then
  failing=$(number failing) minor=$(number minor) errors=$(number errors)
fi
case $report in /*) ;; *) report=$prefix$report ;; esac
case $sarif in /* | '') ;; *) sarif=$prefix$sarif ;; esac
output verdict "$verdict"
output exit-code "$status"
output findings "$((${failing:-0} + ${minor:-0}))"
output errors "$((${failing:-0} + ${errors:-0}))"
output warnings "${minor:-0}"
output sarif-file "$sarif"
output report-file "$report"
output version "$version"

if [ "$status" = 1 ] && yes soft-fail "${REGATE_SOFT_FAIL:-}"; then
  echo '::notice title=regate::the gate fails; soft-fail lets the step pass'
  status=0
fi
exit "$status"
