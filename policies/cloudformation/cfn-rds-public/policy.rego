# METADATA
# title: Databases have no public address
# description: A database that can be reached from the internet is one password away from everyone.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
# custom:
#   id: cfn-rds-public
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Set `PubliclyAccessible` to `false`.
package regate.cloudformation.rds_public

deny contains msg if {
	some name, resource in input.Resources
	resource.Type == "AWS::RDS::DBInstance"
	resource.Properties.PubliclyAccessible in [true, "true"]
	msg := sprintf("database `%s` has a public address", [name])
}
