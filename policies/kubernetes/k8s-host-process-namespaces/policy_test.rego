package regate.kubernetes.host_process_namespaces_test

import data.regate.kubernetes.host_process_namespaces

test_a_fault_is_found if {
	host_process_namespaces.deny == {"DaemonSet/profiler sets `hostPID`", "DaemonSet/profiler sets `hostIPC`"} with input as {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "profiler", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "profiler"}},
			"template": {
				"metadata": {"labels": {"app": "profiler"}},
				"spec": {
					"hostPID": true,
					"hostIPC": true,
					"containers": [{"name": "profiler", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	host_process_namespaces.deny == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "profiler", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "profiler"}},
			"template": {
				"metadata": {"labels": {"app": "profiler"}},
				"spec": {
					"containers": [{"name": "profiler", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}
