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

warn contains "the image has no `HEALTHCHECK`" if {
	input[_].Cmd == "from"
	not has_healthcheck
}

has_healthcheck if input[_].Cmd == "healthcheck"
