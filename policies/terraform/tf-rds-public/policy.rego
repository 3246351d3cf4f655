# METADATA
# title: Databases have no public address
# description: A database that can be reached from the internet is one password away from everyone.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
# custom:
#   id: tf-rds-public
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Set `publicly_accessible = false`.
package regate.terraform.rds_public

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_db_instance
	some block in blocks
	terraform.is_on(block, "publicly_accessible")
	msg := sprintf("database `%s` has a public address", [name])
}
