# METADATA
# title: Images say how to tell that they work
# description: Without a check a platform sees only that the process is there. Kubernetes uses its own probes instead.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-no-healthcheck
#   severity: low
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [sc-5]
#     soc-2-2017: [A1.1]
#     iso-27001-2022: [A.8.6]
#   remediation: Add a `HEALTHCHECK`.
package regate.dockerfile.no_healthcheck

# The stage that becomes the image is the last one.
final := max([at | input[at].Cmd == "from"])

warn contains "the image has no `HEALTHCHECK`" if {
	stage := input[final]
	not has_healthcheck(stage)
}

has_healthcheck(stage) if has_own_healthcheck(stage)

# A stage that builds on another one inherits its check.
has_healthcheck(stage) if {
	some below in input
	below.Cmd == "from"
	below.Stage < stage.Stage
	below.Value[2] == stage.Value[0]
	has_own_healthcheck(below)
}

has_own_healthcheck(stage) if {
	some instruction in input
	instruction.Cmd == "healthcheck"
	instruction.Stage == stage.Stage
}
