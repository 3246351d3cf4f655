package regate.cloudformation.rds_public_test

import data.regate.cloudformation.rds_public

test_a_fault_is_found if {
	rds_public.deny == {"database `Subject` has a public address"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {
					"Engine": "postgres",
					"DBInstanceClass": "db.t4g.small",
					"PubliclyAccessible": true,
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	rds_public.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {
					"Engine": "postgres",
					"DBInstanceClass": "db.t4g.small",
					"PubliclyAccessible": false,
				},
			},
		},
	}
}
