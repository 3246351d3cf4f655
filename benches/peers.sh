#!/usr/bin/env bash
# Measures regate beside conftest and Checkov on the same inputs, whole processes, in one go.
#
#   benches/peers.sh              all of it
#   RUNS=3 benches/peers.sh       fewer runs a command (default 7)
#   WITH_CHECKOV=0 …              without Checkov
#   REGATE_CORPUS=FOLDER …        takes the real Trivy report and the Kubernetes trees from there
#   REGATE=PROGRAM …              measures that binary instead of building one
#
# Go and Python 3 must be there. What is built and generated goes to a folder outside the
# repository (PEERS, default in the temporary folder), because ignore rules would hide it here.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
peers=${PEERS:-${TMPDIR:-/tmp}/regate-peers}
runs=${RUNS:-7}
inputs=$peers/inputs
trivy=${REGATE_CORPUS:+$REGATE_CORPUS/reports/trivy-goldens/alpine-39.json}
mkdir -p "$peers"

regate=${REGATE:-}
if [ -z "$regate" ]; then
	cargo build --quiet --release --manifest-path "$here/Cargo.toml"
	regate=${CARGO_TARGET_DIR:-$here/target}/release/regate
fi
conftest=$peers/conftest
[ -x "$conftest" ] || GOBIN=$peers go install github.com/open-policy-agent/conftest@latest
checkov=$peers/checkov/bin/checkov
if [ "${WITH_CHECKOV:-1}" = 1 ] && [ ! -x "$checkov" ]; then
	python3 -m venv "$peers/checkov"
	"$peers/checkov/bin/pip" install --quiet checkov
fi
rm -rf "$inputs"
python3 "$here/benches/generate.py" "$inputs" ${trivy:+"$trivy"}
cd "$inputs"

# How many findings each has: a comparison of speed means nothing while these differ.
findings() {
	title=$1 input=$2 rules=$3
	theirs=$("$conftest" test --all-namespaces -p "$rules" -o json "$input" 2>/dev/null |
		python3 -c 'import json, sys; print(sum(len(r.get("failures") or []) for r in json.load(sys.stdin)))') || true
	ours=$("$regate" check "$input" -p "$rules" -o json 2>/dev/null |
		python3 -c 'import json, sys; print(len(json.load(sys.stdin)["findings"]))') || true
	[ "$theirs" = "$ours" ] && same=equal || same=DIFFERENT
	echo "| $title | $theirs | $ours | $same |"
}

compare() {
	title=$1 input=$2 rules=$3
	python3 "$here/benches/measure.py" "$title" "$runs" \
		"regate json=$regate check $input -p $rules -o json" \
		"regate sarif=$regate check $input -p $rules -o sarif" \
		"conftest json=$conftest test --all-namespaces -p $rules -o json $input"
}

cases() {
	"$1" '1,000 manifests, 20 rules as one deny' manifests rules-deny
	"$1" '1,000 manifests, a tenth with findings, one deny' tenth rules-deny
	"$1" '1,000 manifests, 20 named rules' manifests rules-named
	"$1" 'one manifest, 20 rules' one/app.yaml rules-deny
	"$1" 'one manifest, 500 modules' one/app.yaml modules
	"$1" 'Trivy report, 10 MB, one rule' report/trivy.json rules-report
}

echo "$("$regate" --version), conftest $(go version -m "$conftest" | awk '$1 == "mod" { print $3 }'), $(nproc) processors"
echo
echo '| findings | conftest | regate | |'
echo '|---|---|---|---|'
cases findings
findings '10,000 small manifests, 40 rules' small rules-forty
echo
echo '| work | program | wall, median | wall, best | cpu | memory | times regate |'
echo '|---|---|---|---|---|---|---|'
cases compare
# conftest is slow at these, so once is enough.
python3 "$here/benches/measure.py" '10,000 small manifests, 40 rules' 3 "regate json=$regate check small -p rules-forty -o json"
python3 "$here/benches/measure.py" '10,000 small manifests, 40 rules' 1 "conftest json=$conftest test --all-namespaces -p rules-forty -o json small"
if [ "${WITH_CHECKOV:-1}" = 1 ] && [ -n "${REGATE_CORPUS:-}" ]; then
	for tree in kube-prometheus examples; do
		python3 "$here/benches/measure.py" "$tree, built-in policies" 3 \
			"regate json=$regate check $REGATE_CORPUS/kubernetes/$tree -o json" \
			"Checkov=$checkov -d $REGATE_CORPUS/kubernetes/$tree --framework kubernetes --quiet --compact -o json"
	done
fi
