package t
import future.keywords.in
import future.keywords.every
import future.keywords.if
import future.keywords.contains
q if { every x in [1] { x } }
r { input.n }
