package t
p contains i if { some i, x in input.items; not x.a }
