package t
default f(_) := 0
f(x) := x if x > 3
p := [f(1), f(4), f("a")]
q := f(input.missing)
