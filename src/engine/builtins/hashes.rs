//! `crypto.*` digests and message authentication codes, as lower-case hex.

use hmac::{Hmac, Mac};
use md5::Md5;
use regorus::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::args::{self, Run};
use super::{Context, Failure};

/// Bytes as lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digest<D: Digest>(args: &[Value]) -> Run {
    Ok(Value::from(hex(&D::digest(args::string(args, 0)?))))
}

pub fn md5(_: &Context, args: &[Value]) -> Run {
    digest::<Md5>(args)
}

pub fn sha1(_: &Context, args: &[Value]) -> Run {
    digest::<Sha1>(args)
}

pub fn sha256(_: &Context, args: &[Value]) -> Run {
    digest::<Sha256>(args)
}

fn keyed<M: Mac + hmac::digest::KeyInit>(args: &[Value]) -> Run {
    let (message, key) = (args::string(args, 0)?, args::string(args, 1)?);
    let mut mac = <M as Mac>::new_from_slice(key.as_bytes())
        .map_err(|_| Failure::Undefined("the key has a wrong length".to_owned()))?;
    mac.update(message.as_bytes());
    Ok(Value::from(hex(&mac.finalize().into_bytes())))
}

pub fn hmac_md5(_: &Context, args: &[Value]) -> Run {
    keyed::<Hmac<Md5>>(args)
}

pub fn hmac_sha1(_: &Context, args: &[Value]) -> Run {
    keyed::<Hmac<Sha1>>(args)
}

pub fn hmac_sha256(_: &Context, args: &[Value]) -> Run {
    keyed::<Hmac<Sha256>>(args)
}

pub fn hmac_sha512(_: &Context, args: &[Value]) -> Run {
    keyed::<Hmac<Sha512>>(args)
}

/// Equal codes, compared in constant time.
pub fn hmac_equal(_: &Context, args: &[Value]) -> Run {
    let (left, right) = (args::string(args, 0)?.as_bytes(), args::string(args, 1)?.as_bytes());
    let differing = left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b));
    Ok(Value::from(left.len() == right.len() && differing == 0))
}
