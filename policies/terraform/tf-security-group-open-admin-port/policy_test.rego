package regate.terraform.security_group_open_admin_port_test

import data.regate.terraform.security_group_open_admin_port

test_a_fault_is_found if {
	security_group_open_admin_port.deny == {"security group `bastion` opens port 22 to everyone"} with input as {
		"resource": {
			"aws_security_group": {
				"bastion": [
					{
						"ingress": [
							{
								"cidr_blocks": ["0.0.0.0/0"],
								"description": "SSH",
								"from_port": 22,
								"protocol": "tcp",
								"to_port": 22,
							},
						],
						"name": "bastion",
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	security_group_open_admin_port.deny == set() with input as {
		"resource": {
			"aws_security_group": {
				"bastion": [
					{
						"ingress": [
							{
								"cidr_blocks": ["203.0.113.0/24"],
								"description": "SSH",
								"from_port": 22,
								"protocol": "tcp",
								"to_port": 22,
							},
						],
						"name": "bastion",
					},
				],
			},
		},
	}
}

test_rules_of_their_own_are_read_too[name] if {
	some name, case in {
		"from everyone": {"type": "ingress", "from": "::/0", "want": 2},
		"from one network": {"type": "ingress", "from": "10.0.0.0/8", "want": 0},
		"outward": {"type": "egress", "from": "::/0", "want": 1},
	}
	found := security_group_open_admin_port.deny with input as {"resource": {
		"aws_security_group_rule": {"rdp": [{
			"type": case.type,
			"cidr_blocks": [case.from],
			"protocol": "tcp",
			"from_port": 3389,
			"to_port": "3389",
		}]},
		"aws_vpc_security_group_ingress_rule": {"ssh": [{
			"cidr_ipv6": case.from,
			"ip_protocol": "tcp",
			"from_port": 22,
			"to_port": 22,
		}]},
	}}
	count(found) == case.want
}
