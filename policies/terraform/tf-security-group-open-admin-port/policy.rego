# METADATA
# title: Ports for administrators are not open to the internet
# description: SSH and remote desktop open to everyone are tried by machines within minutes.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
# custom:
#   id: tf-security-group-open-admin-port
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Allow known addresses only, or use Session Manager and close the port.
package regate.terraform.security_group_open_admin_port

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_security_group
	some block in blocks
	some rule in object.get(block, "ingress", [])
	open_to_everyone(rule)
	some port in exposed(rule)
	msg := sprintf("security group `%s` opens port %d to everyone", [name, port])
}

deny contains msg if {
	some name, blocks in input.resource.aws_security_group_rule
	some rule in blocks
	rule.type == "ingress"
	open_to_everyone(rule)
	some port in exposed(rule)
	msg := sprintf("security group rule `%s` opens port %d to everyone", [name, port])
}

deny contains msg if {
	some name, blocks in input.resource.aws_vpc_security_group_ingress_rule
	some rule in blocks
	open_to_everyone(rule)
	some port in exposed(rule)
	msg := sprintf("security group rule `%s` opens port %d to everyone", [name, port])
}

admin_ports := [22, 3389]

open_to_everyone(rule) if {
	some field in ["cidr_blocks", "ipv6_cidr_blocks"]
	rule[field][_] in terraform.everyone
}

open_to_everyone(rule) if {
	some field in ["cidr_ipv4", "cidr_ipv6"]
	rule[field] in terraform.everyone
}

exposed(rule) := admin_ports if protocol(rule) in {"-1", "all"}

exposed(rule) := [port |
	some port in admin_ports
	terraform.port(rule.from_port) <= port
	terraform.port(rule.to_port) >= port
] if {
	not protocol(rule) in {"-1", "all"}
}

protocol(rule) := sprintf("%v", [object.get(rule, "protocol", object.get(rule, "ip_protocol", "tcp"))])
