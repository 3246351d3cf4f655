package t
f(1) := "one"
f(2) := "two"
f(x) := "many" if x > 2
p := [f(1), f(2), f(3)]
q := f(0)
