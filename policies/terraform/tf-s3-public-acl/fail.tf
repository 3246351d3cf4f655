resource "aws_s3_bucket_acl" "media" {
  bucket = "shop-media"
  acl    = "public-read"
}
