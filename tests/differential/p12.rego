package t
p := input.items - {1}
q := {1,2} - {2}
r := {1} | {2}
s := input.n - input.s
t := input.n & {1}
u := {1} & input.e
v := [1 + input.missing]
w := count(input.n)
