package regate.kubernetes.service_account_token_test

import data.regate.kubernetes.service_account_token

test_a_fault_is_found if {
	service_account_token.warn == {"Deployment/web carries the token of the default service account"} with input as {
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
	service_account_token.warn == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {
					"automountServiceAccountToken": false,
					"containers": [{"name": "web", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}
