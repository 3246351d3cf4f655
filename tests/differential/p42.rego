package t

lists := [[1, 2], [3]]

every_index if {
	every i, x in lists {
		count(x) > 0
		i >= 0
	}
}

unused_some if {
	some k
	every x in lists {
		x[k] > 0
	}
}

some_in_not if {
	some i
	not none_of(i)
	i = 1
}

none_of(x) if x == 2

nested := {x | some i; x := [y | y := lists[i][_]]; i = 0}

with_default := [f | f := object.get(input, "nope", "d")]

else_value := "a" if {
	input.nope
} else := "b" if {
	some x in input.e
	x
} else := "c"

partial[k] := v if {
	some k, v in input.o
	v.v > 1
}

deep.a.b := 1

deep.a.c := input.nope

deep.a[k] := 3 if some k in ["d", "e"]

sets contains [i, x] if some i, x in lists

strings := sprintf("%v %v %v", [{"b", "a"}, {"z": 1, "y": null}, lists])

template := $"{lists} and {input.nope} and {input.f}"

assigned := x if {
	[x, 1] = [7, 1]
}

mismatch if {
	[x, 2] = [7, 1]
	x
}

walked := {concat("/", [sprintf("%v", [p]) | some p in path]) | walk(lists, [path, value]); value == 3}

mocked := x if x := count(lists) with count as 5

mocked_function if none_of(3) with none_of as true

replaced := [x, y] if {
	x := input.n with input.n as 9
	y := data.y with data.y as {"z": 2}
}
