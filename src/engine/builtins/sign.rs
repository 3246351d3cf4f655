//! `io.jwt.encode_sign`: tokens signed with a JWK.
//!
//! Signatures repeat: what other signers take from chance comes from the key and the text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use regorus::Value;
use rsa::rand_core::{CryptoRng, Error, RngCore};
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::args::{self, Run, undefined};
use super::keys::{self, Family, Hash};
use super::{Context, Failure, json};

/// The longest part of a key, for RSA of 16,384 bits.
const MAX_PART: usize = 4_096;

/// Salt out of what is signed, so that a run repeats.
struct Repeating {
    state: [u8; 32],
}

impl RngCore for Repeating {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.state = Sha256::digest(self.state).into();
            for (to, from) in chunk.iter_mut().zip(self.state) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Repeating {}

fn member(jwk: &Value, name: &str) -> Result<Vec<u8>, Failure> {
    match args::field(jwk, name) {
        Some(Value::String(text)) => {
            // Arithmetic on larger numbers takes longer than a rule may.
            args::cap("io.jwt.encode_sign", "bytes of a key's part", text.len(), MAX_PART)?;
            keys::base64url(text)
        }
        _ => undefined(format!("the JWK has no `{name}`")),
    }
}

fn mac<M: Mac + hmac::digest::KeyInit>(secret: &[u8], text: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut mac = <M as Mac>::new_from_slice(secret).map_err(|cause| Failure::Undefined(cause.to_string()))?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn rsa_key(jwk: &Value) -> Result<RsaPrivateKey, Failure> {
    let part = |name: &str| member(jwk, name).map(|bytes| BigUint::from_bytes_be(&bytes));
    let primes = vec![part("p")?, part("q")?];
    RsaPrivateKey::from_components(part("n")?, part("e")?, part("d")?, primes)
        .map_err(|cause| Failure::Undefined(format!("the JWK is no RSA key: {cause}")))
}

fn rsa_signature(family: Family, hash: Hash, jwk: &Value, text: &[u8]) -> Result<Vec<u8>, Failure> {
    let (key, digest) = (rsa_key(jwk)?, keys::digest(hash, text));
    let mut salt = Repeating { state: Sha256::digest(text).into() };
    let signed = match (family, hash) {
        (Family::Rs, Hash::Sha256) => key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest),
        (Family::Rs, Hash::Sha384) => key.sign(Pkcs1v15Sign::new::<Sha384>(), &digest),
        (Family::Rs, Hash::Sha512) => key.sign(Pkcs1v15Sign::new::<Sha512>(), &digest),
        (_, Hash::Sha256) => key.sign_with_rng(&mut salt, Pss::new::<Sha256>(), &digest),
        (_, Hash::Sha384) => key.sign_with_rng(&mut salt, Pss::new::<Sha384>(), &digest),
        (_, Hash::Sha512) => key.sign_with_rng(&mut salt, Pss::new::<Sha512>(), &digest),
    };
    signed.map_err(|cause| Failure::Undefined(format!("the token can't be signed: {cause}")))
}

macro_rules! curve_signature {
    ($curve:ident, $secret:expr, $digest:expr) => {{
        use $curve::ecdsa::signature::hazmat::PrehashSigner as _;
        let key = $curve::ecdsa::SigningKey::from_slice($secret).ok();
        let signature: Option<$curve::ecdsa::Signature> = key.and_then(|key| key.sign_prehash($digest).ok());
        signature.map(|signature| signature.to_bytes().to_vec())
    }};
}

fn signature((family, hash): (Family, Hash), jwk: &Value, text: &[u8]) -> Result<Vec<u8>, Failure> {
    let kty = match args::field(jwk, "kty") {
        Some(Value::String(kty)) => kty.to_string(),
        _ => return undefined("failed to parse a JWK key (set)"),
    };
    let digest = keys::digest(hash, text);
    let made = match (family, kty.as_str()) {
        (Family::Hs, "oct") => {
            let secret = member(jwk, "k")?;
            return match hash {
                Hash::Sha256 => mac::<Hmac<Sha256>>(&secret, text),
                Hash::Sha384 => mac::<Hmac<Sha384>>(&secret, text),
                Hash::Sha512 => mac::<Hmac<Sha512>>(&secret, text),
            };
        }
        (Family::Rs | Family::Ps, "RSA") => return rsa_signature(family, hash, jwk, text),
        (Family::Es, "EC") => {
            let secret = member(jwk, "d")?;
            match (hash, secret.len()) {
                (Hash::Sha256, 32) => curve_signature!(p256, &secret, &digest),
                (Hash::Sha384, 48) => curve_signature!(p384, &secret, &digest),
                (Hash::Sha512, 66) => curve_signature!(p521, &secret, &digest),
                _ => None,
            }
        }
        (Family::Ed, "OKP") => {
            use ed25519_dalek::Signer as _;
            let secret: Option<[u8; 32]> = member(jwk, "d")?.try_into().ok();
            secret.map(|secret| ed25519_dalek::SigningKey::from_bytes(&secret).sign(text).to_bytes().to_vec())
        }
        _ => None,
    };
    made.ok_or_else(|| Failure::Undefined("the key does not fit the algorithm".to_owned()))
}

fn encoded(header: &str, payload: &str, keys: &str) -> Run {
    let keys = Value::from_json_str(keys)
        .map_err(|cause| Failure::Undefined(format!("failed to parse a JWK key (set): {cause}")))?;
    let jwk = match args::field(&keys, "keys") {
        Some(Value::Array(all)) => match all.first() {
            Some(first) => first.clone(),
            None => return undefined("no keys found in JWK set"),
        },
        _ => keys,
    };
    let parsed = Value::from_json_str(header)
        .map_err(|_| Failure::Undefined("missing or invalid 'alg' header: cannot parse JSON".to_owned()))?;
    let field = |name: &str| match args::field(&parsed, name) {
        Some(Value::String(text)) => Some(text.to_string()),
        _ => None,
    };
    let Some(alg) = field("alg") else { return undefined("missing or invalid 'alg' header: header \"alg\" not found") };
    let Some(algorithm) = keys::algorithm(&alg) else { return undefined(format!("unknown JWS algorithm: {alg}")) };
    let is_jwt = field("typ").is_none_or(|typ| typ == "JWT");
    if is_jwt && serde_json::from_str::<serde::de::IgnoredAny>(payload).is_err() {
        return undefined("type is JWT but payload is not JSON");
    }
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = signature(algorithm, &jwk, text.as_bytes())?;
    Ok(Value::from(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// `io.jwt.encode_sign(header, payload, key)`: objects.
pub fn encode_sign(_: &Context, args: &[Value]) -> Run {
    let text = |index| args::value(args, index).and_then(json::text);
    encoded(&text(0)?, &text(1)?, &text(2)?)
}

/// `io.jwt.encode_sign_raw(header, payload, key)`: texts of JSON.
pub fn encode_sign_raw(_: &Context, args: &[Value]) -> Run {
    encoded(args::string(args, 0)?, args::string(args, 1)?, args::string(args, 2)?)
}
