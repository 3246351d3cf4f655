package t
p if { x := input.items[_]; x.a == 1; y := x.tags[_]; y == "y" }
q if { input.items[_].a == 2 }
r := x if { some x in input.items; x.b }
