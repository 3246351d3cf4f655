package regate.github_workflow.write_all_test

import data.regate.github_workflow.write_all

test_a_fault_is_found if {
	write_all.deny == {"the workflow asks for all rights with `permissions: write-all`"} with input as {
		"name": "release",
		"on": "push",
		"permissions": "write-all",
		"jobs": {"build": {"runs-on": "ubuntu-24.04", "steps": [{"run": "make"}]}},
	}
}

test_a_mended_document_passes if {
	write_all.deny == set() with input as {
		"name": "release",
		"on": "push",
		"permissions": {"contents": "read"},
		"jobs": {"build": {"runs-on": "ubuntu-24.04", "steps": [{"run": "make"}]}},
	}
}

test_a_job_that_asks_for_all_is_found if {
	write_all.deny == {"job `build` asks for all rights with `permissions: write-all`"} with input as {
		"permissions": {},
		"jobs": {"build": {"permissions": "write-all"}, "test": {"permissions": {"contents": "read"}}},
	}
}
