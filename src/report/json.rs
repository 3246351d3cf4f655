//! The whole run as one JSON document, a finding a line: for programs.

use std::io::{self, Write};

use super::Report;
use super::layout::write_json;
use super::record::Run;
use crate::judge::Verdict;

/// Writes `json`.
pub struct Json;

impl Report for Json {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        write_json(&Run::of(verdict), 2, out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_next, written_pass};

    #[test]
    fn the_whole_run_is_one_document() {
        insta::assert_snapshot!(written(ReportFormat::Json), @r###"
{
  "version": 1,
  "tool": {
    "name": "regate",
    "version": "0.1.0"
  },
  "status": "fail",
  "exit_code": 1,
  "reasons": [
    "2 findings at or above medium",
    "1 input could not be read"
  ],
  "fail_on": "medium",
  "as_of": "2026-11-21",
  "counts": {
    "files": 2,
    "documents": {"kubernetes":1,"terraform":1},
    "unruled": {"terraform":1},
    "ignored": 3,
    "skipped": 1,
    "unreadable": 1,
    "rules": 3,
    "evaluations": 3,
    "failing": 2,
    "minor": 1,
    "waived": 1,
    "known": 1,
    "by_severity": {"low":1,"medium":0,"high":1,"critical":1},
    "by_kind": {"kubernetes":2,"terraform":1},
    "errors": 2,
    "notices": 1
  },
  "findings": [
    {"rule":"k8s-latest-tag","severity":"low","disposition":"minor","message":"image `nginx:latest` has no fixed tag","kind":"kubernetes","document":0,"resource":"Deployment/web","place":{"file":"deploy/web, 1.yaml","start":{"line":10,"column":18,"offset":143},"end":{"line":10,"column":30,"offset":155},"path":["spec",0],"path_text":"spec[0]","label":"here"},"located":"exact","related":[],"policy":{"file":"builtin:kubernetes/k8s-latest-tag.rego","line":14},"fingerprint":"00ff00ff00ff00ff"},
    {"rule":"k8s-privileged-container","severity":"critical","disposition":"failing","message":"container `wéb` is privileged","kind":"kubernetes","document":0,"resource":"Deployment/web","place":{"file":"deploy/web, 1.yaml","start":{"line":11,"column":11,"offset":166},"end":{"line":12,"column":29,"offset":211},"path":["spec","containers",0,"securityContext"],"path_text":"spec.containers[0].securityContext","label":"here"},"located":"exact","related":[{"file":"deploy/web, 1.yaml","start":{"line":9,"column":17,"offset":121},"end":{"line":9,"column":20,"offset":125},"path":["spec",0],"path_text":"spec[0]","label":"this container"},{"file":"infra/main.tf","start":{"line":1,"column":26,"offset":25},"end":{"line":1,"column":32,"offset":31},"path":["spec",0],"path_text":"spec[0]","label":"logs go | here"}],"policy":{"file":"builtin:kubernetes/k8s-privileged-container.rego","line":14},"fingerprint":"00ff00ff00ff00ff"},
    {"rule":"k8s-privileged-container","severity":"critical","disposition":"waived","message":"an accepted one","kind":"kubernetes","document":0,"resource":"Deployment/web","place":{"file":"deploy/web, 1.yaml","start":{"line":12,"column":13,"offset":195},"end":{"line":12,"column":29,"offset":211},"path":["spec",0],"path_text":"spec[0]","label":"here"},"located":"exact","related":[],"waiver":{"reason":"legacy *node*","approver":"sec","until":"2026-12-31"},"policy":{"file":"builtin:kubernetes/k8s-privileged-container.rego","line":14},"fingerprint":"00ff00ff00ff00ff"},
    {"rule":"k8s-latest-tag","severity":"low","disposition":"known","message":"an old one","kind":"kubernetes","document":0,"resource":"Deployment/web","place":{"file":"deploy/web, 1.yaml","start":{"line":10,"column":11,"offset":136},"end":{"line":10,"column":16,"offset":141},"path":["spec",0],"path_text":"spec[0]","label":"here"},"located":"exact","related":[],"policy":{"file":"builtin:kubernetes/k8s-latest-tag.rego","line":14},"fingerprint":"00ff00ff00ff00ff"},
    {"rule":"main.deny_acl","severity":"high","disposition":"failing","message":"bucket is public\u001b[2J\n::error::<b>100%</b> | `x` ]]>","kind":"terraform","document":0,"resource":"aws_s3_bucket.logs","place":{"file":"infra/main.tf","start":{"line":3,"column":12,"offset":67},"end":{"line":3,"column":25,"offset":80},"path":["spec",0],"path_text":"spec[0]","label":"here"},"located":"approximate","related":[],"policy":{"file":"policy/acl.rego","line":14},"fingerprint":"00ff00ff00ff00ff","metadata":{"docs":"why"}}
  ],
  "problems": [
    {"code":"syntax","level":"error","message":"a value is missing","file":"infra/main.tf","places":[{"start":{"line":1,"column":33,"offset":32},"end":{"line":1,"column":34,"offset":33},"label":"opened here"}],"help":""},
    {"code":"unreadable","level":"error","message":"permission denied","file":"secret/\u001bx.yaml","places":[],"help":"Let the user who runs regate read it."},
    {"code":"not-checked","level":"notice","message":"1 Helm template was not checked","file":"","places":[],"help":""}
  ],
  "rules": [
    {"id":"k8s-latest-tag","title":"Images have a fixed tag","description":"","severity":"low","remediation":"","controls":{},"links":[],"kinds":["kubernetes"],"package":"regate.k8s_latest_tag","name":"deny","policy":{"file":"builtin:kubernetes/k8s-latest-tag.rego","line":12}},
    {"id":"k8s-privileged-container","title":"Containers do not run privileged","description":"A privileged container can take over its node.","severity":"critical","remediation":"Remove `securityContext.privileged`, or set it to `false`.","controls":{"nist-800-53-r5":["ac-6.10","cm-7"]},"links":["https://kubernetes.io/docs/concepts/security/"],"kinds":["kubernetes"],"package":"regate.k8s_privileged_container","name":"deny","policy":{"file":"builtin:kubernetes/k8s-privileged-container.rego","line":12}},
    {"id":"main.deny_acl","title":"","description":"","severity":"high","remediation":"","controls":{},"links":[],"kinds":[],"package":"regate.main.deny_acl","name":"deny","policy":{"file":"policy/acl.rego","line":12}}
  ],
  "idle_rules": [
    "main.deny_idle"
  ],
  "waivers": [
    {"file":"waivers.yaml","line":2,"subject":"`k8s-privileged-container` in `deploy/*`","reason":"legacy *node*","owner":"ops","approver":"sec","ticket":"","until":"2026-12-31","uses":1}
  ],
  "basis": {
    "inputs": [{"file":"deploy/web, 1.yaml","digest":"sha256:b4a8ad54e56d94e226a319134a03baed89cf81d873209a87bb20e4c9f6d44713"},{"file":"infra/main.tf","digest":"sha256:ff4182e33efd5f06f04cab7d02033655d340440d42e45582ec0d734e20274541"}],
    "bundle": {"digest":"sha256:1f96ef48bed50fcf802394758a6f9cfd91ac4b38e77559ca381471971077cb7f","files":[{"file":"policy/acl.rego","digest":"sha256:df1d036cbbf3df46e2045071e082245ece204c7f53ecf0a4e022bff9bb228f47"}],"rules":{}},
    "settings": {"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","file":{"file":"regate.yaml","digest":"sha256:b21efef8e7d2dd955556a5713d2a0fc3e44e6c515ba271aa977a8be6f1d67e80"},"values":{"fail-on":"medium"}},
    "waivers": [{"file":"waivers.yaml","digest":"sha256:37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570"}],
    "baseline": null,
    "evidence": [{"kind":"junit","file":"junit.xml","digest":"sha256:14971007a6c99471a0dd7d408b2769fa55dfa8534c3d21e761a2d9f6f1ef7467"}]
  }
}
"###);
    }

    #[test]
    fn the_document_fits_its_schema() {
        let schema = crate::report::json_schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let format = ReportFormat::Json;
        for text in [written(format), written_pass(format), written_next(format)] {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let errors = validator.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
}
