package t
f(x) := x.missing
p if { not f(input.missing) }
q if { not f(input.o) }
