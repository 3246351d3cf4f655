package regate.cloudformation.rds_unencrypted_test

import data.regate.cloudformation.rds_unencrypted

test_a_fault_is_found if {
	rds_unencrypted.deny == {"database `Subject` is not encrypted"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "StorageEncrypted": false},
			},
		},
	}
}

test_a_mended_document_passes if {
	rds_unencrypted.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "StorageEncrypted": true},
			},
		},
	}
}
