//! A certificate in the form of Go's `x509.Certificate` as JSON.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use num_bigint::{BigInt, Sign};
use regorus::Value;
use x509_parser::extensions::{DistributionPointName, GeneralSubtree, ParsedExtension};
use x509_parser::prelude::{AttributeTypeAndValue, GeneralName, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::AlgorithmIdentifier;

use super::super::number;
use super::Failure;
use super::args::Run;
use super::private::object;

/// Go's numbers of signature algorithms, by their identifiers.
const SIGNATURES: [(&str, u64); 12] = [
    ("1.2.840.113549.1.1.2", 1),
    ("1.2.840.113549.1.1.4", 2),
    ("1.2.840.113549.1.1.5", 3),
    ("1.2.840.113549.1.1.11", 4),
    ("1.2.840.113549.1.1.12", 5),
    ("1.2.840.113549.1.1.13", 6),
    ("1.2.840.10040.4.3", 7),
    ("1.2.840.10045.4.1", 9),
    ("1.2.840.10045.4.3.2", 10),
    ("1.2.840.10045.4.3.3", 11),
    ("1.2.840.10045.4.3.4", 12),
    ("1.3.101.112", 16),
];

/// A list, or null where it is empty, as Go writes it.
fn list(items: Vec<Value>) -> Value {
    if items.is_empty() { Value::Null } else { Value::from(items) }
}

fn bytes(bytes: &[u8]) -> Value {
    Value::from(STANDARD.encode(bytes))
}

fn big(bytes: &[u8]) -> Run {
    number::integer(&BigInt::from_bytes_be(Sign::Plus, bytes))
}

fn oid(dotted: &str) -> Value {
    Value::from(dotted.split('.').filter_map(|arc| arc.parse::<u64>().ok()).map(Value::from).collect::<Vec<_>>())
}

fn time(seconds: i64) -> Value {
    jiff::Timestamp::from_second(seconds).map_or(Value::Null, |time| Value::from(time.to_string()))
}

/// A distinguished name.
pub fn name(name: &X509Name<'_>) -> Value {
    let text = |part: &AttributeTypeAndValue<'_>| Value::from(part.as_str().unwrap_or_default());
    let of = |wanted: &str| -> Vec<Value> {
        name.iter_attributes().filter(|part| part.attr_type().to_id_string() == wanted).map(text).collect()
    };
    let last = |wanted: &str| of(wanted).pop().unwrap_or_else(|| Value::from(""));
    let all = name.iter_attributes();
    let names = all.map(|part| object(vec![("Type", oid(&part.attr_type().to_id_string())), ("Value", text(part))]));
    object(vec![
        ("CommonName", last("2.5.4.3")),
        ("SerialNumber", last("2.5.4.5")),
        ("Country", list(of("2.5.4.6"))),
        ("Locality", list(of("2.5.4.7"))),
        ("Province", list(of("2.5.4.8"))),
        ("StreetAddress", list(of("2.5.4.9"))),
        ("Organization", list(of("2.5.4.10"))),
        ("OrganizationalUnit", list(of("2.5.4.11"))),
        ("PostalCode", list(of("2.5.4.17"))),
        ("Names", list(names.collect())),
        ("ExtraNames", Value::Null),
    ])
}

/// An address of 4 or 16 bytes.
fn address(raw: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(raw).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(raw).map(IpAddr::from)).ok()
}

fn dns(name: &GeneralName<'_>) -> Option<Value> {
    if let GeneralName::DNSName(text) = name { Some(Value::from(*text)) } else { None }
}

fn mail(name: &GeneralName<'_>) -> Option<Value> {
    if let GeneralName::RFC822Name(text) = name { Some(Value::from(*text)) } else { None }
}

fn uri(name: &GeneralName<'_>) -> Option<Value> {
    if let GeneralName::URI(text) = name { Some(Value::from(*text)) } else { None }
}

fn ip(name: &GeneralName<'_>) -> Option<Value> {
    let GeneralName::IPAddress(raw) = name else { return None };
    address(raw).map(|address| Value::from(address.to_string()))
}

