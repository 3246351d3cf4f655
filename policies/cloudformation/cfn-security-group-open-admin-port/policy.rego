# METADATA
# title: Ports for administrators are not open to the internet
# description: SSH and remote desktop open to everyone are tried by machines within minutes.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
# custom:
#   id: cfn-security-group-open-admin-port
#   severity: high
#   kinds: [cloudformation]
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Allow known addresses only, or use Session Manager and close the port.
package regate.cloudformation.security_group_open_admin_port

deny contains msg if {
	some name, resource in input.Resources
	resource.Type == "AWS::EC2::SecurityGroup"
	rule := resource.Properties.SecurityGroupIngress[_]
	some field in ["CidrIp", "CidrIpv6"]
	rule[field] in {"0.0.0.0/0", "::/0"}
	some port in exposed(rule)
	msg := sprintf("security group `%s` opens port %d to everyone", [name, port])
}

admin_ports := [22, 3389]

exposed(rule) := admin_ports if all_protocols(rule)

exposed(rule) := [port |
	some port in admin_ports
	number(rule.FromPort) <= port
	number(rule.ToPort) >= port
] if {
	not all_protocols(rule)
}

all_protocols(rule) if object.get(rule, "IpProtocol", "tcp") in ["-1", -1]

# Templates write ports as numbers or as text.
number(value) := value if is_number(value)

number(value) := to_number(value) if regex.match(`^[0-9]+$`, value)
