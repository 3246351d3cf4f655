package t
import future.keywords.in
deny[result] { r := input.o[name]; not r.tags; result := name }
d = "y" { input.n }
