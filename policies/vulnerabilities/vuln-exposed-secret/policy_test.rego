package regate.vulnerabilities.exposed_secret_test

import data.regate.vulnerabilities.exposed_secret

test_a_fault_is_found if {
	exposed_secret.deny == {"`app/settings.ini` holds a secret: Asymmetric Private Key"} with input as {
		"SchemaVersion": 2,
		"ArtifactName": "registry.example.com/shop/api:2.7.1",
		"Results": [
			{
				"Target": "app/settings.ini",
				"Class": "secret",
				"Secrets": [
					{
						"RuleID": "private-key",
						"Category": "AsymmetricPrivateKey",
						"Severity": "HIGH",
						"Title": "Asymmetric Private Key",
						"StartLine": 3,
					},
				],
			},
		],
	}
}

test_a_mended_document_passes if {
	exposed_secret.deny == set() with input as {
		"SchemaVersion": 2,
		"ArtifactName": "registry.example.com/shop/api:2.7.1",
		"Results": [{"Target": "app/settings.ini", "Class": "secret"}],
	}
}
