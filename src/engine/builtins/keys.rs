//! Public keys of tokens, from PEM or JWK, and the signatures they check.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, Mac};
use regorus::Value;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::prelude::{FromDer as _, SubjectPublicKeyInfo, X509Certificate};

use super::Failure;
use super::args::{self, undefined};

const URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Base64 of URLs, padded or not.
pub fn base64url(text: &str) -> Result<Vec<u8>, Failure> {
    URL_SAFE.decode(text).map_err(|cause| Failure::Undefined(format!("illegal base64 data: {cause}")))
}

/// The hash of a signature's algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// The family of a signature's algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// RSA, PKCS #1 v1.5.
    Rs,
    /// RSA, PSS.
    Ps,
    /// ECDSA, the curve is the key's.
    Es,
    /// A shared secret.
    Hs,
    /// Ed25519.
    Ed,
}

/// The algorithm a token's header names; none when it is not known.
pub fn algorithm(name: &str) -> Option<(Family, Hash)> {
    if name == "EdDSA" {
        return Some((Family::Ed, Hash::Sha512));
    }
    let (family, bits) = name.split_at_checked(2)?;
    let family = match family {
        "RS" => Family::Rs,
        "PS" => Family::Ps,
        "ES" => Family::Es,
        "HS" => Family::Hs,
        _ => return None,
    };
    let hash = match bits {
        "256" => Hash::Sha256,
        "384" => Hash::Sha384,
        "512" => Hash::Sha512,
        _ => return None,
    };
    Some((family, hash))
}

/// What can check a signature.
pub enum Material {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed(ed25519_dalek::VerifyingKey),
    Secret(Vec<u8>),
}

/// A key with what its set says of it.
pub struct Key {
    pub alg: String,
    pub kid: String,
    pub material: Material,
}

/// The keys in a PEM certificate, a PEM public key, a JWK or a JWK set.
pub fn parse(text: &str) -> Result<Vec<Key>, Failure> {
    if text.trim_start().starts_with("-----BEGIN") {
        return pem(text).map(|material| vec![Key { alg: String::new(), kid: String::new(), material }]);
    }
    let json = Value::from_json_str(text)
        .map_err(|cause| Failure::Undefined(format!("failed to parse a JWK key (set): {cause}")))?;
    let one = [json.clone()];
    let jwks = match args::field(&json, "keys") {
        Some(Value::Array(keys)) => keys.as_slice(),
        _ => &one,
    };
    let mut keys = Vec::new();
    for jwk in jwks {
        let alg = member(jwk, "alg").unwrap_or_default();
        let Some(material) = jwk_material(jwk) else {
            return undefined("failed to parse a JWK key (set)");
        };
        if alg.is_empty() || algorithm(alg).is_some() {
            let kid = member(jwk, "kid").unwrap_or_default().to_owned();
            keys.push(Key { alg: alg.to_owned(), kid, material });
        }
    }
    Ok(keys)
}

fn member<'a>(jwk: &'a Value, name: &str) -> Option<&'a str> {
    match args::field(jwk, name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn pem(text: &str) -> Result<Material, Failure> {
    let bad = |what: &str| Failure::Undefined(format!("failed to parse {what}"));
    let (rest, block) = x509_parser::pem::parse_x509_pem(text.as_bytes()).map_err(|_| bad("a PEM block"))?;
    if !rest.is_empty() {
        return undefined("extra data after a PEM certificate block");
    }
    match block.label.as_str() {
        "CERTIFICATE" => {
            let (_, certificate) = X509Certificate::from_der(&block.contents).map_err(|_| bad("a PEM certificate"))?;
            material(certificate.public_key().raw).ok_or_else(|| bad("the key of a PEM certificate"))
        }
        "PUBLIC KEY" => {
            let (_, info) = SubjectPublicKeyInfo::from_der(&block.contents).map_err(|_| bad("a PEM public key"))?;
            material(info.raw).ok_or_else(|| bad("a PEM public key"))
        }
        _ => undefined("failed to extract a Key from the PEM certificate"),
    }
}

/// A key from a DER `SubjectPublicKeyInfo`.
pub fn material(der: &[u8]) -> Option<Material> {
    if let Ok(key) = RsaPublicKey::from_public_key_der(der) {
        return Some(Material::Rsa(key));
    }
    if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_der(der) {
        return Some(Material::Ed(key));
    }
    let (_, info) = SubjectPublicKeyInfo::from_der(der).ok()?;
    curve(&info.subject_public_key.data)
}

/// An elliptic-curve point, uncompressed; its length names the curve.
fn curve(point: &[u8]) -> Option<Material> {
    match point.len() {
        65 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Material::P256),
        97 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Material::P384),
        133 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Material::P521),
        _ => None,
    }
}

