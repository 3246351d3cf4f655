# METADATA
# title: Images do not run as root
# description: What breaks out of a container as root is root on the host.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-runs-as-root
#   severity: medium
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: End the last stage with `USER` and a user of its own, such as `USER 10001:10001`.
package regate.dockerfile.runs_as_root

deny contains "the image runs as root: its last stage has no `USER`" if {
	last_stage >= 0
	count(users) == 0
	not nonroot_base
}

deny contains msg if {
	user := users[count(users) - 1]
	split(user, ":")[0] in {"root", "0"}
	msg := sprintf("the image runs as root: `USER %s`", [user])
}

last_stage := max([instruction.Stage |
	some instruction in input
	instruction.Cmd == "from"
])

users := [instruction.Value[0] |
	some instruction in input
	instruction.Cmd == "user"
	instruction.Stage == last_stage
]

# An image made to run without root, and a stage of this file, bring their user along.
nonroot_base if {
	some instruction in input
	instruction.Cmd == "from"
	instruction.Stage == last_stage
	contains(instruction.Value[0], "nonroot")
}

nonroot_base if {
	some instruction in input
	instruction.Cmd == "from"
	instruction.Stage == last_stage
	some earlier in input
	earlier.Cmd == "from"
	earlier.Value[2] == instruction.Value[0]
	some user in input
	user.Cmd == "user"
	user.Stage == earlier.Stage
	not split(user.Value[0], ":")[0] in {"root", "0"}
}
