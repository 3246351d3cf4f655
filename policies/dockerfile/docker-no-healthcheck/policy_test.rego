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
