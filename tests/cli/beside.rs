//! Terraform files that are named alone, as hooks do.

use insta::assert_snapshot;

use crate::gate::Gate;

const MAIN: &str = "\
resource \"aws_ebs_volume\" \"a\" {
  encrypted = var.encrypt
}

resource \"aws_s3_bucket\" \"logs\" {
  bucket = local.name
}
";

const VARIABLES: &str = "\
variable \"encrypt\" {
  default = false
}

locals {
  name = \"logs\"
}

resource \"aws_ebs_volume\" \"other\" {
  encrypted = false
}
";

const ENCRYPTION: &str = "\
resource \"aws_s3_bucket_server_side_encryption_configuration\" \"logs\" {
  bucket = aws_s3_bucket.logs.id
}
";

fn infra() -> Gate {
    Gate::new().file("infra/main.tf", MAIN).file("infra/variables.tf", VARIABLES).file("infra/s3.tf", ENCRYPTION)
}

fn found(gate: &Gate, arguments: &str) -> String {
    let run = gate.run(&format!("check -o concise {arguments}"));
    let count = |line: &&str| !line.starts_with("checked ");
    run.all().lines().filter(count).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_file_refers_to_is_read_from_the_files_beside_it_and_nothing_is_said_of_those() {
    assert_snapshot!(found(&infra(), "infra/main.tf"), @"
    infra/main.tf:2:15: medium tf-ebs-unencrypted disk `a` is not encrypted
    FAIL: 1 finding at or above medium
    exit 1
    ");
    let counted = infra().run("check -o concise infra/main.tf").stdout;
    assert!(counted.contains("checked 1 file, 1 document (1 terraform)"), "{counted}");
    // The whole folder gives the same for the file, and what is wrong beside it.
    assert_snapshot!(found(&infra(), "infra"), @"
    infra/main.tf:2:15: medium tf-ebs-unencrypted disk `a` is not encrypted
    infra/variables.tf:10:15: medium tf-ebs-unencrypted disk `other` is not encrypted
    FAIL: 2 findings at or above medium
    exit 1
    ");
}

#[test]
fn a_file_on_standard_input_and_values_of_tfvars_are_read_so_too() {
    let run = infra().fed("check -o concise - --stdin-filename infra/main.tf", MAIN.as_bytes());
    assert!(run.stdout.starts_with("infra/main.tf:2:15: medium tf-ebs-unencrypted"), "{}", run.stdout);
    let gate = infra().file("infra/prod.auto.tfvars", "encrypt = true\n");
    assert_snapshot!(found(&gate, "infra/main.tf"), @"
    PASS: no finding at or above medium
    exit 0
    ");
}

#[test]
fn what_is_ignored_is_not_read_and_what_cannot_be_read_is_noticed() {
    let gate = infra().file(".gitignore", "variables.tf\n").file("infra/broken.tf", "x = {\n");
    assert_snapshot!(found(&gate, "infra/main.tf"), @"
    infra/broken.tf:1:1: notice syntax not valid HCL: unexpected token
    PASS: no finding at or above medium
    exit 0
    ");
    // A comment in a file beside it waives nothing and is not unused either.
    let gate = infra().file("infra/notes.tf", "# regate:waive tf-ebs-unencrypted -- later\nlocals {}\n");
    assert_snapshot!(found(&gate, "infra/main.tf"), @"
    infra/main.tf:2:15: medium tf-ebs-unencrypted disk `a` is not encrypted
    FAIL: 1 finding at or above medium
    exit 1
    ");
}
