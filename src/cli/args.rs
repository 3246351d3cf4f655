//! What can be asked; the comments are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::engine::builtins::Allow;
use crate::finding::Severity;

/// A policy-as-code gate: checks manifests, infrastructure code and reports
/// against Rego policies, and answers pass, fail or undecided.
///
/// Exit status: 0 pass, 1 fail, 2 undecided or misused.
#[derive(Debug, Parser)]
#[command(name = "regate", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// When to write colours.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, help_heading = "Output")]
    pub color: ColorChoice,
    /// Use this settings file instead of the `regate.yaml` found upward.
    #[arg(long, value_name = "FILE", env = "REGATE_CONFIG", global = true, help_heading = "Settings")]
    pub config: Option<PathBuf>,
    /// Use no settings file at all.
    #[arg(long, global = true, conflicts_with = "config", help_heading = "Settings")]
    pub isolated: bool,
}

/// When to write colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, and in CI systems whose logs show them.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check inputs against policies and give a verdict.
    Check(Box<CheckArgs>),
    /// Tell which rules looked at a place, what each read, and why it passed or failed.
    Explain(ExplainArgs),
    /// Show the documents of a file as policies see them, as JSON.
    Parse(ParseArgs),
    /// List the rules, or show one as a page.
    Rules(RulesArgs),
    /// Run the unit tests of policies: rules whose name starts with `test_`.
    Test(TestArgs),
    /// List the waivers: active, ending soon, unused, and those that do not apply.
    Waivers(Box<CheckArgs>),
    /// Write a waiver into the waivers file.
    Waive(WaiveArgs),
    /// Write the findings of today into the baseline, or show it.
    Baseline(BaselineArgs),
    /// Tell what differs between two verdicts, and what of it is due to policies or inputs.
    ///
    /// Exit status: 0 the same verdict, 1 another, 2 one of them can't be read.
    Diff(DiffArgs),
    /// Run again what a decision record was made of, and tell whether the verdict is the same.
    ///
    /// Exit status: 0 the same verdict, 1 another, 2 it can't be run again.
    Replay(ReplayArgs),
    /// Show the settings as they were resolved, and where each is from.
    Settings(Box<CheckArgs>),
    /// Print a JSON Schema.
    Schema(SchemaArgs),
    /// Print the completions for a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// What `check` can be told.
