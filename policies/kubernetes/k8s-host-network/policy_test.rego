package regate.kubernetes.host_network_test

import data.regate.kubernetes.host_network

test_a_fault_is_found if {
	host_network.deny == {"DaemonSet/edge-proxy uses the network of its node"} with input as {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "edge-proxy", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "edge-proxy"}},
			"template": {
				"metadata": {"labels": {"app": "edge-proxy"}},
				"spec": {
					"hostNetwork": true,
					"containers": [{"name": "edge-proxy", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	host_network.deny == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "edge-proxy", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "edge-proxy"}},
			"template": {
				"metadata": {"labels": {"app": "edge-proxy"}},
				"spec": {
					"hostNetwork": false,
					"containers": [{"name": "edge-proxy", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}
