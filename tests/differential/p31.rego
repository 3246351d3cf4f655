package t
p := x if { x := input.o[k].v; k == "k2" }
q contains k if { input.o[k].v == 2 }
r := input["o"]["k1"].v
s := input.items[0].tags[1]
t := input.items["0"]
u := input.items[-1]
v := input.items[1.0].b
