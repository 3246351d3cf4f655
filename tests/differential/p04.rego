package t
p := x if { x := input.missing with input.missing as 3 }
q if { r with input as {"z": input.s} }
r := input.z
s := [input.s, r] if { true }
