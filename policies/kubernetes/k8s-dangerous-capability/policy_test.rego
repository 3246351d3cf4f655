package regate.kubernetes.dangerous_capability_test

import data.regate.kubernetes.dangerous_capability

test_a_fault_is_found if {
	dangerous_capability.deny == {"container `web` of Deployment/web adds the capability `SYS_ADMIN`"} with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {
					"containers": [
						{
							"name": "web",
							"image": "registry.example.com/shop/web:1.8.2",
							"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}},
						},
					],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	dangerous_capability.deny == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {
					"containers": [
						{
							"name": "web",
							"image": "registry.example.com/shop/web:1.8.2",
							"securityContext": {"capabilities": {"add": ["NET_BIND_SERVICE"]}},
						},
					],
				},
			},
		},
	}
}
