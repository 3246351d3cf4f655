//! Private keys from PEM, as OPA shows them, and as a JWK.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use num_bigint::BigInt;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use regorus::Value;
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use x509_parser::prelude::Pem;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};

/// The largest key: arithmetic on larger numbers takes longer than a rule may.
const MAX_KEY: usize = 16 << 10;

/// A private key of one of the kinds that OPA reads.
pub enum Private {
    Rsa(Box<RsaPrivateKey>),
    /// The curve's name, the secret, and the point `x`, `y`.
    Curve(&'static str, Vec<u8>, Vec<u8>, Vec<u8>),
    Ed(Box<ed25519_dalek::SigningKey>),
}

pub fn object(pairs: Vec<(&str, Value)>) -> Value {
    Value::from(pairs.into_iter().map(|(key, value)| (Value::from(key), value)).collect::<BTreeMap<_, _>>())
}

fn bad(what: &str) -> Failure {
    Failure::Undefined(format!("x509: failed to parse {what}"))
}

macro_rules! curve {
    ($name:literal, $curve:ident, $der:expr, $from:ident) => {
        if let Ok(key) = $curve::SecretKey::$from($der) {
            let point = key.public_key().to_encoded_point(false);
            let part = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
            let (x, y) = (part(point.x().map(AsRef::as_ref)), part(point.y().map(AsRef::as_ref)));
            return Some(Private::Curve($name, key.to_bytes().to_vec(), x, y));
        }
    };
}

fn sec1(der: &[u8]) -> Option<Private> {
    curve!("P-256", p256, der, from_sec1_der);
    curve!("P-384", p384, der, from_sec1_der);
    curve!("P-521", p521, der, from_sec1_der);
    None
}

fn pkcs8(der: &[u8]) -> Option<Private> {
    if let Ok(key) = RsaPrivateKey::from_pkcs8_der(der) {
        return Some(Private::Rsa(Box::new(key)));
    }
    if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
        return Some(Private::Ed(Box::new(key)));
    }
    curve!("P-256", p256, der, from_pkcs8_der);
    curve!("P-384", p384, der, from_pkcs8_der);
    curve!("P-521", p521, der, from_pkcs8_der);
    None
}

/// The keys in a text that is PEM, or base64 of it; blocks of other kinds are passed over.
pub fn parse(text: &str) -> Result<Vec<Private>, Failure> {
    let decoded = STANDARD.decode(text.replace(['\n', '\r'], "")).ok();
    let bytes = decoded.as_deref().unwrap_or(text.as_bytes());
    let mut keys = Vec::new();
    for block in Pem::iter_from_buffer(bytes) {
        let Ok(block) = block else { break };
        let der = block.contents.as_slice();
        args::cap("private key", "bytes", der.len(), MAX_KEY)?;
        match block.label.as_str() {
            "RSA PRIVATE KEY" => {
                let key = RsaPrivateKey::from_pkcs1_der(der).map_err(|_| bad("an RSA private key"))?;
                keys.push(Private::Rsa(Box::new(key)));
            }
            "PRIVATE KEY" => keys.push(pkcs8(der).ok_or_else(|| bad("a private key"))?),
            "EC PRIVATE KEY" => keys.push(sec1(der).ok_or_else(|| bad("an EC private key"))?),
            _ => {}
        }
    }
    Ok(keys)
}

fn big(bytes: &[u8]) -> Run {
    number::integer(&BigInt::from_bytes_be(num_bigint::Sign::Plus, bytes))
}

fn part(bytes: &[u8]) -> Value {
    Value::from(URL_SAFE_NO_PAD.encode(bytes))
}

/// Go's JSON of the key.
fn shown(key: &Private) -> Run {
    Ok(match key {
        Private::Ed(key) => Value::from(STANDARD.encode(key.to_keypair_bytes())),
        Private::Curve(_, secret, x, y) => {
            object(vec![("Curve", Value::new_object()), ("D", big(secret)?), ("X", big(x)?), ("Y", big(y)?)])
        }
        Private::Rsa(key) => {
            let number = |number: &rsa::BigUint| big(&number.to_bytes_be());
            let primes = key.primes().iter().map(number).collect::<Result<Vec<_>, _>>()?;
            let (dp, dq, qinv) = precomputed(key)?;
            let computed =
                vec![("CRTValues", Value::new_array()), ("Dp", big(&dp)?), ("Dq", big(&dq)?), ("Qinv", big(&qinv)?)];
            object(vec![
                ("D", number(key.d())?),
                ("E", number(key.e())?),
                ("N", number(key.n())?),
                ("Precomputed", object(computed)),
                ("Primes", Value::from(primes)),
            ])
        }
    })
}

