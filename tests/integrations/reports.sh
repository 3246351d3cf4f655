#!/usr/bin/env bash
# Reads regate's reports with other people's readers. By hand:
#
#   REGATE=target/debug/regate REGATE_CORPUS=corpus NODE_MODULES=node_modules tests/integrations/reports.sh
#
# Needs `check-jsonschema`, `sarif` (PyPI sarif-tools), `junitparser` and `jq` on
# PATH, and npm's @microsoft/sarif-multitool and @actions/core in NODE_MODULES
# (installed with --ignore-scripts).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
regate=$(realpath "${REGATE:-$root/target/debug/regate}")
corpus=$(realpath "${REGATE_CORPUS:?the folder of sample inputs}")
modules=$(realpath "${NODE_MODULES:?a node_modules folder}")
multitool=$modules/@microsoft/sarif-multitool-linux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
failed=0
cd "$work"

ok() { echo "ok    $1"; }
no() { echo "FAIL  $1"; failed=1; }
expect() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@" > out 2>&1; then ok "$what"; else no "$what"; tail -5 out; fi
}

# A policy whose messages carry what is awkward somewhere, and every character up to U+30FF and beside it.
mkdir hostile
python3 - > hostile/all.rego << 'PY'
import json, os

every = [chr(c) for c in range(0x3100)] + [chr(c) for c in range(0xD7FC, 0x11000) if not 0xD800 <= c < 0xE000]
every += [chr(c) for plane in range(1, 17) for c in (plane << 16, (plane << 16) + 0xFFFD, (plane << 16) + 0xFFFE, (plane << 16) + 0xFFFF)]
every += [chr(c) for c in range(0xE0000, 0xE0080)]
messages = ["".join(every[at:at + 64]) for at in range(0, len(every), 64)]
# Alone, at an end, in the middle of a word; long; empty.
for character in "\0\t\n\r\x1b\x85\u2028\u2029\ufeff\u202e%:,;|'\"`<>&[]{}()\\#*_~$ ":
    messages += [character, character + "a", "a" + character, "a" + character + "a"]
messages += ["x" * 100_000, "é" * 5_000, "${{ secrets.X }}", "]]>", "<![CDATA[", "%25%0A%0D", "::stop-commands::x", "\\n\\r\\t", ""]
policy = "package awkward.all\nimport rego.v1\ndeny contains m if {{\n\tsome m in {}\n}}\n"
print(policy.format(json.dumps(messages)))
# A runner shows ten: so that each of them is shown once, ten a policy.
for at in range(0, len(messages), 10):
    os.makedirs(f"tens/{at}")
    with open(f"tens/{at}/p.rego", "w") as file:
        file.write(policy.format(json.dumps(messages[at:at + 10])))
PY
cat > hostile/p.rego <<'REGO'
package awkward
import rego.v1
deny contains m if {
	some m in ["a <b> & \"c\" ]]> d", "x\u0000y\u001b[31m\u0007z", "line\nline\r\nline", "% %0A :: , ;|' [ ]", "é 𝄞 \u202e \ufffe", "::error::x", "##vso[task.complete result=Succeeded]"]
}
REGO

