//! Completions, the manual page and the schemas.

use clap::Command;

use super::CliError;
use super::args::{CompletionsArgs, SchemaArgs, SchemaName};
use super::output::print;
use crate::report::pretty;
use crate::settings::RawSettings;
use crate::waiver::WaiversFile;

/// Prints the schema that was asked for.
pub fn schema(args: &SchemaArgs) -> Result<u8, CliError> {
    let schema = match args.what {
        SchemaName::Settings => settings_schema(),
        SchemaName::Waivers => schemars::schema_for!(WaiversFile).to_value(),
        SchemaName::Report => crate::report::json_schema(),
        SchemaName::Tests => crate::policy_test::json_schema(),
        SchemaName::Record => crate::report::record_schema(),
        SchemaName::Comparison => crate::compare::schema(),
    };
    print(&pretty(&schema))
}

/// The schema of `regate.yaml`.
#[must_use]
pub fn settings_schema() -> serde_json::Value {
    schemars::schema_for!(RawSettings).to_value()
}

/// Prints completions.
pub fn completions(args: &CompletionsArgs, command: &mut Command) -> Result<u8, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, command, "regate", &mut text);
    print(&String::from_utf8_lossy(&text))
}

/// Prints the manual page.
pub fn man(command: &Command) -> Result<u8, CliError> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text).map_err(|error| CliError::Io(error.to_string()))?;
    print(&String::from_utf8_lossy(&text))
}
