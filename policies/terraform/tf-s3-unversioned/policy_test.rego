package regate.terraform.s3_unversioned_test

import data.regate.terraform.s3_unversioned

test_a_fault_is_found if {
	s3_unversioned.warn == {"versioning `media` does not keep versions: its status is `Suspended`"} with input as {
		"resource": {
			"aws_s3_bucket_versioning": {
				"media": [{"bucket": "shop-media", "versioning_configuration": [{"status": "Suspended"}]}],
			},
		},
	}
}

test_a_mended_document_passes if {
	s3_unversioned.warn == set() with input as {
		"resource": {
			"aws_s3_bucket_versioning": {
				"media": [{"bucket": "shop-media", "versioning_configuration": [{"status": "Enabled"}]}],
			},
		},
	}
}
