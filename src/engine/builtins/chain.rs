//! `crypto.x509.parse_and_verify_certificates`: a chain from the first certificate, the root, to the last, the leaf.

use regorus::Value;
use x509_parser::prelude::X509Certificate;

use super::args::{self, Run, undefined};
use super::keys::{self, Family, Hash};
use super::{Context, Failure, certificate, x509};

/// The most certificates of one chain.
const MOST: usize = 64;

/// What a chain is checked for.
struct Wanted {
    dns: String,
    seconds: i64,
    /// Identifiers of usages, of which the leaf has to have one.
    usages: Vec<String>,
}

/// Names of extended usages and their identifiers; without one any usage will do.
const USAGES: [(&str, &str); 14] = [
    ("KeyUsageAny", ""),
    ("KeyUsageServerAuth", "1.3.6.1.5.5.7.3.1"),
    ("KeyUsageClientAuth", "1.3.6.1.5.5.7.3.2"),
    ("KeyUsageCodeSigning", "1.3.6.1.5.5.7.3.3"),
    ("KeyUsageEmailProtection", "1.3.6.1.5.5.7.3.4"),
    ("KeyUsageIPSECEndSystem", "1.3.6.1.5.5.7.3.5"),
    ("KeyUsageIPSECTunnel", "1.3.6.1.5.5.7.3.6"),
    ("KeyUsageIPSECUser", "1.3.6.1.5.5.7.3.7"),
    ("KeyUsageTimeStamping", "1.3.6.1.5.5.7.3.8"),
    ("KeyUsageOCSPSigning", "1.3.6.1.5.5.7.3.9"),
    ("KeyUsageMicrosoftServerGatedCrypto", "1.3.6.1.4.1.311.10.3.3"),
    ("KeyUsageNetscapeServerGatedCrypto", "2.16.840.1.113730.4.1"),
    ("KeyUsageMicrosoftCommercialCodeSigning", "1.3.6.1.4.1.311.2.1.22"),
    ("KeyUsageMicrosoftKernelCodeSigning", "1.3.6.1.4.1.311.61.1.1"),
];

impl Wanted {
    fn read(context: &Context, options: Option<&Value>) -> Result<Self, Failure> {
        let (mut dns, mut time, mut usages) = (String::new(), None, vec!["1.3.6.1.5.5.7.3.1".to_owned()]);
        let fields = options.and_then(|options| options.as_object().ok());
        for (key, option) in fields.into_iter().flat_map(|fields| fields.iter_sorted()) {
            match (key.as_string().map(AsRef::as_ref).unwrap_or_default(), option) {
                ("DNSName", Value::String(text)) => text.trim_matches('"').clone_into(&mut dns),
                ("CurrentTime", Value::Number(_)) => time = Some(args::int(std::slice::from_ref(option), 0)?),
                ("MaxConstraintComparisons", Value::Number(_)) => {}
                ("KeyUsages", Value::Array(_) | Value::Set(_)) => usages = identifiers(option)?,
                (key, _) => return undefined(format!("invalid key option `{key}`")),
            }
        }
        let now = time.or(context.now_ns.and_then(|now| i64::try_from(now).ok()));
        let now = now.ok_or_else(|| {
            let text =
                "the validity of certificates needs the time: pass `CurrentTime`, or grant it with `--allow clock`";
            Failure::Denied(text.to_owned())
        })?;
        Ok(Self { dns, seconds: now.div_euclid(1_000_000_000), usages })
    }
}

fn identifiers(names: &Value) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for name in args::collection(std::slice::from_ref(names), 0)? {
        let Value::String(name) = name else { continue };
        match USAGES.iter().find(|(known, _)| *known == name.trim_matches('"')) {
            Some((_, id)) => ids.push((*id).to_owned()),
            None => return undefined(format!("invalid entries for 'KeyUsages' found: [{name}]")),
        }
    }
    Ok(ids)
}

/// Whether the certificate allows one of the usages; one that names none allows all.
fn allows(one: &X509Certificate<'_>, usages: &[String]) -> bool {
    let Some(extension) = one.extended_key_usage().ok().flatten() else { return true };
    let usage = extension.value;
    let known = [
        (usage.server_auth, "1.3.6.1.5.5.7.3.1"),
        (usage.client_auth, "1.3.6.1.5.5.7.3.2"),
        (usage.code_signing, "1.3.6.1.5.5.7.3.3"),
        (usage.email_protection, "1.3.6.1.5.5.7.3.4"),
        (usage.time_stamping, "1.3.6.1.5.5.7.3.8"),
        (usage.ocsp_signing, "1.3.6.1.5.5.7.3.9"),
    ];
    usage.any
        || usages.iter().any(|wanted| {
            wanted.is_empty()
                || known.iter().any(|(is, id)| *is && id == wanted)
                || usage.other.iter().any(|id| id.to_id_string() == *wanted)
        })
}

