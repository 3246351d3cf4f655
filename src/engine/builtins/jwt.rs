//! `io.jwt.*`: tokens read and checked as OPA does.

use regorus::Value;

use super::args::{self, Run, undefined};
use super::hashes::hex;
use super::keys::{self, Family, Hash, Key};
use super::{Context, Failure};

/// How deep tokens may hold tokens.
const MAX_NESTING: usize = 16;

struct Token {
    header_text: String,
    payload_text: String,
    signature_text: String,
    header: Value,
}

impl Token {
    fn parse(text: &str) -> Result<Self, Failure> {
        if !text.contains('.') {
            return undefined("encoded JWT had no period separators");
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return undefined(format!("encoded JWT must have 3 sections, found {}", parts.len()));
        };
        let object = object(&keys::base64url(header)?)?;
        if args::field(&object, "enc").is_some() {
            return undefined("JWT is a JWE object, which is not supported");
        }
        Ok(Self {
            header_text: (*header).to_owned(),
            payload_text: (*payload).to_owned(),
            signature_text: (*signature).to_owned(),
            header: object,
        })
    }

    fn payload(&self) -> Result<Vec<u8>, Failure> {
        keys::base64url(&self.payload_text)
    }

    fn signature(&self) -> Result<Vec<u8>, Failure> {
        keys::base64url(&self.signature_text)
    }

    fn signed(&self) -> Vec<u8> {
        format!("{}.{}", self.header_text, self.payload_text).into_bytes()
    }

    /// A header field that has to be text where it is.
    fn header_field(&self, name: &str) -> Result<&str, Failure> {
        match args::field(&self.header, name) {
            None => Ok(""),
            Some(Value::String(text)) => Ok(text),
            Some(_) => undefined(format!("{name}: must be a string")),
        }
    }

    /// RFC 7515: a critical parameter that is not understood makes the token invalid.
    fn critical_is_known(&self) -> Result<bool, Failure> {
        let Some(crit) = args::field(&self.header, "crit") else { return Ok(true) };
        let Value::Array(names) = crit else { return undefined("crit: must be a list") };
        if !names.iter().any(|name| matches!(name, Value::String(_))) {
            return undefined("crit: must be a nonempty list");
        }
        let known = ["alg", "kid", "typ", "cty", "crit"].map(Value::from);
        let unknown = |name: &Value| {
            !known.contains(name) && self.header.as_object().is_ok_and(|header| header.contains_key(name))
        };
        Ok(!names.iter().any(unknown))
    }
}

fn object(bytes: &[u8]) -> Result<Value, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|_| Failure::Undefined("invalid JSON: not UTF-8".to_owned()))?;
    match Value::from_json_str(text) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => undefined("decoded JSON type was not an Object"),
        Err(cause) => undefined(format!("invalid JSON: {cause}")),
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `io.jwt.decode(token)`: header, payload and signature, unchecked.
pub fn decode(_: &Context, args: &[Value]) -> Run {
    let mut text = args::string(args, 0)?.to_owned();
    for _ in 0..MAX_NESTING {
        let token = Token::parse(&text)?;
        let payload = token.payload()?;
        if token.header_field("cty")? == "JWT" {
            text_of(&payload).trim_matches(['"', '\'']).clone_into(&mut text);
            continue;
        }
        let payload = object(&payload)?;
        let signature = hex(&token.signature()?);
        return Ok(Value::from(vec![token.header, payload, Value::from(signature)]));
    }
    Err(Failure::Limit(format!("io.jwt.decode: tokens are nested deeper than {MAX_NESTING}")))
}

/// Tries the key the token names, else every key that fits its algorithm.
fn any_key_signed(token: &Token, keys: &[Key], signed_by: impl Fn(&Key) -> bool) -> Result<bool, Failure> {
    let (kid, alg) = (token.header_field("kid")?, token.header_field("alg")?);
    if !kid.is_empty()
        && let Some(key) = keys.iter().find(|key| key.kid == kid)
    {
        return Ok(signed_by(key));
    }
    Ok(keys.iter().any(|key| (key.alg.is_empty() || key.alg == alg) && signed_by(key)))
}

fn verify(args: &[Value], family: Family, hash: Hash) -> Run {
    let (token, key) = (args::string(args, 0)?, args::string(args, 1)?);
    let token = Token::parse(token)?;
    if family == Family::Hs {
        let signature = token.signature()?;
        return Ok(Value::from(keys::verify_secret(hash, key.as_bytes(), &token.signed(), &signature)));
    }
    let keys = keys::parse(key)?;
    let (signature, signed) = (token.signature()?, token.signed());
    let signed_by = |key: &Key| keys::verify((family, hash), &key.material, &signed, &signature);
    any_key_signed(&token, &keys, signed_by).map(Value::from)
}

macro_rules! verifiers {
    ($($name:ident: $family:ident $hash:ident;)*) => {
        $(pub fn $name(_: &Context, args: &[Value]) -> Run {
            verify(args, Family::$family, Hash::$hash)
        })*
    };
}

