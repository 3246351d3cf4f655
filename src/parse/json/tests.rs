use super::*;
use crate::document::{Path, Step};

fn shown(text: &str) -> String {
    let outcome = parse(&Source::new("a.json", text));
    match (outcome.documents.first(), outcome.errors.first()) {
        (Some(parsed), None) => parsed.value.to_string(),
        (None, Some(error)) => {
            let span = error.span.map(|span| format!("{}..{}", span.start, span.end)).unwrap_or_default();
            format!(
                "{span} {}{}",
                error.message,
                error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default()
            )
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_reads() {
    for text in [
        "",
        " ",
        "1",
        "-",
        "-1",
        "01",
        "1.",
        "1.5e3",
        "1e400",
        "-0",
        "18446744073709551615",
        "123456789012345678901234567890",
        "\u{feff}{\"a\": [1, 2, {}], \"b\": [], \"é\\u00e9\\n\": \"\\ud834\\udd1e\\ud834 x\"}",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "{'a':1}",
        "{\"a\" 1}",
        "[1]]",
        "[",
        "{",
        "{\"a\":",
        "\"abc",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "nul",
        "NaN",
        "// c\n1",
        "[}",
        "tru\u{e9}",
        "{\"a\":1,\"a\":2}",
        "[\"a\u{0}\"]",
        "1 // x",
    ] {
        println!("{text:?} => {}", shown(text));
    }
    let deep = "[".repeat(100_000);
    println!("{}", shown(&deep));
    println!("{:?}", parse(&Source::new("a.json", "{\"a\":1,\"a\":2}")).notices);
    let _ = (Path::default(), Step::Index(0));
    println!("{:?}", parse_lines(&Source::new("a", "{\"a\":1}\r\n\n[2\n\"x\"")));
    println!(
        "{:?}",
        crate::parse::jsonc::parse(&Source::new(
            "a",
            "\u{feff}// c\n{a: 0x1F, 'b': [1,], \"c\": -.5, d: NaN, a: +2 /* x */}\n"
        ))
    );
    println!("{:?}", crate::parse::jsonc::parse(&Source::new("a", "{\"a\": 1 \"b\": 2}")).errors);
}
