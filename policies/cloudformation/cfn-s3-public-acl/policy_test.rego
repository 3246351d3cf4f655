package regate.cloudformation.s3_public_acl_test

import data.regate.cloudformation.s3_public_acl

test_a_fault_is_found if {
	s3_public_acl.deny == {"bucket `Subject` has the public ACL `PublicRead`"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::S3::Bucket",
				"Properties": {"BucketName": "shop-media", "AccessControl": "PublicRead"},
			},
		},
	}
}

test_a_mended_document_passes if {
	s3_public_acl.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::S3::Bucket",
				"Properties": {"BucketName": "shop-media", "AccessControl": "Private"},
			},
		},
	}
}
