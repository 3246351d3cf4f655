package t
import future.keywords.in
deny[m] { m := 1; m in [1] }
