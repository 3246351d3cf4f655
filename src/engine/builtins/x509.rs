//! `crypto.x509.*`: certificates in the form of Go's `x509.Certificate` as JSON.
//!
//! The fields that policies read are there: names, serial number, validity,
//! key usage, alternative names. Raw DER and keys are left out.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regorus::Value;
use x509_parser::prelude::{FromDer as _, GeneralName, Pem, X509Certificate, X509CertificationRequest, X509Name};

use super::args::{self, Run, undefined};
use super::{Context, Failure};

fn object(pairs: Vec<(&str, Value)>) -> Value {
    Value::from(pairs.into_iter().map(|(key, value)| (Value::from(key), value)).collect::<BTreeMap<_, _>>())
}

fn bad(what: &str) -> Failure {
    Failure::Undefined(format!("x509: malformed {what}"))
}

/// The DER in a text that is PEM, base64 of PEM, or base64 of DER.
fn der(text: &str, label: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let pem = |bytes: &[u8]| -> Result<Vec<Vec<u8>>, Failure> {
        let mut blocks = Vec::new();
        for block in Pem::iter_from_buffer(bytes) {
            let block = block.map_err(|_| bad("PEM"))?;
            if block.label != label {
                return undefined(format!("PEM block type is '{}', expected {label}", block.label));
            }
            blocks.push(block.contents);
        }
        Ok(blocks)
    };
    if text.starts_with("-----BEGIN") {
        return pem(text.as_bytes());
    }
    let bytes = STANDARD
        .decode(text.replace(['\n', '\r'], ""))
        .map_err(|cause| Failure::Undefined(format!("illegal base64 data: {cause}")))?;
    if bytes.starts_with(b"-----BEGIN") { pem(&bytes) } else { Ok(vec![bytes]) }
}

/// `crypto.x509.parse_certificates(text)`.
pub fn parse_certificates(_: &Context, args: &[Value]) -> Run {
    let mut out = Vec::new();
    for block in der(args::string(args, 0)?, "CERTIFICATE")? {
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let (after, one) = X509Certificate::from_der(rest).map_err(|_| bad("certificate"))?;
            out.push(certificate(&one));
            rest = after;
        }
    }
    Ok(Value::from(out))
}

/// `crypto.x509.parse_certificate_request(text)`.
pub fn parse_certificate_request(_: &Context, args: &[Value]) -> Run {
    let blocks = der(args::string(args, 0)?, "CERTIFICATE REQUEST")?;
    let block = blocks.first().ok_or_else(|| bad("certificate request"))?;
    let (_, request) = X509CertificationRequest::from_der(block)
        .map_err(|_| Failure::Undefined("asn1: structure error in the certificate request".to_owned()))?;
    Ok(object(vec![("Subject", name(&request.certification_request_info.subject))]))
}

fn certificate(one: &X509Certificate<'_>) -> Value {
    let names = one.subject_alternative_name().ok().flatten();
    let names = names.map(|all| all.value.general_names.as_slice()).unwrap_or_default();
    let texts = |pick: fn(&GeneralName<'_>) -> Option<String>| {
        let all: Vec<Value> = names.iter().filter_map(pick).map(Value::from).collect();
        if all.is_empty() { Value::Null } else { Value::from(all) }
    };
    let dns = texts(|name| match name {
        GeneralName::DNSName(text) => Some((*text).to_owned()),
        _ => None,
    });
    let mail = texts(|name| match name {
        GeneralName::RFC822Name(text) => Some((*text).to_owned()),
        _ => None,
    });
    let uris = texts(|name| match name {
        GeneralName::URI(text) => Some((*text).to_owned()),
        _ => None,
    });
    let is_ca = one.basic_constraints().ok().flatten().is_some_and(|basic| basic.value.ca);
    let usage = one.key_usage().ok().flatten().map_or(0, |usage| usage.value.flags);
    let serial = one.tbs_certificate.serial.to_string();
    object(vec![
        ("Subject", name(one.subject())),
        ("Issuer", name(one.issuer())),
        ("SerialNumber", Value::from_numeric_string(&serial).unwrap_or(Value::Null)),
        ("NotBefore", time(one.validity().not_before.timestamp())),
        ("NotAfter", time(one.validity().not_after.timestamp())),
        ("Version", Value::from(u64::from(one.version().0) + 1)),
        ("IsCA", Value::from(is_ca)),
        ("BasicConstraintsValid", Value::from(one.basic_constraints().ok().flatten().is_some())),
        ("KeyUsage", Value::from(u64::from(usage))),
        ("DNSNames", dns),
        ("EmailAddresses", mail),
        ("URIStrings", uris),
    ])
}

fn time(seconds: i64) -> Value {
    jiff::Timestamp::from_second(seconds).map_or(Value::Null, |time| Value::from(time.to_string()))
}

fn name(name: &X509Name<'_>) -> Value {
    let text = |part: &x509_parser::prelude::AttributeTypeAndValue<'_>| part.as_str().unwrap_or_default().to_owned();
    let one = name.iter_common_name().last().map(text).unwrap_or_default();
    let list = |parts: Vec<String>| {
        if parts.is_empty() { Value::Null } else { Value::from(parts.into_iter().map(Value::from).collect::<Vec<_>>()) }
    };
    object(vec![
        ("CommonName", Value::from(one)),
        ("Country", list(name.iter_country().map(text).collect())),
        ("Organization", list(name.iter_organization().map(text).collect())),
        ("OrganizationalUnit", list(name.iter_organizational_unit().map(text).collect())),
        ("Locality", list(name.iter_locality().map(text).collect())),
        ("Province", list(name.iter_state_or_province().map(text).collect())),
    ])
}
