package regate.kubernetes.secret_in_env_test

import data.regate.kubernetes.secret_in_env

test_a_fault_is_found if {
	secret_in_env.deny == {"variable `DB_PASSWORD` of container `web` in Deployment/web holds a secret in plain text"} with input as {
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
							"env": [{"name": "DB_PASSWORD", "value": "correct-horse-battery"}],
						},
					],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	secret_in_env.deny == set() with input as {
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
							"env": [
								{
									"name": "DB_PASSWORD",
									"valueFrom": {"secretKeyRef": {"name": "web-db", "key": "password"}},
								},
							],
						},
					],
				},
			},
		},
	}
}
