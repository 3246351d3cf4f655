package t
p := [y | some x in input.items; y := [t | some t in x.tags]]
q := {k: [v | v := input.o[k].v] | input.o[k]}
r := {x | x := input.items[_].tags[_]; x != "y"}
