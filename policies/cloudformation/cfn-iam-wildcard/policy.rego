# METADATA
# title: Policies do not allow everything
# description: A policy that allows `*` on `*` makes its holder an administrator.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
# custom:
#   id: cfn-iam-wildcard
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: List the actions and resources that are needed.
package regate.cloudformation.iam_wildcard

deny contains msg if {
	some name, resource in input.Resources
	some document in documents(resource)
	statement := list(document.Statement)[_]
	statement.Effect == "Allow"
	"*" in list(statement.Action)
	"*" in list(statement.Resource)
	msg := sprintf("policy of `%s` allows every action on every resource", [name])
}

documents(resource) := [policy.PolicyDocument | policy := resource.Properties.Policies[_]] if {
	resource.Type in {"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"}
}

documents(resource) := [resource.Properties.PolicyDocument] if {
	resource.Type in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}
}

# The language of policies lets a list of one stand without its brackets.
list(value) := value if is_array(value)

list(value) := [value] if not is_array(value)
