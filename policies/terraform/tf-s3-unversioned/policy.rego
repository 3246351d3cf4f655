# METADATA
# title: Buckets keep earlier versions
# description: Without versions an overwritten or deleted object is gone.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning
# custom:
#   id: tf-s3-unversioned
#   severity: low
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [cp-9]
#     soc-2-2017: [A1.2]
#     iso-27001-2022: [A.8.13]
#   remediation: Set `status = "Enabled"` in `versioning_configuration`.
package regate.terraform.s3_unversioned

warn contains msg if {
	some name, blocks in input.resource.aws_s3_bucket_versioning
	some block in blocks
	some versioning in block.versioning_configuration
	versioning.status in {"Disabled", "Suspended"}
	msg := sprintf("versioning `%s` does not keep versions: its status is `%s`", [name, versioning.status])
}
