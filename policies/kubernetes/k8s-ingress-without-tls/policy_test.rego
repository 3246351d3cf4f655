package regate.kubernetes.ingress_without_tls_test

import data.regate.kubernetes.ingress_without_tls

test_a_fault_is_found if {
	ingress_without_tls.deny == {"Ingress/web has no TLS"} with input as {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"rules": [
				{
					"host": "shop.example.com",
					"http": {
						"paths": [
							{
								"path": "/",
								"pathType": "Prefix",
								"backend": {"service": {"name": "web", "port": {"number": 80}}},
							},
						],
					},
				},
			],
		},
	}
}

test_a_mended_document_passes if {
	ingress_without_tls.deny == set() with input as {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"tls": [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}],
			"rules": [
				{
					"host": "shop.example.com",
					"http": {
						"paths": [
							{
								"path": "/",
								"pathType": "Prefix",
								"backend": {"service": {"name": "web", "port": {"number": 80}}},
							},
						],
					},
				},
			],
		},
	}
}
