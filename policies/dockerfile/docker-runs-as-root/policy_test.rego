package regate.dockerfile.runs_as_root_test

import data.regate.dockerfile.runs_as_root

test_a_fault_is_found if {
	runs_as_root.deny == {"the image runs as root: its last stage has no `USER`"} with input as [
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
	runs_as_root.deny == set() with input as [
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

test_the_last_user_counts[name] if {
	some name, case in {
		"root": {"users": ["10001", "root"], "want": {"the image runs as root: `USER root`"}},
		"number and group": {"users": ["0:0"], "want": {"the image runs as root: `USER 0:0`"}},
		"back to another": {"users": ["root", "10001"], "want": set()},
	}
	from := {"Cmd": "from", "Stage": 0, "Value": ["alpine:3.20"]}
	users := [{"Cmd": "user", "Stage": 0, "Value": [user]} | some user in case.users]
	runs_as_root.deny == case.want with input as array.concat([from], users)
}

test_a_base_brings_its_user[name] if {
	some name, case in {
		"made to run without root": {"base": "gcr.io/distroless/static:nonroot", "user": "root", "want": 0},
		"a stage with a user": {"base": "base", "user": "10001", "want": 0},
		"a stage with root": {"base": "base", "user": "root", "want": 1},
	}
	found := runs_as_root.deny with input as [
		{"Cmd": "from", "Stage": 0, "Value": ["alpine:3.20", "AS", "base"]},
		{"Cmd": "user", "Stage": 0, "Value": [case.user]},
		{"Cmd": "from", "Stage": 1, "Value": [case.base]},
	]
	count(found) == case.want
}
