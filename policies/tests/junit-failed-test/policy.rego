# METADATA
# title: All tests pass
# description: A failing test says that the system does not do what somebody relied on.
# related_resources:
#   - ref: https://github.com/testmoapp/junitxml
# custom:
#   id: junit-failed-test
#   severity: high
#   kinds: [junit]
#   controls:
#     nist-800-53-r5: [sa-11]
#     pci-dss-4.0.1: ["6.2.4"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.8.29]
#   remediation: Mend the code or the test.
package regate.tests.failed_test

deny contains msg if {
	some suite in suites
	case := list(suite.testcase)[_]
	some outcome in ["failure", "error"]
	object.get(case, outcome, null) != null
	msg := sprintf("test `%s` of `%s` failed", [case["-name"], object.get(suite, "-name", "?")])
}

# goxml2json's shape: one element is an object, several are a list, text and attributes are strings.
list(value) := value if is_array(value)

list(value) := [value] if is_object(value)

suites contains suite if {
	suite := list(input.testsuites.testsuite)[_]
}

suites contains input.testsuite
