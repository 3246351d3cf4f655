//! `json.match_schema` and `json.verify_schema`, with the drafts that OPA's validator reads without being told.

use std::collections::BTreeMap;

use json_schema::ValidationError;
use json_schema::error::TypeKind;
use regorus::Value;
use serde_json::Value as Json;

use super::args::{self, Run, undefined};
use super::{Context, Failure};

/// Schemas nested deeper than this are refused.
const DEEPEST: usize = 128;
/// Keywords below which are values, not schemas.
const VALUES: [&str; 4] = ["const", "default", "enum", "examples"];
/// The most errors that are told.
const MOST_ERRORS: usize = 1_000;
/// What OPA calls the document itself.
const ROOT: &str = "(Root)";
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// A document or schema: a text of JSON, an object or an array.
fn loaded(value: &Value) -> Result<Json, String> {
    match value {
        Value::String(text) => serde_json::from_str(text).map_err(|_| "invalid JSON string".to_owned()),
        Value::Object(_) | Value::Array(_) => serde_json::to_value(value).map_err(|error| error.to_string()),
        _ => Err("wrong type, expected string or object".to_owned()),
    }
}

/// A schema that names no draft, as one of draft 7 with what draft 4 had otherwise turned into it.
///
/// OPA's validator mixes the drafts 4, 6 and 7 where a schema does not say; regorus's takes the newest.
fn settled(mut schema: Json) -> Json {
    if let Json::Object(fields) = &mut schema
        && !fields.contains_key("$schema")
    {
        fields.insert("$schema".to_owned(), Json::from("http://json-schema.org/draft-07/schema#"));
        exclusive(&mut schema, 0);
    }
    schema
}

/// `minimum: 3, exclusiveMinimum: true` as `exclusiveMinimum: 3`.
fn exclusive(schema: &mut Json, depth: usize) {
    match schema {
        Json::Object(fields) if depth < DEEPEST => {
            for (key, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                match fields.get(key) {
                    Some(Json::Bool(true)) => {
                        if let Some(limit) = fields.remove(limit) {
                            fields.insert(key.to_owned(), limit);
                        }
                    }
                    Some(Json::Bool(false)) => {
                        fields.remove(key);
                    }
                    _ => {}
                }
            }
            // Without a list of properties the validator names only the first that is one too many.
            if fields.get("additionalProperties") == Some(&Json::Bool(false)) && !fields.contains_key("properties") {
                fields.insert("properties".to_owned(), serde_json::json!({}));
            }
            let schemas = fields.iter_mut().filter(|(key, _)| !VALUES.contains(&key.as_str()));
            schemas.for_each(|(_, inner)| exclusive(inner, depth + 1));
        }
        Json::Array(items) if depth < DEEPEST => items.iter_mut().for_each(|inner| exclusive(inner, depth + 1)),
        _ => {}
    }
}

/// The first type that no schema knows.
fn odd_type(schema: &Json, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let fields = match schema {
        Json::Object(fields) => fields,
        Json::Array(items) => return items.iter().find_map(|inner| odd_type(inner, depth + 1)),
        _ => return None,
    };
    let named: Vec<&str> = match fields.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    if let Some(odd) = named.into_iter().find(|name| !TYPES.contains(name)) {
        return Some(odd.to_owned());
    }
    // Below these are names and values, not schemas.
    let below = |(key, inner): (&String, &Json)| match (key.as_str(), inner) {
        (key, _) if VALUES.contains(&key) => None,
        ("properties" | "patternProperties" | "definitions", Json::Object(named)) => {
            named.values().find_map(|inner| odd_type(inner, depth + 1))
        }
        _ => odd_type(inner, depth + 1),
    };
    fields.iter().find_map(below)
}

/// `json.verify_schema(schema)`: `[valid, why not]`.
pub fn verify_schema(_: &Context, args: &[Value]) -> Run {
    let refused = |text: &str| Ok(Value::from(vec![Value::Bool(false), Value::from(format!("jsonschema: {text}"))]));
    let schema = match loaded(args::value(args, 0)?) {
        Ok(schema) => settled(schema),
        Err(text) => return refused(&text),
    };
    if let Some(odd) = odd_type(&schema, 0) {
        let known = "[array boolean integer number null object string]";
        return refused(&format!(
            "has a primitive type that is NOT VALID -- given: /{odd}/ Expected valid values are:{known}"
        ));
    }
    match json_schema::validator_for(&schema) {
        Ok(_) => Ok(Value::from(vec![Value::Bool(true), Value::Null])),
        Err(error) => refused(&error.to_string()),
    }
}

