package regate.lib.kubernetes_test

import data.regate.lib.kubernetes

container := {"name": "web", "image": "registry.example.com/shop/web:1.8.2"}

test_a_pod_has_its_containers if {
	kubernetes.containers == {container} with input as {"kind": "Pod", "spec": {"containers": [container]}}
}

test_workloads_have_the_containers_of_their_template if {
	every kind in ["Deployment", "StatefulSet", "DaemonSet", "Job"] {
		kubernetes.containers == {container} with input as {
			"kind": kind,
			"spec": {"template": {"spec": {"initContainers": [container]}}},
		}
	}
}

test_a_cron_job_has_the_containers_of_its_job if {
	kubernetes.containers == {container} with input as {
		"kind": "CronJob",
		"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [container]}}}}},
	}
}

test_other_kinds_have_none if {
	kubernetes.containers == set() with input as {"kind": "Service", "spec": {"containers": [container]}}
}

test_an_empty_list_of_containers_is_no_error if {
	kubernetes.containers == set() with input as {"kind": "Pod", "spec": {"containers": null}}
}
