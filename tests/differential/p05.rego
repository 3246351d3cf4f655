package t
default p := false
p if { input.missing }
else := 2 if { input.n > 10 }
else := 3 if { input.n == 5 }
