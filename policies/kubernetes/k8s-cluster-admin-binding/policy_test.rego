package regate.kubernetes.cluster_admin_binding_test

import data.regate.kubernetes.cluster_admin_binding

test_a_fault_is_found if {
	cluster_admin_binding.deny == {"ClusterRoleBinding/deployer makes ServiceAccount `deployer` a cluster admin"} with input as {
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": "ClusterRoleBinding",
		"metadata": {"name": "deployer"},
		"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
		"subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": "shop"}],
	}
}

test_a_mended_document_passes if {
	cluster_admin_binding.deny == set() with input as {
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": "ClusterRoleBinding",
		"metadata": {"name": "deployer"},
		"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "deployer"},
		"subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": "shop"}],
	}
}
