# METADATA
# title: What Terraform rules share
# description: Reads switches and values that may be unknown until Terraform runs.
package regate.lib.terraform

# Off: not set, or set to false. A value that is not known (`"${…}"`) is neither on nor off.
is_off(block, name) if object.get(block, name, null) in [null, false, "false"]

is_on(block, name) if object.get(block, name, null) in [true, "true"]

# A value that is known before Terraform runs.
is_known(value) if {
	not is_string(value)
	not is_null(value)
}

is_known(value) if {
	is_string(value)
	not contains(value, "${")
}

# The whole internet, in both versions of its addresses.
everyone := {"0.0.0.0/0", "::/0"}

# Ports as numbers: a template such as `"${var.port}"` with a known value may leave text.
port(value) := value if is_number(value)

port(value) := to_number(value) if regex.match(`^[0-9]+$`, value)