verifiers! {
    verify_rs256: Rs Sha256; verify_rs384: Rs Sha384; verify_rs512: Rs Sha512;
    verify_ps256: Ps Sha256; verify_ps384: Ps Sha384; verify_ps512: Ps Sha512;
    verify_es256: Es Sha256; verify_es384: Es Sha384; verify_es512: Es Sha512;
    verify_hs256: Hs Sha256; verify_hs384: Hs Sha384; verify_hs512: Hs Sha512;
    verify_eddsa: Ed Sha512;
}

/// What `io.jwt.decode_verify` is asked to hold.
#[derive(Default)]
struct Constraints {
    keys: Option<Vec<Key>>,
    secret: String,
    alg: String,
    iss: String,
    aud: String,
    time: Option<f64>,
}

impl Constraints {
    fn parse(value: &Value) -> Result<Self, Failure> {
        let Value::Object(object) = value else {
            return undefined("operand 2 must be object");
        };
        let mut out = Self::default();
        for (name, value) in object.iter_sorted() {
            let name = name.as_string().map(ToString::to_string).unwrap_or_default();
            let text = || match value {
                Value::String(text) => Ok(text.to_string()),
                _ => undefined(format!("{name} constraint: must be a string")),
            };
            match name.as_str() {
                "cert" => out.keys = Some(keys::parse(&text()?)?),
                "secret" => out.secret = text()?,
                "alg" => out.alg = text()?,
                "iss" => out.iss = text()?,
                "aud" => out.aud = text()?,
                "time" => match value {
                    Value::Number(_) => match args::float(value) {
                        Some(time) if time >= 0.0 => out.time = Some(time),
                        _ => return undefined("token time constraint: must not be negative"),
                    },
                    _ => return undefined("token time constraint: must be a number"),
                },
                _ => return undefined(format!("unknown token validation constraint: {name}")),
            }
        }
        match (out.keys.is_some(), out.secret.is_empty()) {
            (true, false) => undefined("duplicate key constraints"),
            (false, true) => undefined("no key constraint"),
            _ => Ok(out),
        }
    }

    fn signature_holds(&self, token: &Token) -> Result<bool, Failure> {
        let signature = token.signature()?;
        let Some(algorithm) = keys::algorithm(token.header_field("alg")?) else { return Ok(false) };
        let signed = token.signed();
        match &self.keys {
            Some(keys) => {
                any_key_signed(token, keys, |key| keys::verify(algorithm, &key.material, &signed, &signature))
            }
            None => Ok(algorithm.0 == Family::Hs
                && keys::verify_secret(algorithm.1, self.secret.as_bytes(), &signed, &signature)),
        }
    }

    fn audience_holds(&self, payload: &Value) -> bool {
        let wanted = Value::from(self.aud.as_str());
        match args::field(payload, "aud") {
            Some(Value::Array(all)) => all.contains(&wanted),
            Some(one) => *one == wanted,
            None => self.aud.is_empty(),
        }
    }

    /// Seconds of the time to check against.
    fn seconds(&self, context: &Context) -> Result<f64, Failure> {
        #[allow(clippy::cast_precision_loss)] // OPA compares floats, too.
        let time = self.time.or(context.now_ns.map(|now| now as f64));
        time.map(|ns| ns / 1e9).ok_or_else(|| {
            Failure::Denied(
                "io.jwt.decode_verify needs the time: pass `time`, or grant it with `--allow clock`".to_owned(),
            )
        })
    }

    fn time_holds(&self, payload: &Value, context: &Context) -> Result<bool, Failure> {
        if let Some(exp) = args::field(payload, "exp") {
            let Some(exp) = args::float(exp) else { return undefined("exp value must be a number") };
            if self.seconds(context)? >= exp {
                return Ok(false);
            }
        }
        if let Some(nbf) = args::field(payload, "nbf") {
            let Some(nbf) = args::float(nbf) else { return undefined("nbf value must be a number") };
            if self.seconds(context)? < nbf {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// `io.jwt.decode_verify(token, constraints)`: `[valid, header, payload]`.
pub fn decode_verify(context: &Context, args: &[Value]) -> Run {
    let mut text = args::string(args, 0)?.to_owned();
    let constraints = Constraints::parse(args::value(args, 1)?)?;
    let unverified = || Ok(Value::from(vec![Value::from(false), Value::new_object(), Value::new_object()]));
    for _ in 0..MAX_NESTING {
        let token = Token::parse(&text)?;
        let (alg, known) = (token.header_field("alg")?, token.critical_is_known()?);
        if alg.is_empty() || !known || (!constraints.alg.is_empty() && constraints.alg != alg) {
            return unverified();
        }
        if !constraints.signature_holds(&token)? {
            return unverified();
        }
        let payload = token.payload()?;
        if token.header_field("cty")?.eq_ignore_ascii_case("JWT") {
            text = text_of(&payload);
            continue;
        }
        let payload = object(&payload)?;
        let wanted = Value::from(constraints.iss.as_str());
        let issued = constraints.iss.is_empty() || args::field(&payload, "iss") == Some(&wanted);
        if !issued || !constraints.audience_holds(&payload) || !constraints.time_holds(&payload, context)? {
            return unverified();
        }
        return Ok(Value::from(vec![Value::from(true), token.header, payload]));
    }
    Err(Failure::Limit(format!("io.jwt.decode_verify: tokens are nested deeper than {MAX_NESTING}")))
}
