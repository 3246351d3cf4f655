//! `net.cidr_*` as Go's `net` package reads addresses and OPA compares them.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, Failure};

/// The most pairs `net.cidr_contains_matches` compares.
const MAX_PAIRS: usize = 4_000_000;
/// Where IPv4 lies in the space of IPv6.
const MAPPED: u128 = 0xffff_0000_0000;

/// A block of addresses, both families in the space of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    first: u128,
    last: u128,
    /// The address to print, which a plain address keeps unmasked.
    shown: u128,
    prefix: u32,
    four: bool,
}

impl Block {
    const fn new(address: u128, prefix: u32, four: bool) -> Self {
        let host = if four { 32 - prefix } else { 128 - prefix };
        let low = if host >= 128 { u128::MAX } else { (1 << host) - 1 };
        let first = address & !low;
        Self { first, last: address | low, shown: first, prefix, four }
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        if prefix.is_empty() || prefix.len() > 3 || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let prefix: u32 = prefix.parse().ok()?;
        let address: IpAddr = address.parse().ok()?;
        let four = address.is_ipv4();
        (prefix <= if four { 32 } else { 128 }).then(|| Self::new(mapped(address), prefix, four))
    }

    const fn holds(&self, address: u128) -> bool {
        let is_four = address >> 32 == 0xffff;
        is_four == (self.four || self.first >> 32 == 0xffff) && self.first <= address && address <= self.last
    }

    fn text(&self) -> String {
        format!("{}/{}", show(self.shown, self.four), self.prefix)
    }
}

fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => MAPPED | u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six),
    }
}

fn show(address: u128, four: bool) -> String {
    match u32::try_from(address & 0xffff_ffff) {
        Ok(low) if four => Ipv4Addr::from(low).to_string(),
        _ => Ipv6Addr::from(address).to_string(),
    }
}

fn block(args: &[Value], index: usize) -> Result<Block, Failure> {
    let text = args::string(args, index)?;
    Block::parse(text).ok_or_else(|| Failure::Undefined(format!("invalid CIDR address: {text}")))
}

#[allow(clippy::unnecessary_wraps)] // The table's signature.
pub fn is_valid(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::string(args, 0).is_ok_and(|text| Block::parse(text).is_some())))
}

pub fn intersects(_: &Context, args: &[Value]) -> Run {
    let (a, b) = (block(args, 0)?, block(args, 1)?);
    Ok(Value::from(a.holds(b.first) || b.holds(a.first)))
}

pub fn contains(_: &Context, args: &[Value]) -> Run {
    contained(args::string(args, 0)?, args::string(args, 1)?).map(Value::from)
}

fn contained(outer: &str, inner: &str) -> Result<bool, Failure> {
    let outer = Block::parse(outer).ok_or_else(|| Failure::Undefined(format!("invalid CIDR address: {outer}")))?;
    if let Ok(address) = inner.parse::<IpAddr>() {
        return Ok(outer.holds(mapped(address)));
    }
    match Block::parse(inner) {
        Some(inner) => Ok(outer.holds(inner.first) && outer.holds(inner.last)),
        None => undefined(format!("not a valid textual representation of an IP address or CIDR: {inner}")),
    }
}

pub fn expand(context: &Context, args: &[Value]) -> Run {
    let block = block(args, 0)?;
    let count = usize::try_from(block.last - block.first).unwrap_or(usize::MAX).saturating_add(1);
    args::cap("net.cidr_expand", "addresses", count, context.caps.items)?;
    let all: BTreeSet<Value> = (block.first..=block.last).map(|at| Value::from(show(at, block.four))).collect();
    Ok(Value::from(all))
}

