package regate.kubernetes.host_path_volume_test

import data.regate.kubernetes.host_path_volume

test_a_fault_is_found if {
	host_path_volume.deny == {"volume `data` of Deployment/log-shipper mounts `/var/log` of the node"} with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "log-shipper", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "log-shipper"}},
			"template": {
				"metadata": {"labels": {"app": "log-shipper"}},
				"spec": {
					"volumes": [{"name": "data", "hostPath": {"path": "/var/log"}}],
					"containers": [{"name": "log-shipper", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	host_path_volume.deny == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "log-shipper", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "log-shipper"}},
			"template": {
				"metadata": {"labels": {"app": "log-shipper"}},
				"spec": {
					"volumes": [{"name": "data", "emptyDir": {}}],
					"containers": [{"name": "log-shipper", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}
