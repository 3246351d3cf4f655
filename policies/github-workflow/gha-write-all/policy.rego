# METADATA
# title: Workflows do not ask for all rights
# description: With `write-all` every step and every action in the workflow can change code, releases and packages.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   id: gha-write-all
#   severity: high
#   kinds: [github-workflow]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: 'List the rights that are needed, `contents: read` first.'
package regate.github_workflow.write_all

deny contains "the workflow asks for all rights with `permissions: write-all`" if input.permissions == "write-all"

deny contains msg if {
	some job_name, job in input.jobs
	job.permissions == "write-all"
	msg := sprintf("job `%s` asks for all rights with `permissions: write-all`", [job_name])
}