#[derive(Debug, Default, Args)]
#[allow(clippy::struct_excessive_bools)] // flags are bools
pub struct CheckArgs {
    /// Files and folders to check; `-` is standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<String>,
    /// A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit.
    #[arg(short, long, value_name = "POLICY", help_heading = "Policies")]
    pub policy: Vec<String>,
    /// Evaluate only the packages that this glob matches.
    #[arg(short, long, value_name = "PACKAGE", help_heading = "Policies")]
    pub namespace: Vec<String>,
    /// A file or folder of data for the policies.
    #[arg(short, long, value_name = "PATH", help_heading = "Policies")]
    pub data: Vec<String>,
    /// Let policies reach out of their input: `env`, `net`, `rand`, `clock`; repeatable.
    ///
    /// env: `opa.runtime().env`. net: `net.lookup_ip_addr`. rand: `rand.intn`, `uuid.rfc4122`.
    /// clock: `time.now_ns` and what is checked against it; it stands still at the time of `--as-of`.
    #[arg(long, value_name = "GRANT", value_delimiter = ',', env = "REGATE_ALLOW", help_heading = "Policies")]
    pub allow: Vec<Grant>,
    /// Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are.
    #[arg(long, help_heading = "Policies")]
    pub combine: bool,
    /// Try these policies beside the others and tell what they would change; the status stays as it is.
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub policy_next: Vec<String>,
    /// Check only files that match this glob.
    #[arg(long, value_name = "GLOB", help_heading = "Inputs")]
    pub include: Vec<String>,
    /// Leave out files that match this glob.
    #[arg(long, value_name = "GLOB", help_heading = "Inputs")]
    pub exclude: Vec<String>,
    /// Apply ignore rules to files named on the command line too (for hooks).
    #[arg(long, help_heading = "Inputs")]
    pub force_exclude: bool,
    /// Check only what git says has changed since the merge base with this revision.
    #[arg(long, value_name = "REV", help_heading = "Inputs", num_args = 0..=1, default_missing_value = "HEAD")]
    pub changed: Option<String>,
    /// The name under which standard input is checked.
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    pub stdin_filename: Option<String>,
    /// Render Helm charts and kustomizations with the installed `helm` and `kustomize`.
    #[arg(long, help_heading = "Inputs")]
    pub render: bool,
    /// Skip files larger than this many MiB: each is then a problem. Default 64.
    #[arg(long, value_name = "MIB", help_heading = "Inputs")]
    pub max_file_size: Option<u64>,
    /// The least severity that fails the gate. Default medium.
    #[arg(long, value_name = "SEVERITY", help_heading = "Judging")]
    pub fail_on: Option<Severity>,
    /// Let a run that checked nothing pass.
    #[arg(long, help_heading = "Judging")]
    pub allow_empty: bool,
    /// The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today.
    #[arg(long, value_name = "DATE", help_heading = "Judging")]
    pub as_of: Option<String>,
    /// The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`.
    #[arg(long, value_name = "PATH", help_heading = "Judging")]
    pub waivers: Option<String>,
    /// The environment that the run is for, for thresholds with `env`.
    #[arg(long, value_name = "NAME", help_heading = "Judging")]
    pub env: Option<String>,
    /// Fail only on findings that are not in the baseline.
    #[arg(long, help_heading = "Judging")]
    pub new_only: bool,
    /// The baseline's file. Default `.regate-baseline.json` with `--new-only`.
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub baseline: Option<String>,
    /// Ask for at least N documents of a kind; repeatable.
    #[arg(long, value_name = "KIND=N", value_parser = kind_and_number, help_heading = "Judging")]
    pub require: Vec<(String, usize)>,
    /// Ask that at least N rules applied to a document.
    #[arg(long, value_name = "N", help_heading = "Judging")]
    pub require_rules: Option<usize>,
    /// A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable.
    ///
    /// Formats: human, concise, json, ndjson, sarif, github, gitlab, junit, markdown, tap, record.
    #[arg(short, long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub output: Vec<String>,
    /// Show which line of which policy emitted each finding.
    #[arg(long, help_heading = "Output")]
    pub explain: bool,
    /// Write nothing to standard output unless the gate does not pass.
    #[arg(short, long, help_heading = "Output", conflicts_with = "verbose")]
    pub quiet: bool,
    /// List waived and known findings and idle rules too.
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
    /// Show on standard error what was done and how long each stage took.
    #[arg(long, help_heading = "Output")]
    pub stats: bool,
    /// Show no progress bar.
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,
    /// Workers; default one a processor.
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = "Output")]
    pub jobs: usize,
}

/// What the engine calls these grants.
#[must_use]
pub fn allowed(grants: &[Grant]) -> Allow {
    Allow {
        env: grants.contains(&Grant::Env),
        net: grants.contains(&Grant::Net),
        rand: grants.contains(&Grant::Rand),
        clock: grants.contains(&Grant::Clock),
    }
}

/// What a policy may reach outside of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// The environment's variables.
    Env,
    /// The network.
    Net,
    /// Chance, which repeats for the same time.
    Rand,
    /// The time.
    Clock,
}

/// What `explain` can be told.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Let policies reach out of their input: `env`, `net`, `rand`, `clock`; as in `check`.
    #[arg(long, value_name = "GRANT", value_delimiter = ',', env = "REGATE_ALLOW")]
    pub allow: Vec<Grant>,
    /// `FILE:LINE`, or a rule's id and files or folders; after `FILE:LINE`, the others that a rule over many files reads too.
    #[arg(value_name = "FILE:LINE | RULE FILE", required = true)]
    pub what: Vec<String>,
    /// Give each rule all files at once, as `check --combine` does.
    #[arg(long)]
    pub combine: bool,
    /// A folder or file of policies, or `builtin:NAME`; the built-in packs that fit when left out.
    #[arg(short, long, value_name = "POLICY")]
    pub policy: Vec<String>,
}

