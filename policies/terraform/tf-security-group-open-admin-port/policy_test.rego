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
