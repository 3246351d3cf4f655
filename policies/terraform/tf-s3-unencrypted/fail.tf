resource "aws_s3_bucket" "media" {
  bucket = "shop-media"
}
