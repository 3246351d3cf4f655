package regate.dockerfile.no_healthcheck_test

import data.regate.dockerfile.no_healthcheck

test_a_fault_is_found if {
	no_healthcheck.warn == {"the image has no `HEALTHCHECK`"} with input as [
		{
			"Cmd": "from",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["alpine:3.20"],
		},
		{
			"Cmd": "copy",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["api", "/usr/local/bin/api"],
		},
		{
			"Cmd": "user",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["10001:10001"],
		},
		{
			"Cmd": "entrypoint",
			"Flags": [],
			"JSON": true,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["/usr/local/bin/api"],
		},
	]
}

test_a_mended_document_passes if {
	no_healthcheck.warn == set() with input as [
		{
			"Cmd": "from",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["alpine:3.20"],
		},
		{
			"Cmd": "healthcheck",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "CMD",
			"Value": ["/usr/local/bin/api", "health"],
		},
		{
			"Cmd": "copy",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["api", "/usr/local/bin/api"],
		},
		{
			"Cmd": "user",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["10001:10001"],
		},
		{
			"Cmd": "entrypoint",
			"Flags": [],
			"JSON": true,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["/usr/local/bin/api"],
		},
	]
}

test_only_the_last_stage_counts_and_what_it_builds_on if {
	build := {"Cmd": "from", "Stage": 0, "Value": ["golang:1.24", "AS", "build"]}
	check := {"Cmd": "healthcheck", "Stage": 0, "Value": ["CMD", "true"]}
	other := {"Cmd": "from", "Stage": 1, "Value": ["alpine:3.20"]}
	heir := {"Cmd": "from", "Stage": 1, "Value": ["build"]}
	count(no_healthcheck.warn) == 1 with input as [build, check, other]
	count(no_healthcheck.warn) == 1 with input as [build, other]
	count(no_healthcheck.warn) == 0 with input as [build, check, heir]
}
