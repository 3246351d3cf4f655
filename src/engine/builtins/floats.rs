//! Floating-point numbers as Go's `strconv.FormatFloat` writes them.

/// `%e`: a mantissa with `precision` decimals and a signed exponent of two digits or more.
pub fn exponent(float: f64, precision: usize) -> String {
    with_exponent(&format!("{float:.precision$e}"))
}

fn with_exponent(rust: &str) -> String {
    let (mantissa, power) = rust.split_once('e').unwrap_or((rust, "0"));
    let (sign, digits) = power.strip_prefix('-').map_or(('+', power), |rest| ('-', rest));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// `%g`: the shortest text that reads back as the same number, or `precision` digits.
pub fn general(float: f64, precision: Option<usize>) -> String {
    let rust = match precision {
        None => format!("{float:e}"),
        Some(digits) => format!("{float:.*e}", digits.max(1) - 1),
    };
    let (mantissa, power) = rust.split_once('e').unwrap_or((&rust, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let digits = mantissa.chars().filter(char::is_ascii_digit).count();
    let limit = precision.map_or(6, |wanted| {
        let wanted = wanted.max(1);
        let whole = usize::try_from(power.saturating_add(1)).unwrap_or(0);
        if wanted > digits && digits >= whole { digits } else { wanted }
    });
    if power < -4 || power >= i32::try_from(limit).unwrap_or(i32::MAX) {
        return with_exponent(&format!("{mantissa}e{power}"));
    }
    let decimals = i32::try_from(digits).unwrap_or(0) - 1 - power;
    format!("{float:.*}", usize::try_from(decimals).unwrap_or(0))
}
