package regate.terraform.alb_http_listener_test

import data.regate.terraform.alb_http_listener

test_a_fault_is_found if {
	alb_http_listener.deny == {"listener `http` serves plain HTTP"} with input as {
		"resource": {
			"aws_lb_listener": {
				"http": [
					{
						"default_action": [
							{
								"target_group_arn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop/0123456789abcdef",
								"type": "forward",
							},
						],
						"load_balancer_arn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/0123456789abcdef",
						"port": 80,
						"protocol": "HTTP",
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	alb_http_listener.deny == set() with input as {
		"resource": {
			"aws_lb_listener": {
				"http": [
					{
						"default_action": [
							{
								"redirect": [{"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}],
								"type": "redirect",
							},
						],
						"load_balancer_arn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/0123456789abcdef",
						"port": 80,
						"protocol": "HTTP",
					},
				],
			},
		},
	}
}
