# METADATA
# title: What Kubernetes rules share
# description: Finds the pod and its containers in every kind that carries them.
package regate.lib.kubernetes

# Kinds that keep their pod under `spec.template`.
templated := {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"}

pod_spec := input.spec if input.kind == "Pod"

pod_spec := input.spec.template.spec if input.kind in templated

pod_spec := input.spec.jobTemplate.spec.template.spec if input.kind == "CronJob"

# Every container of the pod, those that start it up and those for debugging included.
containers contains container if {
	some field in ["containers", "initContainers", "ephemeralContainers"]
	container := pod_spec[field][_]
	is_object(container)
}

# The containers that do the pod's work.
main_containers contains container if {
	container := pod_spec.containers[_]
	is_object(container)
}

# The resource as people name it: `Deployment/web`.
resource := sprintf("%s/%s", [input.kind, object.get(input, ["metadata", "name"], "?")])
