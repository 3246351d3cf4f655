package regate.kubernetes.open_load_balancer_test

import data.regate.kubernetes.open_load_balancer

test_a_fault_is_found if {
	open_load_balancer.deny == {"Service/web is a load balancer open to everyone"} with input as {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"type": "LoadBalancer",
			"selector": {"app": "web"},
			"ports": [{"port": 443, "targetPort": 8443}],
		},
	}
}

test_a_mended_document_passes if {
	open_load_balancer.deny == set() with input as {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"type": "LoadBalancer",
			"loadBalancerSourceRanges": ["203.0.113.0/24"],
			"selector": {"app": "web"},
			"ports": [{"port": 443, "targetPort": 8443}],
		},
	}
}
