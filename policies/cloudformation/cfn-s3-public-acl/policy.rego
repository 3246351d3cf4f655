# METADATA
# title: Buckets are not public by their ACL
# description: A public ACL lets everyone list, read or write the bucket.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
# custom:
#   id: cfn-s3-public-acl
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [ac-3, sc-7]
#     pci-dss-4.0.1: ["1.3.1"]
#     soc-2-2017: [CC6.1, CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Remove `AccessControl`, and set `PublicAccessBlockConfiguration`.
package regate.cloudformation.s3_public_acl

deny contains msg if {
	some name, resource in input.Resources
	resource.Type == "AWS::S3::Bucket"
	resource.Properties.AccessControl in {"PublicRead", "PublicReadWrite"}
	msg := sprintf("bucket `%s` has the public ACL `%s`", [name, resource.Properties.AccessControl])
}
