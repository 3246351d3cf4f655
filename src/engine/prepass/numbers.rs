//! Number literals that no float holds: `2e308` becomes `(2e290 * 1e18)`, since regorus's lexer takes floats only.

use super::Edit;
use super::lex::{Kind, Token};

/// The largest exponent that is taken.
const MOST: u32 = 590;
/// The exponent of the first factor, which every float has room for.
const HALF: u32 = 290;

/// Rewrites the literals beyond a 64-bit float.
pub fn rewrite(text: &str, tokens: &[Token], edits: &mut Vec<Edit>) {
    for token in tokens {
        if token.kind != Kind::Number {
            continue;
        }
        let literal = text.get(token.start..token.end).unwrap_or_default();
        if literal.parse::<f64>().is_ok_and(f64::is_infinite)
            && let Some(product) = product(literal)
        {
            edits.push(Edit::replace(token.start, token.end, product));
        }
    }
}

/// The literal as a product; none where it is far too large.
fn product(literal: &str) -> Option<String> {
    let (mantissa, power) = literal.split_once(['e', 'E'])?;
    let power: u32 = power.trim_start_matches('+').parse().ok().filter(|power| *power <= MOST)?;
    Some(format!("({mantissa}e{HALF} * 1e{})", power.checked_sub(HALF)?))
}

#[cfg(test)]
mod tests {
    use crate::engine::prepass::prepare;

    #[test]
    fn a_literal_beyond_floats_is_a_product() {
        let text = prepare("a.rego", "package a\np := [2e308, 1.5E+309, 1e10]\n", None).unwrap().text;
        assert_eq!(text, "package a\np := [(2e290 * 1e18), (1.5e290 * 1e19), 1e10]\n");
    }
}
