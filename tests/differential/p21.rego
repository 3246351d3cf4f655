package t
p if { not input.fl }
q if { input.nul }
r if { input.nul == null }
s if { not input.nul }
t if { input.n }
