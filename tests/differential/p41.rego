package t

f() := {"a": input.n}

none() := out if {
	out := input.no
}

value := f

part := f.a

absent if none

closures := [n, m] if {
	some i
	n := [x | x := input.items[i]]
	m := {x | x := input.items[i]; i > 0}
}

printed if {
	print("never", input.no, input.items[0])
}

printed_in := [x | some x in [1, 2]; print(x, [y | y := 1])]
