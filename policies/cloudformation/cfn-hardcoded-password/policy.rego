# METADATA
# title: Templates do not carry passwords
# description: A password in a template is known to everyone who can read the repository or the stack.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
# custom:
#   id: cfn-hardcoded-password
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [ia-5, ia-5.7]
#     pci-dss-4.0.1: ["8.6.2"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.5.17]
#   remediation: Use `ManageMasterUserPassword`, or a dynamic reference such as `{{resolve:secretsmanager:…}}`.
package regate.cloudformation.hardcoded_password

deny contains msg if {
	some name, resource in input.Resources
	resource.Type in {"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::Redshift::Cluster"}
	password := resource.Properties.MasterUserPassword
	is_string(password)
	not startswith(password, "{{resolve:")
	msg := sprintf("database `%s` has its password in plain text", [name])
}
