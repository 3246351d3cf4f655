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
