# METADATA
# title: Workflows say which rights they need
# description: Without `permissions` the token has the rights of the repository setting, which may be to write everything.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   id: gha-no-permissions
#   severity: low
#   kinds: [github-workflow]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: 'Add `permissions: {contents: read}` at the top.'
package regate.github_workflow.no_permissions

warn contains msg if {
	object.get(input, "permissions", null) == null
	some job_name, job in input.jobs
	object.get(job, "permissions", null) == null
	msg := sprintf("job `%s` does not say which rights it needs", [job_name])
}
