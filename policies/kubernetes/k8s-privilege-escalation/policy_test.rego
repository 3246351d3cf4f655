package regate.kubernetes.privilege_escalation_test

import data.regate.kubernetes.privilege_escalation

test_a_fault_is_found if {
	privilege_escalation.deny == {"container `web` of Deployment/web may gain privileges: `allowPrivilegeEscalation` is not `false`"} with input as {
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
	privilege_escalation.deny == set() with input as {
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
							"securityContext": {"allowPrivilegeEscalation": false},
						},
					],
				},
			},
		},
	}
}
