# METADATA
# title: Disks are encrypted
# description: Snapshots of an unencrypted disk can be read by whoever they are shared with.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume
# custom:
#   id: tf-ebs-unencrypted
#   severity: medium
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-28, sc-28.1]
#     pci-dss-4.0.1: ["3.5.1"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.8.24]
#   remediation: Set `encrypted = true`.
package regate.terraform.ebs_unencrypted

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_ebs_volume
	some block in blocks
	terraform.is_off(block, "encrypted")
	object.get(block, "snapshot_id", null) == null
	msg := sprintf("disk `%s` is not encrypted", [name])
}
