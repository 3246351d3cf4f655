package t
p if { 1 in [1] }
q if { "k1", {"v": 1} in input.o }
r if { not 3 in input.e }
s if { "v" in input.o.k3 }
t if { input.missing in [1] }
u if { not input.missing in [1] }
