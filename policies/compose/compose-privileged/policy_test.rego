package regate.compose.privileged_test

import data.regate.compose.privileged

test_a_fault_is_found if {
	privileged.deny == {"service `watcher` is privileged"} with input as {
		"services": {"watcher": {"image": "registry.example.com/tools/watcher:0.9", "privileged": true}},
	}
}

test_a_mended_document_passes if {
	privileged.deny == set() with input as {"services": {"watcher": {"image": "registry.example.com/tools/watcher:0.9"}}}
}
