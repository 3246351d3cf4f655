//! A folder to check, and the binary run in it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A pod with one critical finding among others.
pub const PRIVILEGED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: nginx:1.27
    securityContext: {privileged: true}
";

/// A policy that finds every pod.
pub const NO_PODS: &str = "package main\n\ndeny contains \"no pods\" if input.kind == \"Pod\"\n";

/// A folder of its own and what is run in it.
pub struct Gate {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What one run of the binary did.
pub struct Run {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit status; none after a signal.
    pub code: Option<i32>,
}

impl Run {
    /// The same for the short report, without the lines and columns of findings, which `tests/places.rs` is about,
    /// and without the line of what was checked, which `stated.rs` is about.
    pub fn placeless(&self) -> String {
        let bare = |line: &str| {
            let severities = ["low", "medium", "high", "critical"];
            let place = severities.iter().find_map(|severity| line.find(&format!(": {severity} ")));
            let Some((head, rest)) = place.map(|at| line.split_at(at)) else { return line.to_owned() };
            let file = head.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ':');
            format!("{file}{rest}")
        };
        self.all().lines().filter(|line| !line.starts_with("checked ")).map(bare).collect::<Vec<_>>().join("\n")
    }

    /// Everything a user sees: output, errors, exit status.
    pub fn all(&self) -> String {
        let code = self.code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        format!("{}{}exit {code}", self.stdout, self.stderr)
    }
}

impl Gate {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), environment: Vec::new() }
    }

    /// With a file, its folders made as needed.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(name, text);
        self
    }

    /// With a variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file now.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a file of the folder says.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `regate` with arguments that are divided by blanks.
    pub fn run(&self, arguments: &str) -> Run {
        self.run_in(".", arguments, b"")
    }

    /// Runs it with `input` on standard input.
    pub fn fed(&self, arguments: &str, input: &[u8]) -> Run {
        self.run_in(".", arguments, input)
    }

    /// Runs it in a folder of the folder.
    pub fn run_in(&self, folder: &str, arguments: &str, input: &[u8]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regate"));
        command.args(arguments.split_whitespace()).current_dir(self.path(folder));
        self.clean(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A run that fails early does not read it.
        let _ = child.stdin.take().unwrap().write_all(input);
        let out = child.wait_with_output().unwrap();
        Run {
            stdout: String::from_utf8(out.stdout).unwrap(),
            stderr: String::from_utf8(out.stderr).unwrap(),
            code: out.status.code(),
        }
    }

    /// `regate check` with the short report, without the places of findings.
    pub fn check(&self, arguments: &str) -> String {
        self.run(&format!("check -o concise {arguments}")).placeless()
    }

    /// Runs git.
    pub fn git(&self, arguments: &str) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=n", "-c", "user.email=n@example.com"]);
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        self.clean(&mut command);
        let out = command.output().unwrap();
        assert!(out.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&out.stderr));
    }

    /// Nothing of the machine's own settings reaches a test.
    fn clean(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let ours = name.starts_with("REGATE_") || name.starts_with("GIT_");
            if ours
                || ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CI", "GITHUB_ACTIONS", "GITLAB_CI", "COLUMNS"]
                    .contains(&&*name)
            {
                command.env_remove(&name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}