/// `json.match_schema(document, schema)`: `[matches, errors]` with an object an error.
pub fn match_schema(_: &Context, args: &[Value]) -> Run {
    let read = |index| -> Result<Json, Failure> { loaded(args::value(args, index)?).map_err(Failure::Undefined) };
    let (document, schema) = (read(0)?, settled(read(1)?));
    if let Some(odd) = odd_type(&schema, 0) {
        return undefined(format!("has a primitive type that is NOT VALID -- given: /{odd}/"));
    }
    let validator = json_schema::validator_for(&schema).map_err(|error| Failure::Undefined(error.to_string()))?;
    let mut errors = Vec::new();
    for error in validator.iter_errors(&document).take(MOST_ERRORS) {
        let path = error.instance_path().to_string();
        let field = path.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
        let field = if field.is_empty() { ROOT.to_owned() } else { field };
        errors.extend(told(&field, &error).into_iter().map(|(kind, desc)| {
            let pairs = [
                ("error", format!("{field}: {desc}")),
                ("desc", desc),
                ("field", field.clone()),
                ("type", kind.to_owned()),
            ];
            Value::from(
                pairs.into_iter().map(|(key, text)| (Value::from(key), Value::from(text))).collect::<BTreeMap<_, _>>(),
            )
        }));
    }
    Ok(Value::from(vec![Value::Bool(errors.is_empty()), Value::from(errors)]))
}

/// The kind and the text that OPA's validator has for an error.
fn told(field: &str, error: &ValidationError<'_>) -> Vec<(&'static str, String)> {
    use json_schema::error::ValidationErrorKind as Kind;
    let one = |kind, text: String| vec![(kind, text)];
    let plain = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    match error.kind() {
        Kind::Required { property } if error.schema_path().to_string().contains("/dependencies") => {
            one("missing_dependency", format!("Has a dependency on {}", plain(property)))
        }
        Kind::Required { property } => one("required", format!("{} is required", plain(property))),
        Kind::FalseSchema => one("false", "False always fails validation".to_owned()),
        Kind::Type { kind } => {
            let expected = match kind {
                TypeKind::Single(kind) => kind.to_string(),
                TypeKind::Multiple(kinds) => {
                    format!("[{}]", kinds.iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(","))
                }
            };
            one("invalid_type", format!("Invalid type. Expected: {expected}, given: {}", type_of(error.instance())))
        }
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| ("additional_property_not_allowed", format!("Additional property {name} is not allowed")))
            .collect(),
        Kind::AdditionalItems { .. } => {
            one("array_no_additional_items", "No additional items allowed on array".to_owned())
        }
        Kind::AnyOf { .. } => one("number_any_of", "Must validate at least one schema (anyOf)".to_owned()),
        Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } => {
            one("number_one_of", "Must validate one and only one schema (oneOf)".to_owned())
        }
        Kind::Not { .. } => one("number_not", "Must not validate the schema (not)".to_owned()),
        Kind::Constant { expected_value } => one("const", format!("{field} does not match: {expected_value}")),
        Kind::Enum { options } => {
            let all = options.as_array().into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
            one("enum", format!("{field} must be one of the following: {}", all.join(", ")))
        }
        Kind::Contains => one("contains", "At least one of the items must match".to_owned()),
        Kind::UniqueItems => one("unique", twice(error.instance())),
        Kind::MinItems { limit } => one("array_min_items", format!("Array must have at least {limit} items")),
        Kind::MaxItems { limit } => one("array_max_items", format!("Array must have at most {limit} items")),
        Kind::MinProperties { limit } => one("array_min_properties", format!("Must have at least {limit} properties")),
        Kind::MaxProperties { limit } => one("array_max_properties", format!("Must have at most {limit} properties")),
        Kind::MinLength { limit } => {
            one("string_gte", format!("String length must be greater than or equal to {limit}"))
        }
        Kind::MaxLength { limit } => one("string_lte", format!("String length must be less than or equal to {limit}")),
        Kind::Minimum { limit } => one("number_gte", format!("Must be greater than or equal to {limit}")),
        Kind::ExclusiveMinimum { limit } => one("number_gt", format!("Must be greater than {limit}")),
        Kind::Maximum { limit } => one("number_lte", format!("Must be less than or equal to {limit}")),
        Kind::ExclusiveMaximum { limit } => one("number_lt", format!("Must be less than {limit}")),
        Kind::MultipleOf { multiple_of } => one("multiple_of", format!("Must be a multiple of {multiple_of}")),
        Kind::Pattern { pattern } => one("pattern", format!("Does not match pattern '{pattern}'")),
        Kind::Format { format } => one("format", format!("Does not match format '{format}'")),
        Kind::PropertyNames { .. } => one("invalid_property_name", "Property name does not match".to_owned()),
        _ => one("schema", error.to_string()),
    }
}

/// The first two items that are the same.
fn twice(items: &Json) -> String {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    let pair = items.iter().enumerate().find_map(|(at, item)| {
        let other = items.iter().skip(at + 1).position(|other| other == item)?;
        Some((at, at + 1 + other))
    });
    let (one, other) = pair.unwrap_or_default();
    format!("array items[{one},{other}] must be unique")
}

/// A value's type, as a schema calls it.
fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.as_f64().is_some_and(|float| float.fract() == 0.0) => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
