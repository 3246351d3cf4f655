resource "aws_iam_policy" "deployer" {
  name = "deployer"

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [{ "Effect": "Allow", "Action": "ecs:UpdateService", "Resource": "arn:aws:ecs:eu-central-1:111122223333:service/shop/*" }]
    }
  JSON
}
