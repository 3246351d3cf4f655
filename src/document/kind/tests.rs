use super::*;

fn json(text: &str) -> Value {
    Value::from_json_str(text).unwrap()
}

#[test]
fn content_decides_before_the_name() {
    let cases = [
        ("a.yaml", Format::Yaml, r#"{"apiVersion":"v1","kind":"Pod"}"#, Kind::Kubernetes),
        ("kustomization.yaml", Format::Yaml, r#"{"resources":[]}"#, Kind::Kustomization),
        (
            "k.yaml",
            Format::Yaml,
            r#"{"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization"}"#,
            Kind::Kustomization,
        ),
        (
            "kustomization.yaml",
            Format::Yaml,
            r#"{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization"}"#,
            Kind::Kubernetes,
        ),
        ("t.yaml", Format::Yaml, r#"{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}"#, Kind::Cloudformation),
        ("main.tf", Format::Hcl, "{}", Kind::Terraform),
        ("main.tf.json", Format::Json, "{}", Kind::Terraform),
        ("x.hcl", Format::Hcl, r#"{"source":{}}"#, Kind::Unknown),
        (
            "p.json",
            Format::Json,
            r#"{"format_version":"1.2","terraform_version":"1.9","resource_changes":[]}"#,
            Kind::TerraformPlan,
        ),
        ("Dockerfile", Format::Dockerfile, "[]", Kind::Dockerfile),
        ("x.yaml", Format::Yaml, r#"{"services":{"web":{"image":"a"}}}"#, Kind::Compose),
        ("x.yaml", Format::Yaml, r#"{"services":{"web":{"port":1}}}"#, Kind::Unknown),
        ("compose.yaml", Format::Yaml, r#"{"services":{"web":{}}}"#, Kind::Compose),
        ("x.yaml", Format::Yaml, r#"{"true":"push","jobs":{"a":{"runs-on":"x"}}}"#, Kind::GithubWorkflow),
        (".github/workflows/x.yaml", Format::Yaml, r#"{"name":"x"}"#, Kind::GithubWorkflow),
        ("r.json", Format::Json, r#"{"SchemaVersion":2,"ArtifactName":"a"}"#, Kind::Trivy),
        ("r.json", Format::Json, r#"{"version":"2.1.0","runs":[]}"#, Kind::Sarif),
        ("r.xml", Format::Xml, r#"{"testsuite":{}}"#, Kind::Junit),
        ("r.xml", Format::Xml, r#"{"bom":{}}"#, Kind::Unknown),
        ("r.json", Format::Json, "[1]", Kind::Unknown),
    ];
    for (path, format, text, kind) in cases {
        assert_eq!(Kind::detect(path, format, &json(text)), kind, "{path} {text}");
    }
}

#[test]
fn a_resource_is_named_by_what_its_kind_calls_it() {
    let pod = r#"{"kind":"Pod","metadata":{"name":"web","namespace":"shop"}}"#;
    let list = format!(r#"{{"kind":"List","items":[{pod}]}}"#);
    let docker = r#"[{"Cmd":"from","Stage":0,"Value":["a","as","build"]},{"Cmd":"run","Stage":0,"Value":["x"]},
        {"Cmd":"from","Stage":1,"Value":["b"]}]"#;
    let junit = r#"{"testsuites":{"testsuite":[{"-name":"s","testcase":{"-name":"c","failure":"x"}}]}}"#;
    let plan = r#"{"resource_changes":[{"address":"aws_x.y","type":"aws_x","change":{}}]}"#;
    let sarif = r#"{"runs":[{"tool":{"driver":{"name":"t"}},"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.c"}}}]}]}]}"#;
    let cases: [(Kind, &str, Vec<crate::document::Step>, &str); 12] = [
        (Kind::Kubernetes, pod, vec!["spec".into()], "Pod/shop/web"),
        (Kind::Kubernetes, &list, vec!["items".into(), 0.into(), "spec".into()], "Pod/shop/web"),
        (Kind::Cloudformation, r#"{"Resources":{"A":{}}}"#, vec!["Resources".into(), "A".into()], "A"),
        (
            Kind::Terraform,
            "{}",
            vec!["resource".into(), "aws_s3_bucket".into(), "logs".into(), 0.into()],
            "aws_s3_bucket.logs",
        ),
        (Kind::Terraform, "{}", vec!["data".into(), 0.into(), "t".into(), 0.into(), "n".into()], "data.t.n"),
        (Kind::TerraformPlan, plan, vec!["resource_changes".into(), 0.into(), "change".into()], "aws_x.y"),
        (Kind::Dockerfile, docker, vec![1.into()], "build"),
        (Kind::Dockerfile, docker, vec![], "b"),
        (Kind::Trivy, r#"{"Results":[{"Target":"t"}]}"#, vec!["Results".into(), 0.into()], "t"),
        (
            Kind::Junit,
            junit,
            vec!["testsuites".into(), "testsuite".into(), 0.into(), "testcase".into(), "failure".into()],
            "s/c",
        ),
        (Kind::Sarif, sarif, vec!["runs".into(), 0.into(), "results".into(), 0.into()], "a.c"),
        (Kind::Unknown, "{}", vec!["a".into()], ""),
    ];
    for (kind, text, steps, name) in cases {
        assert_eq!(resource_at(kind, &json(text), &Path(steps)), name, "{kind} {text}");
    }
    let (path, name) = resource_name(Kind::Kubernetes, &json(pod)).unwrap();
    assert_eq!((path.to_string().as_str(), name.as_str()), ("metadata.name", "Pod/shop/web"));
}

#[test]
fn a_helm_template_is_known_before_it_is_parsed() {
    assert!(is_helm_template("chart/templates/a.yaml", "name: {{ .Values.x }}"));
    assert!(is_helm_template("a.yaml", "{{- if .x }}\na: b\n{{- end }}\n"));
    assert!(!is_helm_template("chart/templates/a.yaml", "name: x"));
    assert!(!is_helm_template(".github/workflows/templates/a.yaml", "name: ${{ github.ref }}"));
    assert!(!is_helm_template("rules.yaml", "summary: at {{ $labels.x }}"));
}
