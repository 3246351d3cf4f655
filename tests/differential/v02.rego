package t
import future.keywords.in
CxPolicy[result] { r := input.o[name]; not r.tags; result := {"id": name, "v": object.get(r, "v", "undefined")} }
allow { input.s == "str"; input.items[_].b = 2 }
default d = "x"
d = "y" { input.items[_].b > 5 }
count_it = n { n := count({x | input.items[x].a}) }
any_it = any([x | x := input.items[_].a == 3])
all_it = all([true, input.fl])
x[y] = z { z := input.o[y] }
no[x] { input.items[x]; not input.items[x].a = 1 }
no2[x] { input.items[x]; not input.items[x].a == 1 }
no3[x] { input.items[x]; input.items[x].a != 1 }
