# METADATA
# title: Instances ask for a token before they tell their credentials
# description: Without tokens a server that can be made to fetch a URL gives away the credentials of its instance.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance
# custom:
#   id: tf-imdsv1-allowed
#   severity: medium
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [cm-6]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Set `http_tokens = "required"` in `metadata_options`.
package regate.terraform.imdsv1_allowed

deny contains msg if {
	some kind in ["aws_instance", "aws_launch_template"]
	some name, blocks in input.resource[kind]
	some block in blocks
	some options in object.get(block, "metadata_options", [])
	object.get(options, "http_tokens", "optional") == "optional"
	object.get(options, "http_endpoint", "enabled") != "disabled"
	msg := sprintf("%s `%s` answers metadata requests without a token", [kind, name])
}
