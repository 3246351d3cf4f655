package regate.cloudformation.iam_wildcard_test

import data.regate.cloudformation.iam_wildcard

test_a_fault_is_found if {
	iam_wildcard.deny == {"policy of `Subject` allows every action on every resource"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::IAM::Role",
				"Properties": {
					"Policies": [
						{
							"PolicyName": "write",
							"PolicyDocument": {
								"Version": "2012-10-17",
								"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
							},
						},
					],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	iam_wildcard.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::IAM::Role",
				"Properties": {
					"Policies": [
						{
							"PolicyName": "write",
							"PolicyDocument": {
								"Version": "2012-10-17",
								"Statement": [
									{
										"Effect": "Allow",
										"Action": "s3:PutObject",
										"Resource": "arn:aws:s3:::shop-reports/*",
									},
								],
							},
						},
					],
				},
			},
		},
	}
}
