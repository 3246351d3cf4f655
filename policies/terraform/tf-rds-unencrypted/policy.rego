# METADATA
# title: Databases are encrypted
# description: Copies and discarded disks of an unencrypted database can be read.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
# custom:
#   id: tf-rds-unencrypted
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-28, sc-28.1]
#     pci-dss-4.0.1: ["3.5.1"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.8.24]
#   remediation: Set `storage_encrypted = true`.
package regate.terraform.rds_unencrypted

import data.regate.lib.terraform

deny contains msg if {
	some kind in ["aws_db_instance", "aws_rds_cluster"]
	some name, blocks in input.resource[kind]
	some block in blocks
	terraform.is_off(block, "storage_encrypted")
	not copied(block)
	msg := sprintf("database `%s` is not encrypted", [name])
}

# A copy has the encryption of what it copies.
copied(block) if {
	some field in ["replicate_source_db", "snapshot_identifier", "replication_source_identifier"]
	object.get(block, field, null) != null
}
