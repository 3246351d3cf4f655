package regate.terraform.s3_public_acl_test

import data.regate.terraform.s3_public_acl

test_a_fault_is_found if {
	s3_public_acl.deny == {"aws_s3_bucket_acl `media` has the public ACL `public-read`"} with input as {"resource": {"aws_s3_bucket_acl": {"media": [{"acl": "public-read", "bucket": "shop-media"}]}}}
}

test_a_mended_document_passes if {
	s3_public_acl.deny == set() with input as {"resource": {"aws_s3_bucket_acl": {"media": [{"acl": "private", "bucket": "shop-media"}]}}}
}
