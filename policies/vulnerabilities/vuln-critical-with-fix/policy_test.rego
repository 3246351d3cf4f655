package regate.vulnerabilities.critical_with_fix_test

import data.regate.vulnerabilities.critical_with_fix

test_a_fault_is_found if {
	critical_with_fix.deny == {"CVE-2024-5535 in libssl3 3.3.0-r2 is critical and fixed in 3.3.1-r1"} with input as {
		"SchemaVersion": 2,
		"ArtifactName": "registry.example.com/shop/api:2.7.1",
		"Results": [
			{
				"Target": "alpine 3.20",
				"Class": "os-pkgs",
				"Vulnerabilities": [
					{
						"VulnerabilityID": "CVE-2024-5535",
						"PkgName": "libssl3",
						"InstalledVersion": "3.3.0-r2",
						"FixedVersion": "3.3.1-r1",
						"Severity": "CRITICAL",
					},
				],
			},
		],
	}
}

test_a_mended_document_passes if {
	critical_with_fix.deny == set() with input as {
		"SchemaVersion": 2,
		"ArtifactName": "registry.example.com/shop/api:2.7.1",
		"Results": [
			{
				"Target": "alpine 3.20",
				"Class": "os-pkgs",
				"Vulnerabilities": [
					{
						"VulnerabilityID": "CVE-2024-5535",
						"PkgName": "libssl3",
						"InstalledVersion": "3.3.0-r2",
						"FixedVersion": "3.3.1-r1",
						"Severity": "LOW",
					},
				],
			},
		],
	}
}
