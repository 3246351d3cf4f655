resource "aws_kms_key" "shop" {
  description         = "Key of the shop"
  enable_key_rotation = false
}
