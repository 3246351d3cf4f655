//! Numbers that no float holds as OPA has them, by the float that stands for each.

use std::cell::RefCell;
use std::collections::HashMap;

use super::real::Real;
use crate::engine::builtins::Failure;

/// The most numbers one evaluation can remember.
const MOST: usize = 500_000;
/// How far from a number its float may be, in steps, where nearer ones stand for others.
const STEPS: u32 = 64;
/// Floats of no more digits than this are what people write, and so stand for themselves only.
const WRITTEN: usize = 15;

thread_local! {
    static KEPT: RefCell<HashMap<u64, Box<str>>> = RefCell::new(HashMap::new());
}

/// Forgets all: a new evaluation begins.
pub fn reset() {
    KEPT.with_borrow_mut(HashMap::clear);
}

/// Whether nothing is remembered.
pub fn is_empty() -> bool {
    KEPT.with_borrow(HashMap::is_empty)
}

/// The text of the number that `float` stands for, when it stands for another.
pub fn text(float: f64) -> Option<String> {
    KEPT.with_borrow(|kept| kept.get(&float.to_bits()).map(ToString::to_string))
}

/// The float that stands for `real`, which is not whole.
///
/// It is not the float of a number that people write: `1 - 0.9` is not `0.1` in OPA
/// (but `0.1 + 0.2` is `0.3`), and `0.3 * 100` is not `30`.
pub fn keep(real: &Real) -> Result<f64, Failure> {
    let text = real.text();
    let nearest: f64 = text.parse().unwrap_or(f64::NAN);
    if !nearest.is_normal() {
        return Err(Failure::Limit(format!("the number {text} is out of bounds")));
    }
    let up = Real::parse(&super::plain(nearest)).is_some_and(|near| near.order(real).is_lt());
    KEPT.with_borrow_mut(|kept| {
        for step in 0..STEPS {
            let float = (0..step.div_ceil(2))
                .fold(nearest, |at, _| if up == (step % 2 == 1) { at.next_up() } else { at.next_down() });
            let plain = super::plain(float);
            match kept.get(&float.to_bits()) {
                Some(other) if **other == *text => return Ok(float),
                Some(_) => {}
                None if plain == text => return Ok(float),
                None if kept.len() >= MOST => break,
                None if Real::parse(&plain).as_ref() == Some(real) || is_free(float, &plain) => {
                    kept.insert(float.to_bits(), text.into());
                    return Ok(float);
                }
                None => {}
            }
        }
        Err(Failure::Limit(format!("too many numbers with more digits than a float holds, {text} among them")))
    })
}

fn is_free(float: f64, plain: &str) -> bool {
    let mantissa = plain.split('e').next().unwrap_or_default().trim_start_matches(['-', '0', '.']);
    float.fract() != 0.0 && mantissa.bytes().filter(u8::is_ascii_digit).count() > WRITTEN
}
