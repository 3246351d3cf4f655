#!/usr/bin/env bash
# Runs what the templates and examples for CI systems run, on inputs that pass,
# fail and cannot be judged. By hand, offline:
#
#   REGATE=target/debug/regate tests/integrations/ci-systems.sh
#
# GitLab's template runs under the real runner's stand-in, gitlab-ci-local (npm,
# 4.61 on Node 20; needs rsync). Of the others, which nothing runs offline, the
# command is taken out of the example and run by a shell: its flags must exist
# and its status be the verdict's. Needs python3 with ruamel.yaml, `jq`, and
# `junitparser` for the report; what is missing is told and left out.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
regate=$(realpath "${REGATE:-$root/target/debug/regate}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1 HOME=$work
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
mkdir "$work/bin"
ln -s "$regate" "$work/bin/regate"
export PATH=$work/bin:$PATH
failed=0

bad='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
ADD https://example.com/tool.tar.gz /tools/
USER 10001:10001'
good='FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000
COPY tool.tar.gz /tools/
HEALTHCHECK CMD ["/tools/tool", "--ping"]
USER 10001:10001'

is() { # WHAT GOT WANTED
  if [ "$2" = "$3" ]; then echo "ok    $1"; else
    echo "FAIL  $1: [$2], wanted [$3]"
    sed 's/^/      /' "$work/out" | tail -15
    failed=1
  fi
}

# content VERDICT: a folder whose verdict that is.
content() {
  rm -rf "$work/repo"
  mkdir "$work/repo"
  cd "$work/repo"
  case $1 in
    pass) printf '%s\n' "$good" > Dockerfile ;;
    # High, so that `--fail-on high` of the examples sees it too.
    fail) printf '%s\nENV DB_PASSWORD=hunter22hunter22\n' "$bad" > Dockerfile ;;
    undecided) printf 'a: [1\n' > broken.yaml ;;
  esac
}

gitlab() { # VERDICT WORD [LINES of the job]
  local verdict=$1 wanted=$2 status=0 word
  content "$verdict"
  mkdir ci
  cp "$root/ci/gitlab/regate.gitlab-ci.yml" ci/
  printf 'include:\n  - local: ci/regate.gitlab-ci.yml\n%s\n' "${3:-}" > .gitlab-ci.yml
  printf '.gitlab-ci.yml\nci\n' > .regateignore
  git init -q && git remote add origin https://gitlab.example.com/shop/web.git && git add -A && git commit -qm "$verdict"
  gitlab-ci-local --force-shell-executor --cwd . regate > "$work/out" 2>&1 || status=$?
  # Its own status forgets `exit_codes`: whatever is allowed to fail passes. Its last lines do not.
  word=$(sed 's/\x1b\[[0-9;]*m//g' "$work/out" | sed -n 's/^ *\(PASS\|WARN\|FAIL\) *regate\( .*\)\{0,1\}$/\1/p' | tail -1)
  is "GitLab: $verdict${3:+, with status 1 allowed}" "$word" "$wanted"
  local artifacts=.gitlab-ci-local/artifacts/regate
  is "GitLab: $verdict: Code Quality is kept" "$(jq -r type $artifacts/gl-code-quality-report.json)" array
  if command -v junitparser > /dev/null; then
    is "GitLab: $verdict: JUnit is kept" "$(test -s $artifacts/regate-junit.xml && echo yes)" yes
    status=0
    junitparser verify $artifacts/regate-junit.xml > "$work/out" 2>&1 || status=$?
    is "GitLab: $verdict: JUnit says so" "$(( status != 0 ))" "$([ "$verdict" = pass ] && echo 0 || echo 1)"
  fi
}

if command -v gitlab-ci-local > /dev/null && command -v rsync > /dev/null; then
  gitlab pass PASS
  gitlab fail FAIL
  gitlab undecided FAIL
  warn=$'regate:\n  variables:\n    REGATE_FLAGS: --fail-on high\n  allow_failure:\n    exit_codes: [1]'
  gitlab fail WARN "$warn"
  gitlab undecided FAIL "$warn"
else
  echo 'skip  gitlab-ci-local or rsync is not installed'
fi

# The commands of an example, one a line.
cat > "$work/commands.py" << 'PY'
import re, sys
from ruamel.yaml import YAML

root, system = sys.argv[1:]


def load(path):
    return list(YAML(typ="safe").load_all(open(f"{root}/examples/{path}")))[0]


def container(spec):
    return "regate " + " ".join(spec["args"])


def of(system):
    if system == "azure":
        steps = load("azure/azure-pipelines.yml")["steps"]
        return [s["script"] for s in steps if s.get("displayName") == "Gate"]
    if system == "bitbucket":
        steps = load("bitbucket/bitbucket-pipelines.yml")["pipelines"]
        every = steps["default"] + [s for branch in steps["branches"].values() for s in branch]
        return ["; ".join(s["step"]["script"]) for s in every]
    if system == "circleci":
        steps = load("circleci/config.yml")["jobs"]["gate"]["steps"]
        return [s["run"]["command"] for s in steps if isinstance(s, dict) and "run" in s]
    if system == "jenkins":
        return re.findall(r"sh\(script: '([^']*)'", open(f"{root}/examples/jenkins/Jenkinsfile").read())
    if system == "tekton":
        return [container(s) for s in load("tekton/task.yaml")["spec"]["steps"] if "regate/" in s["image"]]
    if system == "argo-workflows":
        templates = load("argo-workflows/gate.yaml")["spec"]["templates"]
        return [container(t["container"]) for t in templates if "regate/" in t.get("container", {}).get("image", "")]
    job = load({"argocd": "argocd/presync-job.yaml", "kubernetes": "kubernetes/job.yaml"}[system])
    return [container(c) for c in job["spec"]["template"]["spec"]["containers"]]


commands = of(system)
assert commands, "no command in the example"
for command in commands:
    for name, value in {
        "$(Build.ArtifactStagingDirectory)": ".",
        "$(params.fail-on)": "medium",
        "{{workflow.parameters.path}}": ".",
        "/manifests": ".",
    }.items():
        command = command.replace(name, value)
    print(command)
PY

if python3 -c 'import ruamel.yaml' 2> /dev/null; then
  for system in azure jenkins circleci bitbucket argo-workflows tekton argocd kubernetes; do
    python3 "$work/commands.py" "$root" "$system" > "$work/commands"
    while IFS= read -r command; do
      for verdict in pass fail undecided; do
        content "$verdict"
        status=0
        sh -e -c "$command" > "$work/out" 2>&1 < /dev/null || status=$?
        case $verdict in pass) wanted=0 ;; fail) wanted=1 ;; *) wanted=2 ;; esac
        is "$system: $verdict" "$status" "$wanted"
      done
    done < "$work/commands"
  done
else
  echo 'skip  ruamel.yaml is not installed: the other systems'
fi
exit "$failed"
