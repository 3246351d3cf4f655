package regate.kubernetes.node_port_test

import data.regate.kubernetes.node_port

test_a_fault_is_found if {
	node_port.warn == {"Service/web opens a port on every node"} with input as {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"type": "NodePort",
			"selector": {"app": "web"},
			"ports": [{"port": 443, "targetPort": 8443}],
		},
	}
}

test_a_mended_document_passes if {
	node_port.warn == set() with input as {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"type": "ClusterIP",
			"selector": {"app": "web"},
			"ports": [{"port": 443, "targetPort": 8443}],
		},
	}
}
