resource "aws_iam_policy" "deployer" {
  name = "deployer"

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }]
    }
  JSON
}
