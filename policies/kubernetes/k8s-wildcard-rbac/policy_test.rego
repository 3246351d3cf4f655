package regate.kubernetes.wildcard_rbac_test

import data.regate.kubernetes.wildcard_rbac

test_a_fault_is_found if {
	wildcard_rbac.deny == {"ClusterRole/order-worker allows every one of its `resources` with `*`", "ClusterRole/order-worker allows every one of its `verbs` with `*`"} with input as {
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": "ClusterRole",
		"metadata": {"name": "order-worker"},
		"rules": [{"apiGroups": [""], "resources": ["*"], "verbs": ["*"]}],
	}
}

test_a_mended_document_passes if {
	wildcard_rbac.deny == set() with input as {
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": "ClusterRole",
		"metadata": {"name": "order-worker"},
		"rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}],
	}
}
