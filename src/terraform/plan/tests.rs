use super::*;
use crate::document::Kind;
use crate::parse::hcl;

fn document(name: &str, text: &str) -> Document {
    let source = Arc::new(Source::new(name, text));
    let parsed = hcl::parse(&source).documents.remove(0);
    Document {
        source,
        index: 0,
        format: Format::Hcl,
        kind: Kind::Terraform,
        value: parsed.value,
        spans: Arc::new(parsed.spans),
        aside: false,
        resolved: None,
    }
}

fn files() -> Vec<Document> {
    vec![
        document(
            "infra/main.tf",
            "module \"store\" {\n  source = \"../modules/store\"\n  count = 2\n}\nmodule \"far\" {\n  source = \"a/b/c\"\n}\nresource \"aws_sg\" \"web\" {\n  rule {\n    port = 22\n  }\n  rule {\n    port = 80\n    open = true\n  }\n  dynamic \"egress\" {\n    for_each = [1]\n    content {\n      to = egress.value\n    }\n  }\n}\n",
        ),
        document(
            "modules/store/main.tf",
            "resource \"aws_s3_bucket\" \"logs\" {\n  acl = var.acl\n  tags = { Name = \"x\" }\n}\n",
        ),
    ]
}

const PLAN: &str = r#"{
  "planned_values": {"root_module": {
    "resources": [{"address": "aws_sg.web", "type": "aws_sg", "values": {
      "rule": [{"port": 80, "open": true}, {"port": 22, "open": null}], "egress": [{"to": 1}], "name": "w"}}],
    "child_modules": [{"address": "module.store[1]", "resources": [
      {"address": "module.store[1].aws_s3_bucket.logs[\"a.b]\"]", "type": "aws_s3_bucket",
       "values": {"acl": "public", "tags": {"Name": "x"}}}]}]}},
  "resource_changes": [
    {"address": "module.far.aws_x.y", "type": "aws_x", "change": {"after": {"a": 1}}}],
  "configuration": {"root_module": {"module_calls": {"store": {"module": {"resources": [
    {"address": "aws_s3_bucket.logs", "type": "aws_s3_bucket", "expressions": {"acl": {"references": []}}}]}}}}}
}"#;

fn at(path: &str) -> String {
    let plan = Value::from_json_str(PLAN).unwrap();
    let steps = path.split('.').map(|step| step.parse::<usize>().map_or_else(|_| step.into(), Step::from)).collect();
    let index = PlanIndex::new(&files());
    index.locate(&plan, &Path(steps)).map_or("nowhere".to_owned(), |place| {
        format!("{} {:?} {}", place.source.name(), place.source.slice(place.span), place.exact)
    })
}

#[test]
fn a_part_of_a_plan_leads_to_where_it_is_written() {
    let store = "planned_values.root_module.child_modules.0.resources.0";
    let root = "planned_values.root_module.resources.0.values";
    let header = r#""resource \"aws_s3_bucket\" \"logs\"""#;
    let cases = [
        (format!("{store}.values.acl"), r#"modules/store/main.tf "var.acl" true"#.to_owned()),
        (format!("{store}.values.tags.Name"), r#"modules/store/main.tf "\"x\"" true"#.to_owned()),
        (format!("{store}.values.versioning.0.on"), format!("modules/store/main.tf {header} false")),
        (store.to_owned(), format!("modules/store/main.tf {header} true")),
        (format!("{root}.rule.0.port"), r#"infra/main.tf "80" true"#.to_owned()),
        (format!("{root}.rule.1.port"), r#"infra/main.tf "22" true"#.to_owned()),
        (format!("{root}.egress.0.to"), r#"infra/main.tf "egress.value" true"#.to_owned()),
        (format!("{root}.name"), r#"infra/main.tf "resource \"aws_sg\" \"web\"" false"#.to_owned()),
        ("resource_changes.0.change.after.a".to_owned(), r#"infra/main.tf "module \"far\"" false"#.to_owned()),
        (
            "configuration.root_module.module_calls.store.module.resources.0.expressions.acl".to_owned(),
            r#"modules/store/main.tf "var.acl" true"#.to_owned(),
        ),
        ("planned_values".to_owned(), "nowhere".to_owned()),
    ];
    for (path, place) in cases {
        assert_eq!(at(&path), place, "{path}");
    }
}

#[test]
fn two_roots_that_fit_are_no_place() {
    let block = "resource \"aws_x\" \"y\" {}\n";
    let index = PlanIndex::new(&[document("a/m.tf", block), document("b/m.tf", block)]);
    let plan = r#"{"resource_changes": [{"address": "aws_x.y", "type": "aws_x"}]}"#;
    let path = Path(vec!["resource_changes".into(), 0.into()]);
    assert!(index.locate(&Value::from_json_str(plan).unwrap(), &path).is_none());
}

/// The plan is what Terraform 1.11 itself writes for these files.
#[test]
fn a_real_plan_leads_to_its_files() {
    let documents = [
        document("infra/main.tf", include_str!("../../../tests/fixtures/terraform-plan/main.tf")),
        document("infra/mod/main.tf", include_str!("../../../tests/fixtures/terraform-plan/mod/main.tf")),
    ];
    let plan = Value::from_json_str(include_str!("../../../tests/fixtures/terraform-plan/plan.json")).unwrap();
    let index = PlanIndex::new(&documents);
    let mut shown = Vec::new();
    for at in 0..4_usize {
        let change = Path(vec!["resource_changes".into(), at.into()]);
        let place = index.locate(&plan, &change.child("change").child("after").child("input")).unwrap();
        let address = change.child("address").get(&plan).unwrap().to_string();
        shown.push(format!("{address} {} {}", place.source.name(), place.source.slice(place.span)));
    }
    shown.sort();
    let web = r#"infra/main.tf { name = "${var.name}-${count.index}", open = true }"#;
    assert_eq!(
        shown,
        [
            r#""module.store[\"a.b\"].terraform_data.logs" infra/mod/main.tf var.acl"#.to_owned(),
            r#""module.store[\"c\"].terraform_data.logs" infra/mod/main.tf var.acl"#.to_owned(),
            format!("\"terraform_data.web[0]\" {web}"),
            format!("\"terraform_data.web[1]\" {web}"),
        ]
    );
}
