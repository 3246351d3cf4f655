package regate.terraform.ebs_unencrypted_test

import data.regate.terraform.ebs_unencrypted

test_a_fault_is_found if {
	ebs_unencrypted.deny == {"disk `search` is not encrypted"} with input as {
		"resource": {"aws_ebs_volume": {"search": [{"availability_zone": "eu-central-1a", "size": 100}]}},
	}
}

test_a_mended_document_passes if {
	ebs_unencrypted.deny == set() with input as {
		"resource": {
			"aws_ebs_volume": {"search": [{"availability_zone": "eu-central-1a", "encrypted": true, "size": 100}]},
		},
	}
}
