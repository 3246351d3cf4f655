package regate.github_workflow.pull_request_target_checkout_test

import data.regate.github_workflow.pull_request_target_checkout

test_a_fault_is_found if {
	pull_request_target_checkout.deny == {"job `build` checks out the code of a pull request with the rights of the repository"} with input as {
		"name": "release",
		"on": "pull_request_target",
		"permissions": {"contents": "read"},
		"jobs": {
			"build": {
				"runs-on": "ubuntu-24.04",
				"steps": [
					{
						"uses": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
						"with": {"ref": "${{ github.event.pull_request.head.sha }}"},
					},
				],
			},
		},
	}
}

test_a_mended_document_passes if {
	pull_request_target_checkout.deny == set() with input as {
		"name": "release",
		"on": "pull_request",
		"permissions": {"contents": "read"},
		"jobs": {
			"build": {
				"runs-on": "ubuntu-24.04",
				"steps": [{"uses": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"}],
			},
		},
	}
}
