package regate.compose.host_network_test

import data.regate.compose.host_network

test_a_fault_is_found if {
	host_network.deny == {"service `watcher` uses the network of the host"} with input as {
		"services": {"watcher": {"image": "registry.example.com/tools/watcher:0.9", "network_mode": "host"}},
	}
}

test_a_mended_document_passes if {
	host_network.deny == set() with input as {
		"services": {
			"watcher": {"image": "registry.example.com/tools/watcher:0.9", "ports": ["127.0.0.1:9000:9000"]},
		},
	}
}
