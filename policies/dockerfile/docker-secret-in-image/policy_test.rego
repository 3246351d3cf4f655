package regate.dockerfile.secret_in_image_test

import data.regate.dockerfile.secret_in_image

test_a_fault_is_found if {
	secret_in_image.deny == {"`ENV` sets the secret `PAYMENT_API_KEY`"} with input as [
		{
			"Cmd": "from",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["alpine:3.20"],
		},
		{
			"Cmd": "env",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["PORT", "8000", "=", "PAYMENT_API_KEY", "pk_test_not_a_real_key", "="],
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
	secret_in_image.deny == set() with input as [
		{
			"Cmd": "from",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["alpine:3.20"],
		},
		{
			"Cmd": "env",
			"Flags": [],
			"JSON": false,
			"Stage": 0,
			"SubCmd": "",
			"Value": ["PORT", "8000", "="],
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

test_a_build_argument_with_a_value_is_found[argument] if {
	some argument, want in {
		"NPM_TOKEN=abc": {"`ARG` sets the secret `NPM_TOKEN`"},
		"NPM_TOKEN=": set(),
		"NPM_TOKEN": set(),
		"VERSION=1": set(),
	}
	secret_in_image.deny == want with input as [{"Cmd": "arg", "Stage": 0, "Value": [argument]}]
}
