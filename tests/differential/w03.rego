package t
import future.keywords
p contains x if { some x in input.items }
q { 1 in [1] }
