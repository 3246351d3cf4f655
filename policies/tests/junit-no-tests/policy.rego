# METADATA
# title: A test report has tests
# description: 'A report without tests passes by saying nothing: often a filter or a path was wrong.'
# related_resources:
#   - ref: https://github.com/testmoapp/junitxml
# custom:
#   id: junit-no-tests
#   severity: medium
#   kinds: [junit]
#   controls:
#     nist-800-53-r5: [sa-11]
#     pci-dss-4.0.1: ["6.2.4"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.8.29]
#   remediation: Check that the test command finds its tests.
package regate.tests.no_tests

deny contains "the report has no tests" if count(cases) == 0

cases := [case |
	some suite in suites
	case := list(suite.testcase)[_]
]

# goxml2json's shape: one element is an object, several are a list, text and attributes are strings.
list(value) := value if is_array(value)

list(value) := [value] if is_object(value)

suites contains suite if {
	suite := list(input.testsuites.testsuite)[_]
}

suites contains input.testsuite
