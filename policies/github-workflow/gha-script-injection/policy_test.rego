package regate.github_workflow.script_injection_test

import data.regate.github_workflow.script_injection

test_a_fault_is_found if {
	script_injection.deny == {"job `build` puts `${{ github.event.pull_request.title }}` into a script"} with input as {
		"name": "release",
		"on": "pull_request",
		"permissions": {"contents": "read"},
		"jobs": {
			"build": {
				"runs-on": "ubuntu-24.04",
				"steps": [{"run": "echo \"Building ${{ github.event.pull_request.title }}\""}],
			},
		},
	}
}

test_a_mended_document_passes if {
	script_injection.deny == set() with input as {
		"name": "release",
		"on": "pull_request",
		"permissions": {"contents": "read"},
		"jobs": {
			"build": {
				"runs-on": "ubuntu-24.04",
				"steps": [
					{
						"env": {"TITLE": "${{ github.event.pull_request.title }}"},
						"run": "echo \"Building $TITLE\"",
					},
				],
			},
		},
	}
}
