package regate.compose.docker_socket_test

import data.regate.compose.docker_socket

test_a_fault_is_found if {
	docker_socket.deny == {"service `watcher` mounts the socket of Docker"} with input as {
		"services": {
			"watcher": {
				"image": "registry.example.com/tools/watcher:0.9",
				"volumes": ["/var/run/docker.sock:/var/run/docker.sock"],
			},
		},
	}
}

test_a_mended_document_passes if {
	docker_socket.deny == set() with input as {
		"services": {
			"watcher": {
				"image": "registry.example.com/tools/watcher:0.9",
				"volumes": ["cache:/var/cache/watcher"],
			},
		},
		"volumes": {"cache": {}},
	}
}
