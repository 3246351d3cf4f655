package regate.vulnerabilities.error_result_test

import data.regate.vulnerabilities.error_result

test_a_fault_is_found if {
	error_result.deny == {"shop-scan reports `sql-injection` in `services/api/search.go`: The query is built from input."} with input as {
		"version": "2.1.0",
		"runs": [
			{
				"tool": {"driver": {"name": "shop-scan"}},
				"results": [
					{
						"ruleId": "sql-injection",
						"level": "error",
						"message": {"text": "The query is built from input."},
						"locations": [
							{
								"physicalLocation": {
									"artifactLocation": {"uri": "services/api/search.go"},
									"region": {"startLine": 41},
								},
							},
						],
					},
				],
			},
		],
	}
}

test_a_mended_document_passes if {
	error_result.deny == set() with input as {
		"version": "2.1.0",
		"runs": [
			{
				"tool": {"driver": {"name": "shop-scan"}},
				"results": [
					{
						"ruleId": "sql-injection",
						"level": "note",
						"message": {"text": "The query is built from input."},
						"locations": [
							{
								"physicalLocation": {
									"artifactLocation": {"uri": "services/api/search.go"},
									"region": {"startLine": 41},
								},
							},
						],
					},
				],
			},
		],
	}
}
