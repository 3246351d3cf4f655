# METADATA
# title: Configuration does not carry passwords
# description: A password in the configuration is known to everyone who can read the repository or the state.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
# custom:
#   id: tf-hardcoded-password
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [ia-5, ia-5.7]
#     pci-dss-4.0.1: ["8.6.2"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.5.17]
#   remediation: Use `manage_master_user_password`, or a variable without default that is set when Terraform runs.
package regate.terraform.hardcoded_password

import data.regate.lib.terraform

deny contains msg if {
	some kind, resources in input.resource
	some name, blocks in resources
	some block in blocks
	some field in ["password", "master_password", "admin_password", "auth_token", "secret_string"]
	value := block[field]
	is_string(value)
	value != ""
	terraform.is_known(value)
	msg := sprintf("%s `%s` has its `%s` in plain text", [kind, name, field])
}
