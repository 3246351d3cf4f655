package regate.kubernetes.privileged_container_test

import data.regate.kubernetes.privileged_container

test_a_fault_is_found if {
	privileged_container.deny == {"container `web` of Deployment/web is privileged"} with input as {
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
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	privileged_container.deny == set() with input as {
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
							"securityContext": {"privileged": false},
						},
					],
				},
			},
		},
	}
}
