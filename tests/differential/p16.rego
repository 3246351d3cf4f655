package t
import data.sub
import data.sub as al
p := sub.v
q := al.w