fn network(name: &GeneralName<'_>) -> Option<Value> {
    let GeneralName::IPAddress(raw) = name else { return None };
    let (ip, mask) = raw.split_at_checked(raw.len() / 2)?;
    Some(object(vec![("IP", Value::from(address(ip)?.to_string())), ("Mask", bytes(mask))]))
}

/// Go's `url.URL`.
fn url(name: &GeneralName<'_>) -> Option<Value> {
    let GeneralName::URI(text) = name else { return None };
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
    let (opaque, host, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            ("", host, path)
        }
        None if rest.starts_with('/') => ("", "", rest),
        None => (rest, "", ""),
    };
    let texts = [("Scheme", scheme), ("Opaque", opaque), ("Host", host), ("Path", path), ("RawQuery", query)];
    let mut fields: Vec<_> = texts.map(|(key, text)| (key, Value::from(text))).into();
    fields.extend([("Fragment", fragment), ("RawPath", ""), ("RawFragment", "")].map(|(k, v)| (k, Value::from(v))));
    fields.extend([("User", Value::Null), ("OmitHost", Value::Bool(false)), ("ForceQuery", Value::Bool(false))]);
    Some(object(fields))
}

type Pick = fn(&GeneralName<'_>) -> Option<Value>;

fn picked(names: &[GeneralName<'_>], pick: Pick) -> Value {
    list(names.iter().filter_map(pick).collect())
}

fn subtrees(trees: Option<&Vec<GeneralSubtree<'_>>>, pick: Pick) -> Value {
    list(trees.into_iter().flatten().filter_map(|tree| pick(&tree.base)).collect())
}

/// What the extensions say, with what Go has where they say nothing.
#[derive(Default)]
struct Extensions {
    fields: Vec<(&'static str, Value)>,
}

impl Extensions {
    fn set(&mut self, key: &'static str, value: Value) {
        self.fields.retain(|(old, _)| *old != key);
        self.fields.push((key, value));
    }

    fn empty() -> Self {
        let mut all = Self::default();
        let absent = [
            "AuthorityKeyId",
            "CRLDistributionPoints",
            "DNSNames",
            "EmailAddresses",
            "ExcludedDNSDomains",
            "ExcludedEmailAddresses",
            "ExcludedIPRanges",
            "ExcludedURIDomains",
            "ExtKeyUsage",
            "ExtraExtensions",
            "IPAddresses",
            "IssuingCertificateURL",
            "OCSPServer",
            "PermittedDNSDomains",
            "PermittedEmailAddresses",
            "PermittedIPRanges",
            "PermittedURIDomains",
            "Policies",
            "PolicyIdentifiers",
            "PolicyMappings",
            "SubjectKeyId",
            "URIs",
            "UnhandledCriticalExtensions",
            "UnknownExtKeyUsage",
        ];
        absent.iter().for_each(|key| all.set(key, Value::Null));
        for key in ["InhibitAnyPolicy", "InhibitPolicyMapping", "KeyUsage", "MaxPathLen", "RequireExplicitPolicy"] {
            all.set(key, Value::from(0_u64));
        }
        for key in [
            "BasicConstraintsValid",
            "InhibitAnyPolicyZero",
            "InhibitPolicyMappingZero",
            "IsCA",
            "MaxPathLenZero",
            "PermittedDNSDomainsCritical",
            "RequireExplicitPolicyZero",
        ] {
            all.set(key, Value::Bool(false));
        }
        all
    }

    fn names(&mut self, names: &[GeneralName<'_>]) {
        let table: [(&str, Pick); 4] =
            [("DNSNames", dns), ("EmailAddresses", mail), ("IPAddresses", ip), ("URIs", url)];
        table.into_iter().for_each(|(key, pick)| self.set(key, picked(names, pick)));
    }

    fn count(&mut self, key: &'static str, zero: &'static str, count: Option<u32>) {
        if let Some(count) = count {
            self.set(key, Value::from(u64::from(count)));
            self.set(zero, Value::Bool(count == 0));
        }
    }

    fn read(&mut self, extension: &ParsedExtension<'_>, critical: bool) {
        match extension {
            ParsedExtension::SubjectAlternativeName(names) => self.names(&names.general_names),
            ParsedExtension::KeyUsage(usage) => self.set("KeyUsage", Value::from(u64::from(usage.flags))),
            ParsedExtension::ExtendedKeyUsage(usage) => {
                let known = [
                    (usage.any, 0),
                    (usage.server_auth, 1),
                    (usage.client_auth, 2),
                    (usage.code_signing, 3),
                    (usage.email_protection, 4),
                    (usage.time_stamping, 8),
                    (usage.ocsp_signing, 9),
                ];
                let known = known.iter().filter(|(is, _)| *is).map(|(_, at)| Value::from(*at));
                self.set("ExtKeyUsage", list(known.collect()));
                let other = usage.other.iter().map(|id| oid(&id.to_id_string()));
                self.set("UnknownExtKeyUsage", list(other.collect()));
            }
            ParsedExtension::BasicConstraints(basic) => {
                self.set("BasicConstraintsValid", Value::Bool(true));
                self.set("IsCA", Value::Bool(basic.ca));
                let length = basic.path_len_constraint.map_or(-1, i64::from);
                self.set("MaxPathLen", Value::from(length));
                self.set("MaxPathLenZero", Value::Bool(length == 0));
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.set("SubjectKeyId", bytes(id.0)),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.set("AuthorityKeyId", id.key_identifier.as_ref().map_or(Value::Null, |id| bytes(id.0)));
            }
            other => self.read_chain(other, critical),
        }
    }

    /// What concerns a chain: where revocations are told, policies, limits.
    fn read_chain(&mut self, extension: &ParsedExtension<'_>, critical: bool) {
        match extension {
            ParsedExtension::CRLDistributionPoints(points) => {
                let names = points.points.iter().filter_map(|point| match &point.distribution_point {
                    Some(DistributionPointName::FullName(names)) => Some(names.as_slice()),
                    _ => None,
                });
                self.set("CRLDistributionPoints", list(names.flatten().filter_map(uri).collect()));
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                for (key, wanted) in
                    [("OCSPServer", "1.3.6.1.5.5.7.48.1"), ("IssuingCertificateURL", "1.3.6.1.5.5.7.48.2")]
                {
                    let fitting = access.iter().filter(|one| one.access_method.to_id_string() == wanted);
                    self.set(key, list(fitting.filter_map(|one| uri(&one.access_location)).collect()));
                }
            }
            ParsedExtension::CertificatePolicies(policies) => {
                let ids: Vec<String> = policies.iter().map(|policy| policy.policy_id.to_id_string()).collect();
                self.set("PolicyIdentifiers", list(ids.iter().map(|id| oid(id)).collect()));
                self.set("Policies", list(ids.into_iter().map(Value::from).collect()));
            }
            ParsedExtension::PolicyConstraints(limits) => {
                self.count("RequireExplicitPolicy", "RequireExplicitPolicyZero", limits.require_explicit_policy);
                self.count("InhibitPolicyMapping", "InhibitPolicyMappingZero", limits.inhibit_policy_mapping);
            }
            ParsedExtension::InhibitAnyPolicy(limit) => {
                self.count("InhibitAnyPolicy", "InhibitAnyPolicyZero", Some(limit.skip_certs));
            }
            ParsedExtension::NameConstraints(limits) => {
                let permitted: [(&str, Pick); 4] = [
                    ("PermittedDNSDomains", dns),
                    ("PermittedEmailAddresses", mail),
                    ("PermittedIPRanges", network),
                    ("PermittedURIDomains", uri),
                ];
                let excluded: [(&str, Pick); 4] = [
                    ("ExcludedDNSDomains", dns),
                    ("ExcludedEmailAddresses", mail),
                    ("ExcludedIPRanges", network),
                    ("ExcludedURIDomains", uri),
                ];
                for (key, pick) in permitted {
                    self.set(key, subtrees(limits.permitted_subtrees.as_ref(), pick));
                }
                for (key, pick) in excluded {
                    self.set(key, subtrees(limits.excluded_subtrees.as_ref(), pick));
                }
                self.set("PermittedDNSDomainsCritical", Value::Bool(critical));
            }
            _ => {}
        }
    }
}

/// Go's number of a signature's algorithm; that of RSA-PSS is in its parameters.
pub fn signature_algorithm(algorithm: &AlgorithmIdentifier<'_>) -> u64 {
    let id = algorithm.algorithm.to_id_string();
    if id == "1.2.840.113549.1.1.10" {
        let hashes: [(&[u8], u64); 3] = [(&[4, 2, 1], 13), (&[4, 2, 2], 14), (&[4, 2, 3], 15)];
        let given =
            algorithm.parameters.as_ref().map(x509_parser::der_parser::asn1_rs::Any::as_bytes).unwrap_or_default();
        let hit = hashes.iter().find(|(tail, _)| given.windows(3).any(|part| part == *tail));
        return hit.map_or(0, |(_, number)| *number);
    }
    SIGNATURES.iter().find(|(known, _)| *known == id).map_or(0, |(_, number)| *number)
}

/// The algorithm's number and the key.
fn public_key(one: &X509Certificate<'_>) -> Result<(u64, Value), Failure> {
    let info = one.public_key();
    let raw = &*info.subject_public_key.data;
    Ok(match (info.algorithm.algorithm.to_id_string().as_str(), info.parsed()) {
        (_, Ok(PublicKey::RSA(key))) => (1, object(vec![("E", big(key.exponent)?), ("N", big(key.modulus)?)])),
        ("1.2.840.10040.4.1", _) => (2, Value::Null),
        ("1.2.840.10045.2.1", _) => {
            let point = raw.get(1..).unwrap_or_default();
            let (x, y) = point.split_at(point.len() / 2);
            (3, object(vec![("Curve", Value::new_object()), ("X", big(x)?), ("Y", big(y)?)]))
        }
        ("1.3.101.112", _) => (4, bytes(raw)),
        _ => (0, Value::Null),
    })
}

/// The certificate with `URIStrings`, which OPA adds in some places.
pub fn extended(one: &X509Certificate<'_>) -> Run {
    let names = one.subject_alternative_name().ok().flatten();
    let uris = names.map_or(Value::Null, |names| picked(&names.value.general_names, uri));
    let mut all = shown(one)?;
    if let Ok(fields) = all.as_object_mut() {
        fields.insert(Value::from("URIStrings"), uris);
    }
    Ok(all)
}

/// The certificate as Go has it.
pub fn shown(one: &X509Certificate<'_>) -> Run {
    let mut extensions = Extensions::empty();
    one.extensions().iter().for_each(|extension| extensions.read(extension.parsed_extension(), extension.critical));
    let raw = one.extensions().iter().map(|extension| {
        let id = oid(&extension.oid.to_id_string());
        object(vec![("Critical", Value::Bool(extension.critical)), ("Id", id), ("Value", bytes(extension.value))])
    });
    let (algorithm, key) = public_key(one)?;
    let mut fields = vec![
        ("Extensions", list(raw.collect())),
        ("Issuer", name(one.issuer())),
        ("NotAfter", time(one.validity().not_after.timestamp())),
        ("NotBefore", time(one.validity().not_before.timestamp())),
        ("PublicKey", key),
        ("PublicKeyAlgorithm", Value::from(algorithm)),
        ("Raw", bytes(one.as_raw())),
        ("RawIssuer", bytes(one.issuer().as_raw())),
        ("RawSubject", bytes(one.subject().as_raw())),
        ("RawSubjectPublicKeyInfo", bytes(one.public_key().raw)),
        ("RawTBSCertificate", bytes(one.tbs_certificate.as_ref())),
        ("SerialNumber", big(&one.tbs_certificate.serial.to_bytes_be())?),
        ("Signature", bytes(&one.signature_value.data)),
        ("SignatureAlgorithm", Value::from(signature_algorithm(&one.signature_algorithm))),
        ("Subject", name(one.subject())),
        ("Version", Value::from(u64::from(one.version().0) + 1)),
    ];
    fields.append(&mut extensions.fields);
    Ok(object(fields))
}