fn precomputed(key: &RsaPrivateKey) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>), Failure> {
    let (Some(dp), Some(dq), Some(qinv)) = (key.dp(), key.dq(), key.crt_coefficient()) else {
        return Err(bad("an RSA private key"));
    };
    Ok((dp.to_bytes_be(), dq.to_bytes_be(), qinv.to_bytes_be()))
}

/// The key as a JWK.
fn jwk(key: &Private) -> Run {
    Ok(match key {
        Private::Ed(key) => object(vec![
            ("crv", Value::from("Ed25519")),
            ("d", part(key.as_bytes())),
            ("kty", Value::from("OKP")),
            ("x", part(key.verifying_key().as_bytes())),
        ]),
        Private::Curve(name, secret, x, y) => object(vec![
            ("crv", Value::from(*name)),
            ("d", part(secret)),
            ("kty", Value::from("EC")),
            ("x", part(x)),
            ("y", part(y)),
        ]),
        Private::Rsa(key) => {
            let [p, q] = key.primes() else { return undefined("an RSA key of more than two primes") };
            let (dp, dq, qinv) = precomputed(key)?;
            object(vec![
                ("d", part(&key.d().to_bytes_be())),
                ("dp", part(&dp)),
                ("dq", part(&dq)),
                ("e", part(&key.e().to_bytes_be())),
                ("kty", Value::from("RSA")),
                ("n", part(&key.n().to_bytes_be())),
                ("p", part(&p.to_bytes_be())),
                ("q", part(&q.to_bytes_be())),
                ("qi", part(&qinv)),
            ])
        }
    })
}

/// `crypto.parse_private_keys(text)`.
pub fn parse_private_keys(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    Ok(Value::from(parse(text)?.iter().map(shown).collect::<Result<Vec<_>, _>>()?))
}

/// `crypto.x509.parse_rsa_private_key(text)`: a key of any kind as a JWK, in spite of its name.
pub fn parse_rsa_private_key(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?;
    if text.is_empty() {
        return undefined("input PEM data was empty");
    }
    if !text.starts_with("-----BEGIN") && STANDARD.decode(text.replace(['\n', '\r'], "")).is_err() {
        return undefined("illegal base64 data in the input");
    }
    parse(text)?.first().map_or(Ok(Value::Null), jwk)
}

/// Whether the key belongs to a certificate's DER `SubjectPublicKeyInfo`.
fn fits(key: &Private, info: &x509_parser::x509::SubjectPublicKeyInfo<'_>) -> bool {
    use rsa::pkcs8::DecodePublicKey as _;
    match key {
        Private::Rsa(key) => {
            rsa::RsaPublicKey::from_public_key_der(info.raw).is_ok_and(|public| public == key.to_public_key())
        }
        Private::Curve(_, _, x, y) => *info.subject_public_key.data == [&[4], x.as_slice(), y].concat(),
        Private::Ed(key) => *info.subject_public_key.data == *key.verifying_key().as_bytes(),
    }
}

/// The text as PEM or DER, out of its base64 where it is in one.
fn opened(text: &str) -> Result<Vec<u8>, Failure> {
    if text.starts_with("-----BEGIN ") {
        return Ok(text.as_bytes().to_vec());
    }
    STANDARD
        .decode(text.replace(['\n', '\r'], ""))
        .map_err(|cause| Failure::Undefined(format!("illegal base64 data: {cause}")))
}

/// `crypto.x509.parse_keypair(certificate, key)`: Go's `tls.Certificate`.
pub fn parse_keypair(_: &Context, args: &[Value]) -> Run {
    let (certificate, key) = (opened(args::string(args, 0)?)?, opened(args::string(args, 1)?)?);
    let chain: Vec<Vec<u8>> = if certificate.starts_with(b"-----BEGIN ") {
        let blocks = Pem::iter_from_buffer(&certificate).filter_map(Result::ok);
        blocks.filter(|block| block.label == "CERTIFICATE").map(|block| block.contents).collect()
    } else {
        vec![certificate]
    };
    let key = if key.starts_with(b"-----BEGIN ") {
        parse(&String::from_utf8_lossy(&key))?.into_iter().next()
    } else {
        pkcs8(&key)
    };
    let (Some(first), Some(key)) = (chain.first(), key) else {
        return undefined("tls: failed to find any PEM data in certificate or key input");
    };
    let leaf = super::x509::parsed(first)?;
    if !fits(&key, leaf.public_key()) {
        return undefined("tls: private key does not match public key");
    }
    Ok(object(vec![
        ("Certificate", Value::from(chain.iter().map(|der| Value::from(STANDARD.encode(der))).collect::<Vec<_>>())),
        ("Leaf", super::certificate::shown(&leaf)?),
        ("OCSPStaple", Value::Null),
        ("PrivateKey", shown(&key)?),
        ("SignedCertificateTimestamps", Value::Null),
        ("SupportedSignatureAlgorithms", Value::Null),
    ]))
}
