package regate.terraform.hardcoded_password_test

import data.regate.terraform.hardcoded_password

test_a_fault_is_found if {
	hardcoded_password.deny == {"aws_db_instance `orders` has its `password` in plain text"} with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"password": "summer-sale-2023",
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	hardcoded_password.deny == set() with input as {
		"resource": {
			"aws_db_instance": {
				"orders": [
					{
						"engine": "postgres",
						"identifier": "orders",
						"instance_class": "db.t4g.medium",
						"password": "${var.db_password}",
					},
				],
			},
		},
	}
}
