package t
p := {a | a := data.base[_]}
r := [z | z := [w | w := k][_]] if { k := 3 }
s := [[a, b] | a := [1,2][_]; b := {c | c := a}]
t contains v if { some k; v := data.base[k].z }
v := v1 if { some v1; v1 = [e | e := 1] }
w := x if { x := {x | x := 1} }
