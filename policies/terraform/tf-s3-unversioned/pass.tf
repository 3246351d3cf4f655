resource "aws_s3_bucket_versioning" "media" {
  bucket = "shop-media"

  versioning_configuration {
    status = "Enabled"
  }
}
