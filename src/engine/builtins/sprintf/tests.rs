use super::super::Context;
use super::*;

fn go(format: &str, args: &str) -> String {
    let args = Value::from_json_str(args).unwrap();
    let out = sprintf(&Context::default(), &[Value::from(format), args]).unwrap();
    out.as_string().unwrap().to_string()
}

#[test]
fn verbs_flags_and_widths_print_as_go_prints_them() {
    let cases = [
        ("%d|%5d|%-5d|%05d|%+d", "[1,2,3,4,5]", "1|    2|3    |00004|+5"),
        ("%x %X %o %O %b %#x", "[255,255,8,8,5,255]", "ff FF 10 0o10 101 0xff"),
        ("%s|%5s|%-5s|%.2s|%q", r#"["a","b","c","déf","q\"x"]"#, r#"a|    b|c    |dé|"q\"x""#),
        ("%v %v %v", "[3.14, 1234567.5, 0.00001]", "3.14 1.2345675e+06 1e-05"),
        ("%.2f %8.3f %e %g", "[3.14159, 2.5, 1234.5, 100.25]", "3.14    2.500 1.234500e+03 100.25"),
        ("%.2f %v %d", "[500.0, 500.0, 500.0]", "500.00 500 %!d(float64=500)"),
        ("%v %v", r#"[[2.0], {"a": 3.0}]"#, r#"[2.0] {"a": 3.0}"#),
        ("%[2]v %[1]v", "[1,2]", "2 1"),
        ("%*d|%.*f", "[5,1,2,3.14159]", "    1|3.14"),
        ("%T %T %T", r#"[1,"a",1.5]"#, "int64 string float64"),
        ("%c %U %t", "[65, 8364, true]", "A U+20AC %!t(string=true)"),
        ("%v", r#"[{"b":[1,"x",null],"a":{}}]"#, r#"{"a": {}, "b": [1, "x", null]}"#),
    ];
    for (format, args, want) in cases {
        assert_eq!(go(format, args), want, "{format}");
    }
}

#[test]
fn mistakes_in_a_format_give_the_texts_of_go() {
    let cases = [
        ("%d", r#"["x"]"#, "%!d(string=x)"),
        ("%d", "[3.5]", "%!d(float64=3.5)"),
        ("%s", "[7]", "%!s(int64=7)"),
        ("%v %v", "[1]", "1 %!v(MISSING)"),
        ("a", r#"[1,"b"]"#, "a%!(EXTRA int64=1, string=b)"),
        ("%", "[]", "%!(NOVERB)"),
        ("%½d", "[1]", "%!½(int64=1)d"),
        ("%[5]d", "[1]", "%!d(BADINDEX)"),
        ("%999999999d", "[1]", "%!(NOVERB)%!(EXTRA int64=1)"),
    ];
    for (format, args, want) in cases {
        assert_eq!(go(format, args), want, "{format}");
    }
}
