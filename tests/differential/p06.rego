package t
p[k] := v if { some k, v in input.o; is_object(v) }
q[k].v := v.v if { some k, v in input.o }
q.x.y := 1
