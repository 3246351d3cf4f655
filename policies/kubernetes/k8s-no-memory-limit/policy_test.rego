package regate.kubernetes.no_memory_limit_test

import data.regate.kubernetes.no_memory_limit

test_a_fault_is_found if {
	no_memory_limit.deny == {"container `web` of Deployment/web has no memory limit"} with input as {
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
							"resources": {"requests": {"memory": "128Mi"}},
						},
					],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	no_memory_limit.deny == set() with input as {
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
							"resources": {"limits": {"memory": "256Mi"}},
						},
					],
				},
			},
		},
	}
}