python=$(command -v python3)
binary=$(find "$multitool" -type f -name 'Sarif.Multitool' | head -1)
cp -r "$multitool" tool
binary=tool/${binary#"$multitool"/}
chmod u+x "$binary"

# Its exit status says nothing: it passes what it can't read. So the schema is
# asked first, and the errors are counted in the file that it writes.
multitool() { "$binary" validate "$1" --output checked.sarif --log ForceOverwrite --rule-kind 'Sarif;Ghas' > out 2>&1 || true; }
errors() { jq '[.runs[].results[] | select(.level == "error")] | length' checked.sarif; }

sarif_of() { # NAME
  local file=$1.sarif
  expect "$1: SARIF by the schema" check-jsonschema --schemafile "$multitool/sarif-2.1.0.json" "$file"
  rm -f checked.sarif
  multitool "$file"
  if [ -s checked.sarif ] && [ "$(errors)" = 0 ]; then
    ok "$1: SARIF by the multitool; notes: $(jq -c '[.runs[].results[].ruleId] | group_by(.) | map({(.[0]): length}) | add' checked.sarif)"
  else
    no "$1: SARIF by the multitool"
    jq -r '.runs[].results[] | select(.level == "error") | .ruleId + " " + (.message | tostring)' checked.sarif 2> /dev/null | sort | uniq -c | head || tail -3 out
  fi
  expect "$1: SARIF by sarif-tools" sarif summary "$file"
  local results
  results=$(jq '.runs[0].results | length' "$file")
  if [ "$results" = "$(jq '.findings | length' "$1.json")" ]; then ok "$1: SARIF has all $results findings"; else no "$1: SARIF has $results findings"; fi
}

junit_of() { # NAME
  cat > junit.py <<'PY'
import sys, json
from junitparser import JUnitXml
report = JUnitXml.fromfile(sys.argv[1])
cases = [case for suite in report for case in suite]
assert cases, "no cases"
bad = sum(1 for case in cases if any(type(r).__name__ in ("Failure", "Error") for r in case.result))
assert report.failures + report.errors == bad, (report.failures, report.errors, bad)
print(len(cases), "cases", bad, "bad")
PY
  expect "$1: JUnit by junitparser" "$python" junit.py "$1.xml"
  if [ -s out ]; then sed 's/^/      /' out; fi
}

gitlab_of() { # NAME
  cat > codequality.schema.json <<'JSON'
{"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": {"type": "object",
 "required": ["description", "check_name", "fingerprint", "severity", "location"],
 "properties": {"description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "minLength": 1},
  "fingerprint": {"type": "string", "minLength": 1}, "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
  "location": {"type": "object", "required": ["path", "lines"], "properties": {
   "path": {"type": "string", "pattern": "^(?!\\./|/)"},
   "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}}}}}}
JSON
  expect "$1: Code Quality by its documented fields" check-jsonschema --schemafile codequality.schema.json "$1.gitlab.json"
  if [ "$(jq '([.[].fingerprint] | unique | length) == length' "$1.gitlab.json")" = true ]; then ok "$1: fingerprints are unique"; else no "$1: fingerprints are unique"; fi
}

report() { # NAME ARGS...
  local name=$1 status=0
  shift
  "$regate" check --no-progress --isolated "-ojson=$name.json" "-osarif=$name.sarif" "-ojunit=$name.xml" "-ogitlab=$name.gitlab.json" "-ogithub=$name.github" "$@" > /dev/null 2> err || status=$?
  case $status in 0 | 1 | 2) ok "$name: regate gave $status, $(jq '.findings | length' "$name.json") findings" ;; *) no "$name: regate gave $status"; cat err ;; esac
  expect "$name: JSON by our schema" check-jsonschema --schemafile "$root/schemas/report.schema.json" "$name.json"
  sarif_of "$name"
  junit_of "$name"
  gitlab_of "$name"
}

ln -s "$root/policies" policies
report policies policies --policy builtin:all
mkdir 'in put'
printf 'a: 1\n' > 'in put/x y,z%41;é.yaml'
report awkward 'in put' --policy hostile
ln -s "$corpus" corpus
report corpus corpus --policy builtin:all

# The unit tests of policies: one suite that passes, one with everything that can go wrong in its texts.
"$regate" test --isolated builtin:all -o junit=tests.xml > /dev/null
junit_of tests
mkdir failing
printf 'package f\n\ntest_x if "a ]]> \\u0000\\u001b\\ufffe <b>" == input.x with input as {"x": "\\u202e & \\n::error::x"}\n\ntest_c[n] if {\n\tsome n in ["]]>", "\\u0007"]\n\tprint("\\u0000 ]]> <c>", n)\n\tfalse\n}\n' > failing/f.rego
"$regate" test --isolated failing -o junit=failing.xml -o json=failing.json > /dev/null || true
junit_of failing
expect 'failing: JSON by our schema' check-jsonschema --schemafile "$root/schemas/tests.schema.json" failing.json

# The commands for GitHub, as @actions/core would write the same values.
cat > escape.cjs <<JS
const fs = require("fs");
const core = require("$modules/@actions/core/lib/command.js");
JS
cat >> escape.cjs <<'JS'
const unescape = (text, pairs) => pairs.reduce((text, [from, to]) => text.replaceAll(from, to), text);
const data = [["%0D", "\r"], ["%0A", "\n"], ["%25", "%"]], property = [["%0D", "\r"], ["%0A", "\n"], ["%3A", ":"], ["%2C", ","], ["%25", "%"]];
let fence = null, seen = 0;
for (const line of fs.readFileSync(process.argv[2], "utf8").split("\n")) {
  if (fence) { if (line === `::${fence}::`) fence = null; continue; }
  const stop = line.match(/^::stop-commands::(.+)$/);
  if (stop) { fence = stop[1]; continue; }
  if (line === "") continue;
  const [, name, props, text] = line.match(/^::(\w+)(?: ([^:]*))?::(.*)$/) ?? [];
  if (!name) throw new Error("not a command: " + line);
  const values = Object.fromEntries((props ?? "").split(",").filter(Boolean).map(p => { const at = p.indexOf("="); return [p.slice(0, at), unescape(p.slice(at + 1), property)]; }));
  let written = "";
  process.stdout.write = chunk => { written += chunk; return true; };
  core.issueCommand(name, values, unescape(text, data));
  delete process.stdout.write;
  if (written.replace(/\r?\n$/, "") !== line) throw new Error(`${line}\n  is not\n${written}`);
  seen++;
}
if (fence || !seen) throw new Error("no commands, or an open fence");
JS
for folder in tens/*/; do
  "$regate" check --no-progress --isolated -ogithub 'in put' --policy "$folder" 2> /dev/null | grep -v '^::notice::regate: ' || true
done > tens.github
is_ten=$(grep -c '^::error ' tens.github || true)
if [ "$is_ten" -ge 500 ]; then ok "$is_ten awkward messages as GitHub commands"; else no "$is_ten awkward messages as GitHub commands"; fi
for name in policies awkward corpus tens; do
  expect "$name: GitHub commands as @actions/core escapes them" node escape.cjs "$name.github"
done

# The readers must be able to say no.
jq '.runs[0].results[0].level = "bad"' awkward.sarif > broken.sarif
if check-jsonschema --schemafile "$multitool/sarif-2.1.0.json" broken.sarif > /dev/null 2>&1; then no 'the schema refuses a bad level'; else ok 'the schema refuses a bad level'; fi
jq '.runs[0].results[0].ruleIndex = 999' awkward.sarif > broken.sarif
rm -f checked.sarif
multitool broken.sarif
if [ -s checked.sarif ] && [ "$(errors)" != 0 ]; then ok 'the multitool refuses a bad index'; else no 'the multitool refuses a bad index'; fi
printf '::error title=a:b::c\n' > broken.github
if node escape.cjs broken.github > /dev/null 2>&1; then no 'a badly escaped command is refused'; else ok 'a badly escaped command is refused'; fi
exit "$failed"
