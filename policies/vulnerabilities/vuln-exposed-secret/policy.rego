# METADATA
# title: No secret was found in what is shipped
# description: A key in an image or a repository belongs to everyone who has it.
# related_resources:
#   - ref: https://trivy.dev/latest/docs/
# custom:
#   id: vuln-exposed-secret
#   severity: high
#   kinds: [trivy]
#   controls:
#     nist-800-53-r5: [ia-5, ia-5.7]
#     pci-dss-4.0.1: ["8.6.2"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.5.17]
#   remediation: Withdraw the secret, remove it, and read it from a secret store.
package regate.vulnerabilities.exposed_secret

deny contains msg if {
	result := input.Results[_]
	secret := result.Secrets[_]
	msg := sprintf("`%s` holds a secret: %s", [result.Target, secret.Title])
}
