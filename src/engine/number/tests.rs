use super::*;

fn number(text: &str) -> Value {
    parse(text).unwrap()
}

fn shown(result: Number) -> String {
    result.map_or_else(|failure| failure.to_string(), |value| text(&value))
}

#[test]
fn arithmetic_is_opas() {
    reset();
    // What `opa eval` of OPA 1.22 prints.
    let table = [
        ("0.1", "+", "0.2", "0.3"),
        ("2", "/", "3", "0.6666666666666666667"),
        ("1234567.25", "*", "2", "2.4691345e+06"),
        ("123456789012345678901234567890", "+", "1", "123456789012345678901234567891"),
        ("1", "/", "0", "divide by zero"),
        ("7", "%", "-3", "1"),
        ("7.5", "%", "2", "modulo on floating-point number"),
    ];
    for (left, op, right, want) in table {
        let (left, right) = (number(left), number(right));
        let got = match op {
            "+" => add(&left, &right),
            "*" => mul(&left, &right),
            "/" => div(&left, &right),
            _ => rem(&left, &right),
        };
        assert_eq!(shown(got), want);
    }
}

#[test]
fn a_third_three_times_is_one() {
    reset();
    let third = div(&number("1"), &number("3")).unwrap();
    assert_eq!(mul(&third, &number("3")).unwrap(), number("1"));
    assert_eq!(order(&third, &number("0.333333333333333")), Ordering::Greater);
}

#[test]
fn numbers_that_share_a_float_stay_apart() {
    reset();
    let one = number("0.66666666666666666601");
    let other = number("0.66666666666666666649");
    assert_ne!(one, other);
    assert_eq!((text(&one).as_str(), text(&other).as_str()), ("0.66666666666666666603", "0.66666666666666666647"));
}
