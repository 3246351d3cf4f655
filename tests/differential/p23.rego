package t
p contains x if { x := input.items[_]; not f(x) }
f(x) if { x.a > 1 }
f(x) if { count(x.tags) > 1 }
