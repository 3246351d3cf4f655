package t
violation contains {"msg": msg, "details": {"missing": missing}} if { provided := {l | input.o[l]}; required := {l | l := ["k1","zz"][_]}; missing := required - provided; count(missing) > 0; msg := sprintf("you must provide labels: %v", [missing]) }
