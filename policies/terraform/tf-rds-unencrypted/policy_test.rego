package regate.terraform.rds_unencrypted_test

import data.regate.terraform.rds_unencrypted

test_a_fault_is_found if {
	rds_unencrypted.deny == {"database `orders` is not encrypted"} with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"storage_encrypted": false,
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	rds_unencrypted.deny == set() with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"storage_encrypted": true,
					},
				],
			},
		},
	}
}
