package regate.tests.no_tests_test

import data.regate.tests.no_tests

test_a_fault_is_found if {
	no_tests.deny == {"the report has no tests"} with input as {"testsuites": {"testsuite": {"-name": "cart", "-tests": "0", "-failures": "0"}}}
}

test_a_mended_document_passes if {
	no_tests.deny == set() with input as {
		"testsuites": {
			"testsuite": {
				"-name": "cart",
				"-tests": "1",
				"-failures": "0",
				"testcase": {"-name": "applies a voucher once", "-classname": "cart"},
			},
		},
	}
}
