package regate.terraform.iam_wildcard_test

import data.regate.terraform.iam_wildcard

test_a_fault_is_found if {
	iam_wildcard.deny == {"aws_iam_policy `deployer` allows every action on every resource"} with input as {
		"resource": {
			"aws_iam_policy": {
				"deployer": [
					{
						"name": "deployer",
						"policy": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\" }]\n}\n",
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	iam_wildcard.deny == set() with input as {
		"resource": {
			"aws_iam_policy": {
				"deployer": [
					{
						"name": "deployer",
						"policy": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"ecs:UpdateService\", \"Resource\": \"arn:aws:ecs:eu-central-1:111122223333:service/shop/*\" }]\n}\n",
					},
				],
			},
		},
	}
}

test_a_policy_document_is_read_too[name] if {
	some name, case in {
		"allowed by default": {"statement": {"actions": ["*"], "resources": ["*"]}, "want": 1},
		"denied": {"statement": {"effect": "Deny", "actions": ["*"], "resources": ["*"]}, "want": 0},
		"one action": {"statement": {"actions": ["s3:GetObject"], "resources": ["*"]}, "want": 0},
	}
	found := iam_wildcard.deny with input as {"data": {"aws_iam_policy_document": {"all": [{"statement": [case.statement]}]}}}
	count(found) == case.want
}
