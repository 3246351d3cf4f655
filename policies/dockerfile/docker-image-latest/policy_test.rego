package regate.dockerfile.image_latest_test

import data.regate.dockerfile.image_latest

test_a_fault_is_found if {
	image_latest.deny == {"base image `alpine` has no fixed version"} with input as [
		{"Cmd": "from", "Flags": [], "JSON": false, "Stage": 0, "SubCmd": "", "Value": ["alpine"]},
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
	image_latest.deny == set() with input as [
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

test_a_stage_of_the_file_and_a_digest_are_fixed if {
	image_latest.deny == set() with input as [
		{"Cmd": "from", "Stage": 0, "Value": ["golang@sha256:00", "AS", "build"]},
		{"Cmd": "from", "Stage": 1, "Value": ["build"]},
		{"Cmd": "from", "Stage": 2, "Value": ["scratch"]},
	]
}
