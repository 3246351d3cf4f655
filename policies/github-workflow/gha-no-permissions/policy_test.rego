package regate.github_workflow.no_permissions_test

import data.regate.github_workflow.no_permissions

test_a_fault_is_found if {
	no_permissions.warn == {"job `build` does not say which rights it needs"} with input as {
		"name": "release",
		"on": "push",
		"jobs": {"build": {"runs-on": "ubuntu-24.04", "steps": [{"run": "make"}]}},
	}
}

test_a_mended_document_passes if {
	no_permissions.warn == set() with input as {
		"name": "release",
		"on": "push",
		"permissions": {"contents": "read"},
		"jobs": {"build": {"runs-on": "ubuntu-24.04", "steps": [{"run": "make"}]}},
	}
}
