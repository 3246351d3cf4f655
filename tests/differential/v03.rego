package t
is_bool(x) { x == true } { x == false }
a { is_bool(input.fl) }
b { not is_bool(input.n) }
c[m] { m := input.items[_].tags[_] }
d[m] { c[m]; m != "x" }
e { c["y"] }
f = { "k": v | v := c[_] } { count(c) == 1 }
g = [x | x := c[_]]
h { input.items[_].tags[_] == ["x", "q"][_] }
get(o, p, d) = v { v := o[p] } else = d
i = get(input, "zz", 1)
j = get(input, "fl", 1)
last(a) = a[minus(count(a), 1)]
k = last(input.items)
re { re_match("^s", input.s) }
sd = set_diff({1,2}, {2})
cast = cast_array({1})
