#!/usr/bin/env bash
# Reads the workflows, the action, the templates and the examples with other
# people's linters and schemas. By hand, offline:
#
#   tests/integrations/lint.sh
#
# Needs on PATH `actionlint` (Go module github.com/rhysd/actionlint), `zizmor`, `check-jsonschema` and `shellcheck`
# (PyPI); what is missing is told and left out. With `SCHEMAS`, a folder, also
# the schemas that no package has:
#   argo.json     api/jsonschema/schema.json of argoproj/argo-workflows
#   tekton.yaml   config/300-crds/300-task.yaml of tektoncd/pipeline
# and with `python3 -m kubernetes_validate` (PyPI kubernetes-validate) the Jobs.
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

expect() { # TOOL WHAT COMMAND...
  local tool=$1 what=$2
  shift 2
  if ! command -v "$tool" > /dev/null; then
    echo "skip  $tool is not installed: $what"
  elif "$@" > "$work/out" 2>&1; then
    echo "ok    $what"
  else
    echo "FAIL  $what"
    sed 's/^/      /' "$work/out" | head -30
    failed=1
  fi
}

refuses() { # TOOL WHAT COMMAND...: the linter must be able to say no.
  local tool=$1 what=$2
  shift 2
  command -v "$tool" > /dev/null || return 0
  if "$@" > /dev/null 2>&1; then
    echo "FAIL  $what is not refused"
    failed=1
  else
    echo "ok    $what is refused"
  fi
}

workflows=(.github/workflows/*.yml examples/github/*.yml)
for file in "${workflows[@]}"; do
  expect actionlint "actionlint: $file" actionlint "$file"
done
expect check-jsonschema 'schema: the workflows' check-jsonschema --builtin-schema vendor.github-workflows "${workflows[@]}"
expect check-jsonschema 'schema: action.yml' check-jsonschema --builtin-schema vendor.github-actions action.yml
# The commit of the release stands in the examples as zeros, which no audit can look up.
expect zizmor 'zizmor: the workflows, the action and the examples' \
  zizmor --offline action.yml "${workflows[@]}"
expect check-jsonschema 'schema: the GitLab template' \
  check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci ci/gitlab/regate.gitlab-ci.yml examples/gitlab/.gitlab-ci.yml
expect check-jsonschema 'schema: Azure Pipelines' \
  check-jsonschema --regex-variant python --builtin-schema vendor.azure-pipelines --data-transform azure-pipelines examples/azure/azure-pipelines.yml
expect check-jsonschema 'schema: Bitbucket Pipelines' \
  check-jsonschema --builtin-schema vendor.bitbucket-pipelines examples/bitbucket/bitbucket-pipelines.yml
expect check-jsonschema 'schema: CircleCI' check-jsonschema --builtin-schema vendor.circle-ci examples/circleci/config.yml
expect shellcheck 'shellcheck: the scripts' shellcheck action/run.sh npm/platform.sh .ci/run tests/integrations/*.sh

sed 's/runs:/runz:/' action.yml > "$work/action.yml"
refuses check-jsonschema 'a broken action.yml' check-jsonschema --builtin-schema vendor.github-actions "$work/action.yml"
sed 's/needs: \[build, sbom\]/needs: [nothing]/' .github/workflows/release.yml > "$work/broken.yml"
refuses actionlint 'a job that needs a job that is not there' actionlint "$work/broken.yml"

if python3 -c 'import kubernetes_validate' 2> /dev/null; then
  for file in examples/kubernetes/job.yaml examples/argocd/presync-job.yaml; do
    expect python3 "schema: $file" python3 -m kubernetes_validate --strict "$file"
  done
  sed 's/backoffLimit: 0/backoffLimit: none/' examples/kubernetes/job.yaml > "$work/job.yaml"
  refuses python3 'a broken Job' python3 -m kubernetes_validate --strict "$work/job.yaml"
else
  echo 'skip  kubernetes-validate is not installed: the Jobs'
fi

if [ -n "${SCHEMAS:-}" ]; then
  # Argo's schema has one definition for each kind.
  jq '. + {"$ref": "#/definitions/io.argoproj.workflow.v1alpha1.WorkflowTemplate"} | del(.oneOf)' "$SCHEMAS/argo.json" > "$work/argo.json"
  expect check-jsonschema 'schema: Argo Workflows' check-jsonschema --schemafile "$work/argo.json" examples/argo-workflows/gate.yaml
  sed 's/entrypoint: gated/entrypoint: [gated]/' examples/argo-workflows/gate.yaml > "$work/gate.yaml"
  refuses check-jsonschema 'a broken WorkflowTemplate' check-jsonschema --schemafile "$work/argo.json" "$work/gate.yaml"
  python3 - "$SCHEMAS/tekton.yaml" > "$work/tekton.json" << 'PY'
import json, sys
from ruamel.yaml import YAML

crd = YAML(typ="safe").load(open(sys.argv[1]))
[schema] = [v["schema"]["openAPIV3Schema"] for v in crd["spec"]["versions"] if v["name"] == "v1"]


def close(node):
    """A field that the API does not know is dropped in silence: here it is an error."""
    if isinstance(node, dict):
        if "properties" in node and not node.get("x-kubernetes-preserve-unknown-fields"):
            node.setdefault("additionalProperties", False)
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


close(schema["properties"]["spec"])
json.dump(schema, sys.stdout)
PY
  expect check-jsonschema 'schema: Tekton' check-jsonschema --schemafile "$work/tekton.json" examples/tekton/task.yaml
  sed 's/onError: continue/onErorr: continue/' examples/tekton/task.yaml > "$work/task.yaml"
  refuses check-jsonschema 'a broken Task' check-jsonschema --schemafile "$work/tekton.json" "$work/task.yaml"
else
  echo 'skip  SCHEMAS is not set: Argo Workflows, Tekton'
fi
exit "$failed"
