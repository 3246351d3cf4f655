# METADATA
# title: The audit trail covers all regions and cannot be altered unseen
# description: What an intruder does in a region without a trail leaves no record.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
# custom:
#   id: tf-cloudtrail-incomplete
#   severity: medium
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [au-2, au-12]
#     pci-dss-4.0.1: ["10.2.1"]
#     soc-2-2017: [CC7.2]
#     iso-27001-2022: [A.8.15]
#   remediation: Set `is_multi_region_trail` and `enable_log_file_validation` to `true`.
package regate.terraform.cloudtrail_incomplete

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_cloudtrail
	some block in blocks
	some switch in ["is_multi_region_trail", "enable_log_file_validation"]
	terraform.is_off(block, switch)
	msg := sprintf("trail `%s` leaves `%s` off", [name, switch])
}
