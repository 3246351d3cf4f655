package regate.terraform.s3_public_access_not_blocked_test

import data.regate.terraform.s3_public_access_not_blocked

test_a_fault_is_found if {
	s3_public_access_not_blocked.deny == {"public access block `media` leaves `block_public_policy` off"} with input as {
		"resource": {
			"aws_s3_bucket_public_access_block": {
				"media": [
					{
						"block_public_acls": true,
						"block_public_policy": false,
						"bucket": "shop-media",
						"ignore_public_acls": true,
						"restrict_public_buckets": true,
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	s3_public_access_not_blocked.deny == set() with input as {
		"resource": {
			"aws_s3_bucket_public_access_block": {
				"media": [
					{
						"block_public_acls": true,
						"block_public_policy": true,
						"bucket": "shop-media",
						"ignore_public_acls": true,
						"restrict_public_buckets": true,
					},
				],
			},
		},
	}
}
