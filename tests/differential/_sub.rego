package sub
v := 1
w := 2
set contains 5
obj.sub := 4
fn(x) := x + 1
str := 6
