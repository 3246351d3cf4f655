package regate.terraform.rds_public_test

import data.regate.terraform.rds_public

test_a_fault_is_found if {
	rds_public.deny == {"database `orders` has a public address"} with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"publicly_accessible": true,
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	rds_public.deny == set() with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"publicly_accessible": false,
					},
				],
			},
		},
	}
}
