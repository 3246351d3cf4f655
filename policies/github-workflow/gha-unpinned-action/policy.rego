# METADATA
# title: Actions are pinned to a commit
# description: A tag can be moved to other code at any time; a commit cannot.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   id: gha-unpinned-action
#   severity: medium
#   kinds: [github-workflow]
#   controls:
#     nist-800-53-r5: [si-7, sr-3]
#     pci-dss-4.0.1: ["6.3.2"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.5.21]
#   remediation: 'Use the full commit, with the version in a comment: `uses: actions/checkout@<commit> # v4.2.2`.'
package regate.github_workflow.unpinned_action

deny contains msg if {
	some job_name, job in input.jobs
	uses := references(job)[_]
	not startswith(uses, "./")
	not startswith(uses, "docker://")
	not regex.match(`@[0-9a-f]{40}$`, uses)
	msg := sprintf("job `%s` uses `%s`, which is not pinned to a commit", [job_name, uses])
}

# A job uses actions in its steps, or is one reusable workflow as a whole.
references(job) := array.concat(
	[uses | uses := job.steps[_].uses],
	[uses | uses := job.uses],
)
