# METADATA
# title: Keys are rotated
# description: The longer one key is in use, the more it opens when it leaks.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
# custom:
#   id: tf-kms-no-rotation
#   severity: medium
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-12]
#     pci-dss-4.0.1: ["3.7.4"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.8.24]
#   remediation: Set `enable_key_rotation = true`.
package regate.terraform.kms_no_rotation

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_kms_key
	some block in blocks
	terraform.is_off(block, "enable_key_rotation")
	object.get(block, "customer_master_key_spec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
	object.get(block, "key_usage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
	msg := sprintf("key `%s` is not rotated", [name])
}
