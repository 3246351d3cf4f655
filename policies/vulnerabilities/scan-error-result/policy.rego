# METADATA
# title: A code scan has no errors
# description: The scanner is sure enough of these results to call them errors.
# related_resources:
#   - ref: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
# custom:
#   id: scan-error-result
#   severity: high
#   kinds: [sarif]
#   controls:
#     nist-800-53-r5: [ra-5, si-2]
#     pci-dss-4.0.1: ["6.3.1", "6.3.3"]
#     soc-2-2017: [CC7.1]
#     iso-27001-2022: [A.8.8]
#   remediation: Mend the code, or record in the scanner why the result is accepted.
package regate.vulnerabilities.error_result

deny contains msg if {
	run := input.runs[_]
	result := run.results[_]
	result.level == "error"
	count(object.get(result, "suppressions", [])) == 0
	msg := sprintf("%s reports `%s` in `%s`: %s", [run.tool.driver.name, result.ruleId, place(result), result.message.text])
}

place(result) := result.locations[0].physicalLocation.artifactLocation.uri

default place(_) := "an unnamed file"
