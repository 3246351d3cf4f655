package regate.terraform.cloudtrail_incomplete_test

import data.regate.terraform.cloudtrail_incomplete

test_a_fault_is_found if {
	cloudtrail_incomplete.deny == {"trail `audit` leaves `enable_log_file_validation` off"} with input as {
		"resource": {
			"aws_cloudtrail": {
				"audit": [
					{
						"enable_log_file_validation": false,
						"is_multi_region_trail": true,
						"name": "audit",
						"s3_bucket_name": "shop-logs",
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	cloudtrail_incomplete.deny == set() with input as {
		"resource": {
			"aws_cloudtrail": {
				"audit": [
					{
						"enable_log_file_validation": true,
						"is_multi_region_trail": true,
						"name": "audit",
						"s3_bucket_name": "shop-logs",
					},
				],
			},
		},
	}
}
