# METADATA
# title: No critical vulnerability is left that has a fix
# description: A critical weakness with a fix is the one most likely to be used, and the easiest to remove.
# related_resources:
#   - ref: https://trivy.dev/latest/docs/
# custom:
#   id: vuln-critical-with-fix
#   severity: critical
#   kinds: [trivy]
#   controls:
#     nist-800-53-r5: [ra-5, si-2]
#     pci-dss-4.0.1: ["6.3.1", "6.3.3"]
#     soc-2-2017: [CC7.1]
#     iso-27001-2022: [A.8.8]
#   remediation: Update the package to the version with the fix and build again.
package regate.vulnerabilities.critical_with_fix

deny contains msg if {
	result := input.Results[_]
	vulnerability := result.Vulnerabilities[_]
	vulnerability.Severity == "CRITICAL"
	object.get(vulnerability, "FixedVersion", "") != ""
	msg := sprintf("%s in %s %s is critical and fixed in %s", [
		vulnerability.VulnerabilityID,
		vulnerability.PkgName,
		vulnerability.InstalledVersion,
		vulnerability.FixedVersion,
	])
}
