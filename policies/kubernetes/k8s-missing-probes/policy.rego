# METADATA
# title: Long-running containers have a readiness probe
# description: Without a probe a pod gets traffic before it can answer, also in every rollout.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# custom:
#   id: k8s-missing-probes
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [sc-5]
#     soc-2-2017: [A1.1]
#     iso-27001-2022: [A.8.6]
#   remediation: Add a `readinessProbe`.
package regate.kubernetes.missing_probes

import data.regate.lib.kubernetes

warn contains msg if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet"}
	some container in kubernetes.main_containers
	object.get(container, "readinessProbe", null) == null
	msg := sprintf("container `%s` of %s has no readiness probe", [container.name, kubernetes.resource])
}
