resource "aws_ebs_volume" "search" {
  availability_zone = "eu-central-1a"
  size              = 100
}
