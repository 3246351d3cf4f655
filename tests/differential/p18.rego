package t
p contains msg if { x := input.items[_]; msg := sprintf("%v %d %s", [x.a, x.a, x.a]) }
q := sprintf("%d", ["a"])
r := sprintf("%s", [1])
s := sprintf("%v %v", [1])
t := sprintf("%.2f", [3])
u := sprintf("%d", [1.5])
