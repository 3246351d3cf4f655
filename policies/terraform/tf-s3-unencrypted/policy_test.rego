package regate.terraform.s3_unencrypted_test

import data.regate.terraform.s3_unencrypted

test_a_fault_is_found if {
	s3_unencrypted.warn == {{"msg": "bucket `media` has no encryption configuration", "at": [0, "contents", "resource", "aws_s3_bucket", "media", 0]}} with input as [
		{
			"path": "infra/main.tf",
			"kind": "terraform",
			"contents": {"resource": {"aws_s3_bucket": {"media": [{"bucket": "shop-media"}]}}},
		},
	]
}

test_a_mended_document_passes if {
	s3_unencrypted.warn == set() with input as [
		{
			"path": "infra/main.tf",
			"kind": "terraform",
			"contents": {
				"resource": {
					"aws_s3_bucket": {"media": [{"bucket": "shop-media"}]},
					"aws_s3_bucket_server_side_encryption_configuration": {
						"media": [
							{
								"bucket": "${aws_s3_bucket.media.id}",
								"rule": [
									{
										"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}],
									},
								],
							},
						],
					},
				},
			},
		},
	]
}
