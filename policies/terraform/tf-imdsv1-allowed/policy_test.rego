package regate.terraform.imdsv1_allowed_test

import data.regate.terraform.imdsv1_allowed

test_a_fault_is_found if {
	imdsv1_allowed.deny == {"aws_instance `bastion` answers metadata requests without a token"} with input as {
		"resource": {
			"aws_instance": {
				"bastion": [
					{
						"ami": "ami-0123456789abcdef0",
						"instance_type": "t3.micro",
						"metadata_options": [{"http_tokens": "optional"}],
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	imdsv1_allowed.deny == set() with input as {
		"resource": {
			"aws_instance": {
				"bastion": [
					{
						"ami": "ami-0123456789abcdef0",
						"instance_type": "t3.micro",
						"metadata_options": [{"http_tokens": "required"}],
					},
				],
			},
		},
	}
}
