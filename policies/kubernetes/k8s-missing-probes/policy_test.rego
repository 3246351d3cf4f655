package regate.kubernetes.missing_probes_test

import data.regate.kubernetes.missing_probes

test_a_fault_is_found if {
	missing_probes.warn == {"container `web` of Deployment/web has no readiness probe"} with input as {
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
	missing_probes.warn == set() with input as {
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
							"readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}},
						},
					],
				},
			},
		},
	}
}
