package regate.kubernetes.image_latest_test

import data.regate.kubernetes.image_latest

test_a_fault_is_found if {
	image_latest.deny == {"image `registry.example.com/shop/web:latest` of container `web` in Deployment/web has no fixed version"} with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {"containers": [{"name": "web", "image": "registry.example.com/shop/web:latest"}]},
			},
		},
	}
}

test_a_mended_document_passes if {
	image_latest.deny == set() with input as {
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
