//! Values written anew, in the formats of which few real files are at hand.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// `value` as a file of each format that can hold it; `name` says where it is from.
pub fn all(name: &str, value: &Json) -> Vec<(String, String)> {
    let mut files = vec![
        (format!("{name}.jsonc"), jsonc(value, 0)),
        (format!("{name}.ndjson"), ndjson(value)),
        (format!("{name}.Dockerfile"), dockerfile(value)),
    ];
    if let Json::Object(fields) = value {
        let body: String = fields.iter().fold(String::new(), |all, (key, field)| {
            format!("{all}block {} \"two\" {{ # c\n  é = {}\n}}\n", quoted_hcl(key), hcl(field, 1))
        });
        files.push((format!("{name}.tf"), body));
        files.push((format!("{name}.xml"), format!("<?xml version=\"1.0\"?>\n{}\n", xml("root", value))));
        if let Some(text) = without_null(value).and_then(|value| ::toml::to_string_pretty(&value).ok()) {
            files.push((format!("{name}.toml"), text));
        }
        files.push((format!("{name}.anchors.yaml"), anchors(value)));
    }
    files
}

fn jsonc(value: &Json, depth: usize) -> String {
    let pad = "\t".repeat(depth);
    match value {
        Json::Array(items) if !items.is_empty() => {
            let body: String =
                items.iter().fold(String::new(), |all, item| format!("{all}{pad}\t{}, // ü\n", jsonc(item, depth + 1)));
            format!("[ /* , */\n{body}{pad}]")
        }
        Json::Object(fields) if !fields.is_empty() => {
            let body: String = fields.iter().fold(String::new(), |all, (key, field)| {
                format!("{all}{pad}\t{} /* : */ : {},\n", Json::from(key.as_str()), jsonc(field, depth + 1))
            });
            format!("{{\n{body}{pad}}}")
        }
        scalar => scalar.to_string(),
    }
}

fn ndjson(value: &Json) -> String {
    match value {
        Json::Array(items) => items.iter().fold(String::new(), |all, item| format!("{all}{item}\n")),
        one => format!("{one}\n\n  {one}\n"),
    }
}

fn quoted_hcl(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out.replace("${", "$${").replace("%{", "%%{")
}

fn hcl(value: &Json, depth: usize) -> String {
    let pad = "  ".repeat(depth);
    match value {
        Json::String(text) if text.ends_with('\n') && !text.contains(['\r', '\t', '$', '%']) && depth < 3 => {
            format!("<<EOT\n{text}EOT\n")
        }
        Json::String(text) => quoted_hcl(text),
        // No list in a list of one element with a heredoc: `]` may not follow its end.
        Json::Array(items) => {
            let parts: Vec<String> = items.iter().map(|item| hcl(item, depth + 3)).collect();
            format!("[{}]", parts.join(", "))
        }
        Json::Object(fields) => {
            let body: String = fields.iter().fold(String::new(), |all, (key, field)| {
                format!("{all}{pad}  {} = {}\n", quoted_hcl(key), hcl(field, depth + 3))
            });
            format!("{{\n{body}{pad}}}")
        }
        scalar => scalar.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn xml(tag: &str, value: &Json) -> String {
    let name: String = tag.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = format!("e{name}");
    match value {
        Json::Object(fields) => {
            let mut attributes = String::new();
            let mut children = String::new();
            for (key, field) in fields {
                match field {
                    Json::Array(items) => {
                        children.extend(items.iter().map(|item| format!("\n  {}", xml(key, item))));
                    }
                    Json::Object(_) => children.push_str(&xml(key, field)),
                    Json::String(text) if text.len() > 40 => {
                        let text = printable(text).replace("]]>", "");
                        let _ = write!(children, "<e{}><![CDATA[{text}]]></e{0}>", attributes.len());
                    }
                    scalar => {
                        let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
                        let _ = write!(attributes, "\n a{} = \"{}\"", attributes.len(), escaped(&printable(&text)));
                    }
                }
            }
            format!("<{name}{attributes}>{children}<!-- end --></{name}>")
        }
        Json::Array(items) => {
            let body: String = items.iter().map(|item| xml("item", item)).collect();
            format!("<{name}>{body}</{name}>")
        }
        scalar => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            format!("<{name}>\n {} </{name}>", escaped(&printable(&text)))
        }
    }
}

/// TOML has no null.
fn without_null(value: &Json) -> Option<Json> {
    Some(match value {
        Json::Null => return None,
        Json::Array(items) => Json::Array(items.iter().filter_map(without_null).collect()),
        Json::Object(fields) => {
            Json::Object(fields.iter().filter_map(|(key, field)| Some((key.clone(), without_null(field)?))).collect())
        }
        scalar => scalar.clone(),
    })
}

/// The value's strings as instructions of every sort.
fn dockerfile(value: &Json) -> String {
    let mut words = Vec::new();
    strings(value, &mut words);
    let mut text = "# syntax=docker/dockerfile:1\nFROM --platform=$P base AS one\n".to_owned();
    for (at, word) in words.iter().take(200).enumerate() {
        let plain: String = word.chars().filter(|c| c.is_alphanumeric() || " -_./:=".contains(*c)).collect();
        let Some(first) = plain.split_whitespace().find(|word| !word.starts_with('-')) else { continue };
        let _ = match at % 9 {
            0 => writeln!(text, "RUN echo {plain} && \\\n    # why\n\n    true {first}"),
            1 => writeln!(text, "CMD [ \"sh\", {}, \"x\" ]", Json::from(*word)),
            2 => writeln!(text, "ENV A={first} \\\n  B=\"x y\" C='z'"),
            3 => writeln!(text, "LABEL a {plain} x"),
            4 => writeln!(text, "COPY --from=one --chown=\"a b\" {first} /x \\\n /y"),
            5 => writeln!(text, "RUN <<EOF\n{plain}\nEOF"),
            6 => writeln!(text, "  COPY <<-'A' <<B /x\n\t{plain}\n\tA\nb\nB"),
            7 => writeln!(text, "ONBUILD  RUN x {first}\n#  {plain}\n"),
            _ => writeln!(
                text,
                "HEALTHCHECK --interval=3s CMD curl \\\r\n {first}\nFROM {} as b",
                first.replace('=', "")
            ),
        };
    }
    text
}

fn strings<'a>(value: &'a Json, all: &mut Vec<&'a str>) {
    match value {
        Json::String(text) => all.push(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, all)),
        Json::Object(fields) => fields.values().for_each(|field| strings(field, all)),
        _ => {}
    }
}

/// The fields once behind anchors, then as aliases, and merged where they are objects.
fn anchors(value: &Json) -> String {
    let Json::Object(fields) = value else { return String::new() };
    let mut text = String::from("first:\n");
    for (at, (key, field)) in fields.iter().enumerate() {
        let _ = writeln!(text, "  {}: &a{at} {field}", Json::from(key.as_str()));
    }
    text.push_str("second:\n");
    for (at, key) in fields.keys().enumerate() {
        let _ = writeln!(text, "  - {}: *a{at}", Json::from(key.as_str()));
    }
    for (at, (_, field)) in fields.iter().enumerate().filter(|(_, (_, field))| field.is_object()) {
        let _ = write!(text, "merged{at}:\n  <<: *a{at}\n  é: {field}\n  own: [*a{at}, \"*\"]\n");
    }
    text
}
