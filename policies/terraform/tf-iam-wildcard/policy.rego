# METADATA
# title: Policies do not allow everything
# description: A policy that allows `*` on `*` makes its holder an administrator.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy
# custom:
#   id: tf-iam-wildcard
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: List the actions and resources that are needed.
package regate.terraform.iam_wildcard

deny contains msg if {
	some kind in ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"]
	some name, blocks in input.resource[kind]
	some block in blocks
	is_string(block.policy)
	json.is_valid(block.policy)
	policy := json.unmarshal(block.policy)
	statement := list(policy.Statement)[_]
	statement.Effect == "Allow"
	"*" in list(statement.Action)
	"*" in list(statement.Resource)
	msg := sprintf("%s `%s` allows every action on every resource", [kind, name])
}

deny contains msg if {
	some name, blocks in input.data.aws_iam_policy_document
	some block in blocks
	some statement in block.statement
	object.get(statement, "effect", "Allow") == "Allow"
	"*" in statement.actions
	"*" in statement.resources
	msg := sprintf("aws_iam_policy_document `%s` allows every action on every resource", [name])
}

# The language of policies lets a list of one stand without its brackets.
list(value) := value if is_array(value)

list(value) := [value] if not is_array(value)
