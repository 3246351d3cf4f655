# METADATA
# title: Scripts do not contain what strangers write
# description: A title or a branch name is put into the script before the shell reads it, so its author can run commands.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   id: gha-script-injection
#   severity: high
#   kinds: [github-workflow]
#   controls:
#     nist-800-53-r5: [cm-6]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Set the value in `env` and use it in the script as a quoted variable.
package regate.github_workflow.script_injection

deny contains msg if {
	some job_name, job in input.jobs
	run := job.steps[_].run
	some expression in regex.find_n(`\$\{\{[^}]*\}\}`, run, -1)
	regex.match(untrusted, expression)
	msg := sprintf("job `%s` puts `%s` into a script", [job_name, expression])
}

# What people without rights in the repository can choose.
untrusted := `github\.(head_ref|event\.(.*\.)?(title|body|message|name|email|label|ref|default_branch|page_name))\b`
