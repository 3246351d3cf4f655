# METADATA
# title: Databases are encrypted
# description: Copies and discarded disks of an unencrypted database can be read.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
# custom:
#   id: cfn-rds-unencrypted
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [sc-28, sc-28.1]
#     pci-dss-4.0.1: ["3.5.1"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.8.24]
#   remediation: Set `StorageEncrypted` to `true`.
package regate.cloudformation.rds_unencrypted

deny contains msg if {
	some name, resource in input.Resources
	resource.Type in {"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"}
	object.get(resource, ["Properties", "StorageEncrypted"], false) in [false, "false"]
	not inherits(resource.Properties)
	msg := sprintf("database `%s` is not encrypted", [name])
}

# A member of a cluster and a copy have the encryption of where they come from.
inherits(properties) if {
	some field in ["DBClusterIdentifier", "DBSnapshotIdentifier", "SnapshotIdentifier", "SourceDBInstanceIdentifier"]
	object.get(properties, field, null) != null
}
