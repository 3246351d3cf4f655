package regate.lib.terraform_test

import data.regate.lib.terraform

test_only_what_terraform_has_yet_to_make_is_unknown[name] if {
	some name, case in {
		"number": {"value": 1, "want": true},
		"text": {"value": "a", "want": true},
		"template": {"value": "${var.a}", "want": false},
		"null": {"value": null, "want": false},
	}
	known := {true | terraform.is_known(case.value)}
	case.want == (true in known)
}
