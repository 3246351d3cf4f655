//! Builtins that reach out of the policy: the clock, chance, the environment,
//! the network. Each is off until the run grants it, so that a verdict depends
//! on its inputs alone; where it is off its use is an error that names it.

use regorus::Value;
use sha2::{Digest, Sha256};

use super::args::{self, Run, undefined};
use super::hashes::hex;
use super::{Context, Failure, Hook};

fn denied(name: &str, grant: &str) -> Failure {
    Failure::Denied(format!("{name} is not allowed in this run: grant it with `--allow {grant}`"))
}

/// `time.now_ns()`: the run's one point in time.
pub fn now_ns(context: &Context, _: &[Value]) -> Run {
    context.now_ns.map(Value::from).ok_or_else(|| denied("time.now_ns", "clock"))
}

pub fn http_send(context: &Context, _: &[Value]) -> Run {
    if !context.allow.net {
        return Err(denied("http.send", "net"));
    }
    Err(Failure::Denied("http.send: this build sends no requests".to_owned()))
}

pub fn lookup_ip_addr(context: &Context, args: &[Value]) -> Run {
    use std::net::ToSocketAddrs as _;
    let name = args::string(args, 0)?;
    if !context.allow.net {
        return Err(denied("net.lookup_ip_addr", "net"));
    }
    match (name, 0).to_socket_addrs() {
        Ok(found) => {
            let set: std::collections::BTreeSet<Value> = found.map(|a| Value::from(a.ip().to_string())).collect();
            Ok(Value::from(set))
        }
        Err(cause) => undefined(format!("lookup of `{name}`: {cause}")),
    }
}

/// Calls that name files by the place of the policy that calls.
pub const BESIDE: [&str; 2] = ["parse_config_file", "parse_combined_config_files"];

/// The path without `.` and with each `..` taking away what is before it.
fn cleaned(path: &std::path::Path) -> std::path::PathBuf {
    use std::path::Component;
    let mut out = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The operand of such a call with the folder of `policy` before each path.
pub fn beside(policy: &str, operand: &Value) -> Value {
    match operand {
        Value::String(path) => {
            let folder = std::path::Path::new(policy).parent().unwrap_or(std::path::Path::new(""));
            Value::from(cleaned(&folder.join(path.as_ref())).to_string_lossy().into_owned())
        }
        Value::Array(paths) => Value::from(paths.iter().map(|path| beside(policy, path)).collect::<Vec<_>>()),
        other => other.clone(),
    }
}

/// `opa.runtime()`: only the environment the run was given.
pub fn runtime(context: &Context, _: &[Value]) -> Run {
    if !context.allow.env {
        return Err(denied("opa.runtime", "env"));
    }
    let env: std::collections::BTreeMap<Value, Value> =
        context.environment.iter().map(|(k, v)| (Value::from(k.as_str()), Value::from(v.as_str()))).collect();
    let all: std::collections::BTreeMap<Value, Value> = [(Value::from("env"), Value::from(env))].into();
    Ok(Value::from(all))
}

/// Bytes that depend on the run's seed and the call alone, so that a run repeats.
fn chance(context: &Context, key: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(context.seed.to_be_bytes());
    hash.update(key.as_bytes());
    hash.finalize().into()
}

pub fn intn(context: &Context, args: &[Value]) -> Run {
    let (key, most) = (args::string(args, 0)?, args::int(args, 1)?.unsigned_abs());
    if !context.allow.rand {
        return Err(denied("rand.intn", "rand"));
    }
    if most == 0 {
        return Ok(Value::from(0_u64));
    }
    let bytes = chance(context, &format!("{key}-{most}"));
    let number = bytes.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    Ok(Value::from(number % most))
}

pub fn rfc4122(context: &Context, args: &[Value]) -> Run {
    let key = args::string(args, 0)?;
    if !context.allow.rand {
        return Err(denied("uuid.rfc4122", "rand"));
    }
    let mut bytes = chance(context, &format!("uuid-{key}"));
    if let Some(version) = bytes.get_mut(6) {
        *version = (*version & 0x0f) | 0x40;
    }
    if let Some(variant) = bytes.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    let digits = hex(&bytes);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    Ok(Value::from([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")))
}

fn hooked(name: &str, hook: Option<&Hook>, args: &[Value]) -> Run {
    let Some(hook) = hook else {
        return Err(Failure::Denied(format!(
            "{name} is not to be had here: only `regate check` and `regate test` read files for policies"
        )));
    };
    hook(args)
}

pub fn parse_config(context: &Context, args: &[Value]) -> Run {
    hooked("parse_config", context.hooks.parse_config.as_ref(), args)
}

pub fn parse_config_file(context: &Context, args: &[Value]) -> Run {
    hooked("parse_config_file", context.hooks.parse_config_file.as_ref(), args)
}

pub fn parse_combined_config_files(context: &Context, args: &[Value]) -> Run {
    hooked("parse_combined_config_files", context.hooks.parse_combined_config_files.as_ref(), args)
}
