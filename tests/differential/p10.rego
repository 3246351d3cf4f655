package t
p contains [path, v] if { walk(input.o, [path, v]); is_number(v) }
q contains v if { walk(input.items, [_, v]); is_string(v) }
s contains x if { walk(input.items, [[x, "a"], _]) }