/// What `parse` can be told.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// The files; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    pub paths: Vec<String>,
    /// Add the place of every key, value and item.
    #[arg(long)]
    pub spans: bool,
    /// Show Terraform with what is plain resolved.
    #[arg(long)]
    pub resolved: bool,
    /// The name under which standard input is read.
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

/// What `test` can be told.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Folders and files of policies and their tests, or `builtin:NAME`.
    ///
    /// Left out: the policies of the settings, else the folder `policy` or `policies`.
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// A file or folder of data for the policies; `data.json` and `data.yaml` beside them are read anyway.
    #[arg(short, long, value_name = "PATH")]
    pub data: Vec<String>,
    /// Run only the tests whose name, `data.PACKAGE.RULE`, this regular expression matches.
    #[arg(short, long, value_name = "REGEX")]
    pub run: Option<String>,
    /// Let policies and tests reach out of their input: `env`, `net`, `rand`, `clock`; as in `check`.
    #[arg(long, value_name = "GRANT", value_delimiter = ',', env = "REGATE_ALLOW")]
    pub allow: Vec<Grant>,
    /// Tell which lines of the policies no test reached.
    #[arg(long)]
    pub coverage: bool,
    /// A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable.
    ///
    /// Formats: human, json, junit.
    #[arg(short, long, value_name = "FORMAT[=FILE]")]
    pub output: Vec<String>,
    /// List the tests that pass, too, and what they print.
    #[arg(short, long)]
    pub verbose: bool,
}

/// What `rules` can be told.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Policies to list instead of the built-in ones.
    #[arg(short, long, value_name = "POLICY", global = true)]
    pub policy: Vec<String>,
    /// Write JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to show of them.
    #[command(subcommand)]
    pub command: Option<RulesCommand>,
}

/// What to show of the rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// One rule as a page.
    Show {
        /// The rule's id.
        id: String,
    },
}

/// What `diff` can be told.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier verdict: a report `json` or `record`.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The later verdict.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `replay` can be told.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The decision record: `regate check -o record=FILE` writes one.
    #[arg(value_name = "FILE")]
    pub record: PathBuf,
    /// Render charts and kustomizations again, if the run of the record did.
    #[arg(long)]
    pub render: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Workers; default one a processor.
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}

/// What `schema` can be told.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema.
    pub what: SchemaName,
}

/// The schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// Of `regate.yaml`.
    Settings,
    /// Of a waivers file.
    Waivers,
    /// Of the JSON report.
    Report,
    /// Of the JSON report of `regate test`.
    Tests,
    /// Of a decision record.
    Record,
    /// Of what `regate diff --json` writes.
    Comparison,
}

/// What `completions` can be told.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// What `waive` can be told.
#[derive(Debug, Args)]
pub struct WaiveArgs {
    /// A finding's fingerprint, or a rule's id or glob.
    #[arg(value_name = "FINGERPRINT|RULE")]
    pub what: String,
    /// Why it is accepted.
    #[arg(long)]
    pub reason: String,
    /// The last day, `YYYY-MM-DD`.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// Who answers for it; git's `user.name` when left out.
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// Who approved it.
    #[arg(long, value_name = "NAME")]
    pub approver: Option<String>,
    /// Where it is discussed.
    #[arg(long, value_name = "TEXT")]
    pub ticket: Option<String>,
    /// In which files, a glob.
    #[arg(long, value_name = "GLOB")]
    pub path: Option<String>,
    /// On which resource, a glob: `Deployment/shop/web`.
    #[arg(long, value_name = "GLOB")]
    pub resource: Option<String>,
    /// The file to write to; that of the settings, or `waivers.yaml` beside them, when left out.
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
}

/// What `baseline` can be told.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Check, and write all that fails or warns today into it.
    Update(Box<CheckArgs>),
    /// List it.
    Show {
        /// The baseline's file; that of the settings, or `.regate-baseline.json`, when left out.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

fn kind_and_number(text: &str) -> Result<(String, usize), String> {
    let wrong = || "write KIND=N, such as kubernetes=3".to_owned();
    let (kind, number) = text.split_once('=').ok_or_else(wrong)?;
    Ok((kind.to_owned(), number.parse().map_err(|_| wrong())?))
}
