//! `crypto.x509.*`: certificates and requests, read.
//!
//! Their form is Go's; see [`certificate`](super::certificate).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regorus::Value;
use x509_parser::prelude::{FromDer as _, Pem, X509Certificate, X509CertificationRequest};

use super::args::{self, Run, undefined};
use super::certificate::{extended, name};
use super::private::object;
use super::{Context, Failure};

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

/// The DER of each certificate in a text.
pub fn certificates(text: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let mut out = Vec::new();
    for block in der(text, "CERTIFICATE")? {
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let (after, one) = X509Certificate::from_der(rest).map_err(|_| bad("certificate"))?;
            out.push(one.as_raw().to_vec());
            rest = after;
        }
    }
    Ok(out)
}

/// A certificate from its DER.
pub fn parsed(der: &[u8]) -> Result<X509Certificate<'_>, Failure> {
    X509Certificate::from_der(der).map(|(_, one)| one).map_err(|_| bad("certificate"))
}

/// `crypto.x509.parse_certificates(text)`.
pub fn parse_certificates(_: &Context, args: &[Value]) -> Run {
    let all = certificates(args::string(args, 0)?)?;
    Ok(Value::from(all.iter().map(|der| extended(&parsed(der)?)).collect::<Result<Vec<_>, _>>()?))
}

/// `crypto.x509.parse_certificate_request(text)`.
pub fn parse_certificate_request(_: &Context, args: &[Value]) -> Run {
    let blocks = der(args::string(args, 0)?, "CERTIFICATE REQUEST")?;
    let block = blocks.first().ok_or_else(|| bad("certificate request"))?;
    let (_, request) = X509CertificationRequest::from_der(block)
        .map_err(|_| Failure::Undefined("asn1: structure error in the certificate request".to_owned()))?;
    Ok(object(vec![("Subject", name(&request.certification_request_info.subject))]))
}
