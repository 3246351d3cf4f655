use super::*;

/// Prints what the parser makes of a file, to be compared with hcl2json.
#[test]
fn oracle() {
    let Ok(path) = std::env::var("HCL_FILE") else { return };
    let source = Source::new(path.clone(), std::fs::read_to_string(&path).unwrap());
    let outcome = parse(&source);
    println!("{:?}", outcome.errors);
    std::fs::write(format!("{path}.out"), outcome.documents[0].value.to_json_str().unwrap()).unwrap();
}
