package regate.kubernetes.run_as_root_test

import data.regate.kubernetes.run_as_root

test_a_fault_is_found if {
	run_as_root.deny == {"container `web` of Deployment/web may run as root: `runAsNonRoot` is not set"} with input as {
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
	run_as_root.deny == set() with input as {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
		"spec": {
			"selector": {"matchLabels": {"app": "web"}},
			"template": {
				"metadata": {"labels": {"app": "web"}},
				"spec": {
					"securityContext": {"runAsNonRoot": true},
					"containers": [{"name": "web", "image": "registry.example.com/shop/web:1.8.2"}],
				},
			},
		},
	}
}

test_the_user_of_the_container_counts_over_the_pods[name] if {
	some name, case in {
		"the pod's 0": {"pod": {"runAsUser": 0}, "container": {}, "want": {"container `web` of Pod/web runs as root (`runAsUser: 0`)"}},
		"the container's 0": {
			"pod": {"runAsNonRoot": true},
			"container": {"runAsUser": 0},
			"want": {"container `web` of Pod/web runs as root (`runAsUser: 0`)"},
		},
		"the container's own": {"pod": {"runAsUser": 0}, "container": {"runAsUser": 10001}, "want": set()},
	}
	run_as_root.deny == case.want with input as {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "web"},
		"spec": {"securityContext": case.pod, "containers": [{"name": "web", "securityContext": case.container}]},
	}
}
