# METADATA
# title: Code of strangers is not run with the rights of the repository
# description: '`pull_request_target` has the secrets of the repository; checking out the pull request lets its author run code with them.'
# related_resources:
#   - ref: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   id: gha-pull-request-target-checkout
#   severity: critical
#   kinds: [github-workflow]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: Use `pull_request`, or do not check out the head of the pull request.
package regate.github_workflow.pull_request_target_checkout

deny contains msg if {
	triggered
	some job_name, job in input.jobs
	step := job.steps[_]
	startswith(step.uses, "actions/checkout@")
	regex.match(`github\.(head_ref|event\.pull_request\.head)`, step["with"].ref)
	msg := sprintf("job `%s` checks out the code of a pull request with the rights of the repository", [job_name])
}

triggered if input.on == "pull_request_target"

triggered if "pull_request_target" in input.on

triggered if is_object(input.on.pull_request_target)

triggered if is_null(input.on.pull_request_target)
