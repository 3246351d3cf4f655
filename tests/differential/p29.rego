package t
p := json.unmarshal("{")
q if { not json.unmarshal("{") }
r := to_number("x")
s := to_number("12.50")
t := to_number(null)
