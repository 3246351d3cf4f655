package regate.cloudformation.hardcoded_password_test

import data.regate.cloudformation.hardcoded_password

test_a_fault_is_found if {
	hardcoded_password.deny == {"database `Subject` has its password in plain text"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {
					"Engine": "postgres",
					"DBInstanceClass": "db.t4g.small",
					"MasterUserPassword": "quarterly-numbers",
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	hardcoded_password.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::RDS::DBInstance",
				"Properties": {
					"Engine": "postgres",
					"DBInstanceClass": "db.t4g.small",
					"MasterUserPassword": {"Ref": "DatabasePassword"},
				},
			},
		},
	}
}
