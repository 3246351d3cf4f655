package t
deny[msg] { input.items[i].a == 1; msg := sprintf("item %d", [i]) }
deny[msg] { not input.missing; msg := "m" } { input.zz; msg := "n" }
is_true = true { input.t }
has(o, k) { _ = o[k] }
p[k] { has(input.o[k], "v") }
q { not has(input.o, "fl") }
f(x) = y { y := x + 1 } else = 5 { true }
r = f(input.n)
s = f("a")
