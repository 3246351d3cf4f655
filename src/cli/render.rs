//! `--render`: the user's own `helm template` and `kustomize build`.

use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

use super::CliError;
use crate::discover::name_of;
use crate::source::Source;

/// What was rendered.
#[derive(Default)]
pub struct Rendered {
    /// What came out.
    pub texts: Vec<Source>,
    /// The folders of the charts, as inputs are named: their templates are checked as what came out.
    pub charts: Vec<String>,
}

/// Renders every chart and kustomization under `paths`; nothing of the result touches the disk.
pub fn render(paths: &[PathBuf]) -> Result<Rendered, CliError> {
    let mut rendered = Rendered::default();
    for path in paths {
        for entry in
            WalkDir::new(path).sort_by_file_name().into_iter().flatten().filter(|entry| entry.file_type().is_file())
        {
            let folder = entry.path().parent().unwrap_or(Path::new("."));
            match entry.file_name().to_str() {
                Some("Chart.yaml") => {
                    rendered.texts.push(output("helm", &["template", "release"], folder)?);
                    rendered.charts.push(name_of(folder));
                }
                Some("kustomization.yaml" | "kustomization.yml" | "Kustomization") => {
                    rendered.texts.push(output("kustomize", &["build"], folder)?);
                }
                _ => {}
            }
        }
    }
    Ok(rendered)
}

fn output(program: &str, args: &[&str], folder: &Path) -> Result<Source, CliError> {
    let out = Command::new(program).args(args).arg(folder).output();
    let out =
        out.map_err(|error| CliError::Io(format!("`--render` needs `{program}` for `{}`: {error}", folder.display())))?;
    if !out.status.success() {
        let message = String::from_utf8_lossy(&out.stderr);
        return Err(CliError::Io(format!(
            "`{program} {} {}` failed: {}",
            args.join(" "),
            folder.display(),
            message.trim()
        )));
    }
    let name = format!("{}/<{program} {}>.yaml", folder.display(), args.first().unwrap_or(&""));
    Ok(Source::new(name.replace('\\', "/"), String::from_utf8_lossy(&out.stdout).into_owned()))
}
