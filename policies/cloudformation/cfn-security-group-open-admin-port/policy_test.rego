package regate.cloudformation.security_group_open_admin_port_test

import data.regate.cloudformation.security_group_open_admin_port

test_a_fault_is_found if {
	security_group_open_admin_port.deny == {"security group `Subject` opens port 22 to everyone"} with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::EC2::SecurityGroup",
				"Properties": {
					"GroupDescription": "Bastion",
					"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	security_group_open_admin_port.deny == set() with input as {
		"AWSTemplateFormatVersion": "2010-09-09",
		"Resources": {
			"Subject": {
				"Type": "AWS::EC2::SecurityGroup",
				"Properties": {
					"GroupDescription": "Bastion",
					"SecurityGroupIngress": [
						{
							"IpProtocol": "tcp",
							"FromPort": 22,
							"ToPort": 22,
							"CidrIp": "203.0.113.0/24",
						},
					],
				},
			},
		},
	}
}
