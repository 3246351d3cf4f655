package t.x
p contains y if { data[input.pkg].obj[y] }
q := data[input.pkg].obj
r contains [k,v] if { data.sub[k][v] }
s contains [k,v] if { v := data[input.pkg].obj[k] }

u := data[lower("SUB")].obj[y] if { some y; data[lower("SUB")].obj[y] }
