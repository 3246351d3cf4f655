package regate.terraform.kms_no_rotation_test

import data.regate.terraform.kms_no_rotation

test_a_fault_is_found if {
	kms_no_rotation.deny == {"key `shop` is not rotated"} with input as {
		"resource": {
			"aws_kms_key": {"shop": [{"description": "Key of the shop", "enable_key_rotation": false}]},
		},
	}
}

test_a_mended_document_passes if {
	kms_no_rotation.deny == set() with input as {
		"resource": {"aws_kms_key": {"shop": [{"description": "Key of the shop", "enable_key_rotation": true}]}},
	}
}
