package t
a.b.c contains 1
a.b.d := 3
a.e[x] := y if { some x, y in {"q": 1} }
p := a
q := a.b.c[1]
r := a[x].d if { some x; a[x].d }
