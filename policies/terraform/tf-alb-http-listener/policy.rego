# METADATA
# title: Load balancers speak TLS
# description: A listener that serves plain HTTP lets passwords and sessions be read on the way.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener
# custom:
#   id: tf-alb-http-listener
#   severity: medium
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-8, sc-8.1]
#     pci-dss-4.0.1: ["4.2.1"]
#     soc-2-2017: [CC6.7]
#     iso-27001-2022: [A.8.24]
#   remediation: Use `protocol = "HTTPS"`, or let the HTTP listener redirect.
package regate.terraform.alb_http_listener

deny contains msg if {
	some kind in ["aws_lb_listener", "aws_alb_listener"]
	some name, blocks in input.resource[kind]
	some block in blocks
	block.protocol == "HTTP"
	some action in block.default_action
	action.type == "forward"
	msg := sprintf("listener `%s` serves plain HTTP", [name])
}
