package regate.tests.failed_test_test

import data.regate.tests.failed_test

test_a_fault_is_found if {
	failed_test.deny == {"test `applies a voucher once` of `cart` failed"} with input as {
		"testsuites": {
			"testsuite": {
				"-name": "cart",
				"-tests": "1",
				"-failures": "1",
				"testcase": {
					"-name": "applies a voucher once",
					"failure": {"-message": "expected 9.00, got 8.10", "#content": "cart_test.go:57"},
				},
			},
		},
	}
}

test_a_mended_document_passes if {
	failed_test.deny == set() with input as {
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
