package t
p := {"a": input.missing}
q := [input.missing]
r := {input.missing}
s := count([1 | input.missing])
