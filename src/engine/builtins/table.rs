//! The one list of our own builtins: a new one is a line here and a function.

use super::Context;
use super::{Builtin, Run};
use super::{capped, gated, hashes, legacy, sprintf};
use regorus::Value;

const fn row(name: &'static str, arity: u8, run: fn(&Context, &[Value]) -> Run) -> Builtin {
    Builtin { name, arity, run }
}

/// Every builtin of our own; what is not here is regorus's.
pub static TABLE: &[Builtin] = &[
    row("sprintf", 2, sprintf::sprintf),
    row("crypto.md5", 1, hashes::md5),
    row("crypto.sha1", 1, hashes::sha1),
    row("crypto.sha256", 1, hashes::sha256),
    row("crypto.hmac.md5", 2, hashes::hmac_md5),
    row("crypto.hmac.sha1", 2, hashes::hmac_sha1),
    row("crypto.hmac.sha256", 2, hashes::hmac_sha256),
    row("crypto.hmac.sha512", 2, hashes::hmac_sha512),
    row("crypto.hmac.equal", 2, hashes::hmac_equal),
    row("all", 1, legacy::all),
    row("any", 1, legacy::any),
    row("set_diff", 2, legacy::set_diff),
    row("cast_array", 1, legacy::cast_array),
    row("cast_set", 1, legacy::cast_set),
    row("cast_string", 1, legacy::cast_string),
    row("cast_boolean", 1, legacy::cast_boolean),
    row("cast_null", 1, legacy::cast_null),
    row("cast_object", 1, legacy::cast_object),
    row("plus", 2, legacy::plus),
    row("minus", 2, legacy::minus),
    row("mul", 2, legacy::mul),
    row("div", 2, legacy::div),
    row("rem", 2, legacy::rem),
    row("eq", 2, legacy::eq),
    row("equal", 2, legacy::eq),
    row("neq", 2, legacy::neq),
    row("lt", 2, legacy::lt),
    row("lte", 2, legacy::lte),
    row("gt", 2, legacy::gt),
    row("gte", 2, legacy::gte),
    row("and", 2, legacy::and),
    row("or", 2, legacy::or),
    row("numbers.range", 2, capped::range),
    row("numbers.range_step", 3, capped::range_step),
    row("replace", 3, capped::replace),
    row("strings.replace_n", 2, capped::replace_n),
    row("strings.count", 2, capped::count),
    row("concat", 2, capped::concat),
    row("array.flatten", 1, capped::flatten),
    row("time.now_ns", 0, gated::now_ns),
    row("http.send", 1, gated::http_send),
    row("net.lookup_ip_addr", 1, gated::lookup_ip_addr),
    row("opa.runtime", 0, gated::runtime),
    row("rand.intn", 2, gated::intn),
    row("uuid.rfc4122", 1, gated::rfc4122),
    row("parse_config", 2, gated::parse_config),
    row("parse_config_file", 1, gated::parse_config_file),
    row("parse_combined_config_files", 1, gated::parse_combined_config_files),
];
