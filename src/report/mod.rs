//! Reporting: shows a verdict in one of several formats.
//!
//! In: a verdict. Out: bytes. Every text that came from an input or a policy is
//! taken as hostile and escaped for where it goes: control characters never
//! reach a terminal, a newline never starts a workflow command.
//!
//! A new format is one file and its line in [`ReportFormat`].

#[cfg(test)]
mod canned;
mod concise;
mod count;
mod decision;
mod frame;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod layout;
mod locate;
mod markdown;
mod ndjson;
mod place_hash;
mod record;
mod record_next;
mod sarif;
mod sarif_model;
mod stated;
mod tap;
mod text;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::judge::Verdict;

#[cfg(test)]
pub(crate) use canned::verdict as canned_verdict;
pub use decision::{digest_of, schema as record_schema, seal_of};
pub use frame::harmless;
pub(crate) use frame::{Drawing, Excerpt, Frame};
pub use layout::pretty;
pub(crate) use layout::write_json;
pub(crate) use record::{TOOL, Tool};
pub use record::{json_schema, run_json};
pub(crate) use text::{clip, count, visible_lines};
pub use text::{printable, visible};

/// Shows a verdict in one format.
///
/// A report reads the verdict and never changes it: the exit status is settled
/// before the first byte is written, so no format can turn a failure into a
/// pass. Findings arrive sorted; a report keeps their order.
pub trait Report {
    /// Writes the whole run to `out`.
    ///
    /// # Errors
    /// When `out` can't be written to.
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()>;
}

/// What a user may ask of the reports that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportOptions {
    /// Whether ANSI colours may be written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether waived and known findings and idle rules are listed, too.
    pub verbose: bool,
    /// Whether to say which line of which policy emitted each finding.
    pub explain: bool,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self { color: false, width: 100, verbose: false, explain: false }
    }
}

/// Declares the formats, a line each: variant, name, what it is for, how to make it.
macro_rules! formats {
    ($($variant:ident $name:literal $about:literal $make:expr;)*) => {
        /// A format in which a verdict can be written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReportFormat {
            $(#[doc = $about] $variant,)*
        }

        impl ReportFormat {
            /// Every format, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is for, in one line.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }

        /// The report that writes `format`.
        #[must_use]
        pub fn report(format: ReportFormat, options: &ReportOptions) -> Box<dyn Report> {
            let make: fn(ReportOptions) -> Box<dyn Report> = match format {
                $(ReportFormat::$variant => $make,)*
            };
            make(*options)
        }
    };
}

formats! {
    Human "human" "For people: each finding underlined in its file." |options| Box::new(human::Human::new(options));
    Concise "concise" "For editors and grep: a line for each finding." |_| Box::new(concise::Concise);
    Json "json" "For programs: the whole run, versioned." |_| Box::new(json::Json);
    Ndjson "ndjson" "For pipelines of programs: a line for each finding, a summary at the end." |_| Box::new(ndjson::Ndjson);
    Sarif "sarif" "For code scanning: SARIF 2.1.0." |_| Box::new(sarif::Sarif);
    Github "github" "For GitHub Actions: annotations on the changed files." |options| Box::new(github::Github::new(options));
    Gitlab "gitlab" "For GitLab: a Code Quality report." |_| Box::new(gitlab::Gitlab);
    Junit "junit" "For test viewers: JUnit XML." |_| Box::new(junit::Junit);
    Markdown "markdown" "For a job's summary or a comment: Markdown." |_| Box::new(markdown::Markdown);
    Tap "tap" "For TAP consumers: Test Anything Protocol 13." |_| Box::new(tap::Tap);
    Record "record" "For audits: the decision, how it came about, and digests of all it rests on." |_| Box::new(decision::Decision);
}

impl ReportFormat {
    /// Whether it says by digest what the verdict rests on, so that someone must have taken them.
    #[must_use]
    pub fn wants_basis(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson | Self::Record)
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no report format{}; the formats are {}", self.suggestion(), names())]
pub struct UnknownFormat {
    /// What was asked for.
    pub name: String,
    /// The format whose name is nearest, if one is near.
    pub nearest: Option<ReportFormat>,
}

impl UnknownFormat {
    fn suggestion(&self) -> String {
        self.nearest.map(|format| format!(", did you mean `{format}`?")).unwrap_or_default()
    }
}

fn names() -> String {
    ReportFormat::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
}

impl FromStr for ReportFormat {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        if let Some(format) = Self::ALL.iter().find(|format| format.name() == name) {
            return Ok(*format);
        }
        let near = |format: &Self| strsim::damerau_levenshtein(format.name(), &name.to_lowercase());
        let nearest = Self::ALL.iter().copied().min_by_key(near).filter(|format| near(format) <= 2);
        Err(UnknownFormat { name: text::visible(name).into_owned(), nearest })
    }
}

#[cfg(test)]
mod tests;