fn jwk_material(jwk: &Value) -> Option<Material> {
    let bytes = |name: &str| base64url(member(jwk, name)?).ok();
    match member(jwk, "kty")? {
        "RSA" => {
            let (n, e) = (BigUint::from_bytes_be(&bytes("n")?), BigUint::from_bytes_be(&bytes("e")?));
            RsaPublicKey::new(n, e).ok().map(Material::Rsa)
        }
        "EC" => {
            let size: usize = match member(jwk, "crv")? {
                "P-256" => 32,
                "P-384" => 48,
                "P-521" => 66,
                _ => return None,
            };
            let mut point = vec![4];
            for name in ["x", "y"] {
                let part = bytes(name)?;
                point.resize(point.len() + size.checked_sub(part.len())?, 0);
                point.extend(part);
            }
            curve(&point)
        }
        "OKP" => {
            let raw: [u8; 32] = bytes("x")?.try_into().ok()?;
            ed25519_dalek::VerifyingKey::from_bytes(&raw).ok().map(Material::Ed)
        }
        "oct" => bytes("k").map(Material::Secret),
        _ => None,
    }
}

/// The hash of a text.
pub fn digest(hash: Hash, text: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha256 => Sha256::digest(text).to_vec(),
        Hash::Sha384 => Sha384::digest(text).to_vec(),
        Hash::Sha512 => Sha512::digest(text).to_vec(),
    }
}

fn mac<M: Mac + hmac::digest::KeyInit>(secret: &[u8], text: &[u8], signature: &[u8]) -> bool {
    <M as Mac>::new_from_slice(secret).is_ok_and(|mut mac| {
        mac.update(text);
        mac.verify_slice(signature).is_ok()
    })
}

/// Whether a secret signed the text.
pub fn verify_secret(hash: Hash, secret: &[u8], text: &[u8], signature: &[u8]) -> bool {
    match hash {
        Hash::Sha256 => mac::<Hmac<Sha256>>(secret, text, signature),
        Hash::Sha384 => mac::<Hmac<Sha384>>(secret, text, signature),
        Hash::Sha512 => mac::<Hmac<Sha512>>(secret, text, signature),
    }
}

/// Whether the key signed the text by this algorithm; a key of another kind did not.
pub fn verify((family, hash): (Family, Hash), key: &Material, text: &[u8], signature: &[u8]) -> bool {
    use ed25519_dalek::Verifier as _;
    use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
    match (family, key) {
        (Family::Rs, Material::Rsa(key)) => {
            let scheme = match hash {
                Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
            };
            key.verify(scheme, &digest(hash, text), signature).is_ok()
        }
        (Family::Ps, Material::Rsa(key)) => {
            let scheme = match hash {
                Hash::Sha256 => Pss::new::<Sha256>(),
                Hash::Sha384 => Pss::new::<Sha384>(),
                Hash::Sha512 => Pss::new::<Sha512>(),
            };
            key.verify(scheme, &digest(hash, text), signature).is_ok()
        }
        (Family::Es, Material::P256(key)) => p256::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_prehash(&digest(hash, text), &signature).is_ok()),
        (Family::Es, Material::P384(key)) => p384::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_prehash(&digest(hash, text), &signature).is_ok()),
        (Family::Es, Material::P521(key)) => p521::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_prehash(&digest(hash, text), &signature).is_ok()),
        (Family::Ed, Material::Ed(key)) => {
            ed25519_dalek::Signature::from_slice(signature).is_ok_and(|signature| key.verify(text, &signature).is_ok())
        }
        (Family::Hs, Material::Secret(secret)) => verify_secret(hash, secret, text, signature),
        _ => false,
    }
}
