package t
p := startswith(input.n, "a")
q if { not startswith(input.n, "a") }
r if { not startswith(input.missing, "a") }
s := concat(",", input.items)
t := lower(input.nul)
