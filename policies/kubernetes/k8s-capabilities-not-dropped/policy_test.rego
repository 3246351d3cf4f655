package regate.kubernetes.capabilities_not_dropped_test

import data.regate.kubernetes.capabilities_not_dropped

test_a_fault_is_found if {
	capabilities_not_dropped.warn == {"container `web` of Deployment/web does not drop all capabilities"} with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {"containers": [{"name": "web", "image": "registry.example.com/shop/web:1.8.2"}]},
			},
		},
	}
}

test_a_mended_document_passes if {
	capabilities_not_dropped.warn == set() with input as {
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
							"securityContext": {"capabilities": {"drop": ["ALL"]}},
						},
					],
				},
			},
		},
	}
}
