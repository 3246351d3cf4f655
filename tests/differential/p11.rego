package t
p := object.get(input, ["o","k1","v"], "d")
q := object.get(input, ["o","k9","v"], "d")
s := object.get(input, [], "d")
t := object.get(input, ["items", 1, "b"], 0)
