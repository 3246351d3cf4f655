package regate.github_workflow.unpinned_action_test

import data.regate.github_workflow.unpinned_action

test_a_fault_is_found if {
	unpinned_action.deny == {"job `build` uses `actions/checkout@v4`, which is not pinned to a commit"} with input as {
		"name": "release",
		"on": "push",
		"permissions": {"contents": "read"},
		"jobs": {"build": {"runs-on": "ubuntu-24.04", "steps": [{"uses": "actions/checkout@v4"}]}},
	}
}

test_a_mended_document_passes if {
	unpinned_action.deny == set() with input as {
		"name": "release",
		"on": "push",
		"permissions": {"contents": "read"},
		"jobs": {
			"build": {
				"runs-on": "ubuntu-24.04",
				"steps": [{"uses": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"}],
			},
		},
	}
}
