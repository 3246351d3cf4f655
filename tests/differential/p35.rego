package t
p contains x if { x := input.items[_]; object.get(x, "a", 0) < 2 }
q contains k if { some k; input.o[k]; not input.o[k].v }
