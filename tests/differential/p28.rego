package t
p := y if { x := {"a": 1}; y := x.a } else := 7
q := 1 if { false } else := 2 if { input.missing } else := 3
r := 1 if { false } else := input.missing
