package t
p := x if { x = input.n; x > 3 }
q := y if { y = x + 1; x = 3 }
r if { z = 3; 3 = z }
s := {a, b} if { a = b; b = 1 }
