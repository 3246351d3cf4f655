package t
p if { count({x | x := input.items[_]; x.a}) == 2 }
q := n if { n := count([x | x := input.items[_]; not x.tags]) }
r := n if { xs := [x | x := input.items[_]; x.tags; count(x.tags) == 0]; n := count(xs) }
