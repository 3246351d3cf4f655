package t
p contains [i, t] if { t := input.items[i].tags[_] }
q contains i if { input.items[i].a == 3 }
r contains i if { some i; not input.items[i].a; input.items[i] }