/// The blocks of an operand of `net.cidr_contains_matches`, each with its key.
fn keyed<'a>(args: &'a [Value], index: usize) -> Result<Vec<(&'a str, Value)>, Failure> {
    let text = |value: &'a Value| {
        let first = match value {
            Value::Array(items) => items.first(),
            other => Some(other),
        };
        match first {
            Some(Value::String(text)) => Ok(text.as_ref()),
            _ => undefined(format!("operand {}: element must be string or non-empty array", index + 1)),
        }
    };
    match args::value(args, index)? {
        whole @ Value::String(_) => Ok(vec![(text(whole)?, whole.clone())]),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| Ok((text(item)?, Value::from(at)))).collect(),
        Value::Set(items) => items.iter_sorted().map(|item| Ok((text(item)?, item.clone()))).collect(),
        Value::Object(object) => object.iter_sorted().map(|(key, item)| Ok((text(item)?, key.clone()))).collect(),
        // As in OPA nothing matches what is no collection.
        _ => Ok(Vec::new()),
    }
}

pub fn contains_matches(_: &Context, args: &[Value]) -> Run {
    let (outers, inners) = (keyed(args, 0)?, keyed(args, 1)?);
    let pairs = outers.len().saturating_mul(inners.len());
    args::cap("net.cidr_contains_matches", "pairs", pairs, MAX_PAIRS)?;
    let mut hits = BTreeSet::new();
    for (outer, outer_key) in &outers {
        for (inner, inner_key) in &inners {
            if contained(outer, inner)? {
                hits.insert(Value::from(vec![outer_key.clone(), inner_key.clone()]));
            }
        }
    }
    Ok(Value::from(hits))
}

/// An element of `net.cidr_merge`: an address alone has the prefix of its class.
fn element(value: &Value) -> Result<Block, Failure> {
    let Value::String(text) = value else { return undefined("element must be string") };
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(four)) => {
            let prefix = match four.octets() {
                [0..=127, ..] => 8,
                [128..=191, ..] => 16,
                _ => 24,
            };
            let shown = mapped(IpAddr::V4(four));
            Ok(Block { shown, ..Block::new(shown, prefix, true) })
        }
        Ok(IpAddr::V6(_)) => undefined("IPv6 invalid: needs prefix length"),
        Err(_) => Block::parse(text).ok_or_else(|| Failure::Undefined(format!("invalid CIDR address: {text}"))),
    }
}

pub fn merge(_: &Context, args: &[Value]) -> Run {
    let mut blocks = Vec::new();
    for value in args::collection(args, 0)? {
        blocks.push(element(value)?);
    }
    blocks.sort_by_key(|block| (block.last, block.first));
    let mut merged = BTreeSet::new();
    let mut current: Option<(Block, bool)> = None;
    // From the highest down, as OPA does: a range swallows the ones it touches.
    for below in blocks.into_iter().rev() {
        current = Some(match current {
            Some((above, _)) if above.first.saturating_sub(1) <= below.last => {
                let first = above.first.min(below.first);
                (Block { first, shown: first, ..above }, true)
            }
            Some((above, joined)) => {
                finish(&above, joined, &mut merged);
                (below, false)
            }
            None => (below, false),
        });
    }
    if let Some((last, joined)) = current {
        finish(&last, joined, &mut merged);
    }
    Ok(Value::from(merged))
}

/// Writes a range as the fewest blocks that make it up.
fn finish(range: &Block, joined: bool, out: &mut BTreeSet<Value>) {
    if !joined {
        out.insert(Value::from(range.text()));
        return;
    }
    let bits = if range.four { 32 } else { 128 };
    let mut at = range.first;
    // At most two blocks a bit.
    for _ in 0..=256 {
        let aligned = at.trailing_zeros().min(bits);
        let left = (range.last - at).saturating_add(1);
        let whole = at == 0 && range.last == u128::MAX;
        let host = if whole { 128 } else { aligned.min(127 - left.leading_zeros().min(127)) };
        let block = Block::new(at, bits - host, range.four);
        out.insert(Value::from(block.text()));
        match block.last.checked_add(1) {
            Some(next) if next <= range.last => at = next,
            _ => return,
        }
    }
}