/// Go's check of a host name: case aside, and with `*` for the leftmost part.
fn has_name(one: &X509Certificate<'_>, name: &str) -> bool {
    use x509_parser::prelude::GeneralName;
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let Some(names) = one.subject_alternative_name().ok().flatten() else { return false };
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
    names.value.general_names.iter().any(|given| match (given, address) {
        (GeneralName::DNSName(given), None) => {
            let given = given.trim_end_matches('.').to_ascii_lowercase();
            let rest = given.strip_prefix("*.").zip(name.split_once('.'));
            given == name || rest.is_some_and(|(pattern, (_, rest))| pattern == rest)
        }
        (GeneralName::IPAddress(raw), Some(std::net::IpAddr::V4(address))) => **raw == address.octets(),
        (GeneralName::IPAddress(raw), Some(std::net::IpAddr::V6(address))) => **raw == address.octets(),
        _ => false,
    })
}

/// Whether `one` may be in a chain that ends in a leaf; `below` certificates are between the two.
fn may_sign(one: &X509Certificate<'_>, below: usize) -> bool {
    let basic = one.basic_constraints().ok().flatten().map(|basic| basic.value);
    let length = basic.as_ref().and_then(|basic| basic.path_len_constraint);
    basic.is_some_and(|basic| basic.ca)
        && length.is_none_or(|most| u32::try_from(below).is_ok_and(|below| below <= most))
}

/// Whether `by` signed `one`; as in Go not with SHA-1 or MD5.
fn signed(one: &X509Certificate<'_>, by: &X509Certificate<'_>) -> bool {
    let algorithm = match certificate::signature_algorithm(&one.signature_algorithm) {
        4 => (Family::Rs, Hash::Sha256),
        5 => (Family::Rs, Hash::Sha384),
        6 => (Family::Rs, Hash::Sha512),
        13 => (Family::Ps, Hash::Sha256),
        14 => (Family::Ps, Hash::Sha384),
        15 => (Family::Ps, Hash::Sha512),
        10..=12 | 16 => return one.verify_signature(Some(by.public_key())).is_ok(),
        _ => return false,
    };
    // The parser's own check refuses RSA keys under 2,048 bits, which Go takes.
    keys::material(by.public_key().raw)
        .is_some_and(|key| keys::verify(algorithm, &key, one.tbs_certificate.as_ref(), &one.signature_value.data))
}

/// The chain from the leaf to the root.
fn chain<'a>(all: &'a [X509Certificate<'a>], wanted: &Wanted) -> Result<Option<Vec<&'a X509Certificate<'a>>>, Failure> {
    let [root, between @ .., leaf] = all else { return Ok(None) };
    let valid = |one: &X509Certificate<'_>| {
        let validity = one.validity();
        (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&wanted.seconds)
    };
    if !valid(leaf) || !allows(leaf, &wanted.usages) || !(wanted.dns.is_empty() || has_name(leaf, &wanted.dns)) {
        return Ok(None);
    }
    let mut chain = vec![leaf];
    while let Some(last) = chain.last().copied() {
        let signer = |one: &X509Certificate<'_>| one.subject().as_raw() == last.issuer().as_raw() && signed(last, one);
        let fits = |one: &X509Certificate<'_>| {
            valid(one) && may_sign(one, chain.len() - 1) && allows(one, &wanted.usages) && signer(one)
        };
        let next = if fits(root) { Some(root) } else { between.iter().find(|one| !chain.contains(one) && fits(one)) };
        let Some(next) = next else { return Ok(None) };
        if next.name_constraints().ok().flatten().is_some() {
            let text = "parse_and_verify_certificates: a certificate limits the names below it, which is not checked";
            return Err(Failure::Fault(text.to_owned()));
        }
        chain.push(next);
        if std::ptr::eq(next, root) {
            return Ok(Some(chain));
        }
    }
    Ok(None)
}

fn verified(
    text: &str,
    show: fn(&X509Certificate<'_>) -> Run,
    wanted: impl FnOnce() -> Result<Wanted, Failure>,
) -> Run {
    let refused = || Ok(Value::from(vec![Value::Bool(false), Value::new_array()]));
    let Ok(ders) = x509::certificates(text) else { return refused() };
    let wanted = wanted()?;
    args::cap("parse_and_verify_certificates", "certificates", ders.len(), MOST)?;
    let all = ders.iter().map(|der| x509::parsed(der)).collect::<Result<Vec<_>, _>>()?;
    match chain(&all, &wanted)? {
        Some(chain) => {
            let shown = chain.into_iter().map(show).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::from(vec![Value::Bool(true), Value::from(shown)]))
        }
        None => refused(),
    }
}

/// `crypto.x509.parse_and_verify_certificates(text)`: `[valid, chain]`.
pub fn verify(context: &Context, args: &[Value]) -> Run {
    verified(args::string(args, 0)?, certificate::extended, || Wanted::read(context, None))
}

/// As [`verify`], with the name, the time and the usages wanted.
pub fn verify_with_options(context: &Context, args: &[Value]) -> Run {
    let options = args::value(args, 1)?;
    if !matches!(options, Value::Object(_)) {
        return Err(args::wrong(args, 1, "object"));
    }
    verified(args::string(args, 0)?, certificate::shown, || Wanted::read(context, Some(options)))
}
