package regate.kubernetes.writable_root_filesystem_test

import data.regate.kubernetes.writable_root_filesystem

test_a_fault_is_found if {
	writable_root_filesystem.warn == {"container `web` of Deployment/web has a writable root filesystem"} with input as {
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
	writable_root_filesystem.warn == set() with input as {
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
							"securityContext": {"readOnlyRootFilesystem": true},
						},
					],
				},
			},
		},
	}
}
