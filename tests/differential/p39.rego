package t
p := data.sub.fn(3)
q := data.sub.missing
r := data.nowhere.x
s if { not data.nowhere.x }
t contains x if { some x in data.sub.set }
u := data.sub.obj[input.pkg]
