//! A server of OPA for one set of policies.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use regate::engine::prepass::{Version, prepare};
use serde_json::{Value as Json, json};

use super::sets::Set;

/// What one side says.
pub enum Answer {
    Value(Json),
    Undefined,
    Error(String),
}

impl Answer {
    pub fn show(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Undefined => "undefined".to_owned(),
            Self::Error(error) => format!("error: {error}"),
        }
    }
}

/// The server; it ends with this value.
pub struct Opa {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Opa {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Opa {
    /// Starts `opa` with the policies and data of `set`; what it says when it refuses them.
    pub fn start(opa: &str, set: &Set) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let v0 = set.v0();
        for (at, (name, text)) in set.modules.iter().enumerate() {
            let text = if v0 { marked(name, text) } else { text.clone() };
            std::fs::write(folder.path().join(format!("m{at}.rego")), text).unwrap();
        }
        std::fs::write(folder.path().join("data.json"), set.data.to_string()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(opa);
        command.args(["run", "--server", "--log-level", "error", "--addr", &format!("127.0.0.1:{port}")]);
        if v0 {
            command.arg("--v0-compatible");
        }
        let child = command.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut started = Self { child, port, _folder: folder };
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            if let Ok(Some(_)) = started.child.try_wait() {
                let mut text = String::new();
                started.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
                return Err(text);
            }
            if started.send("GET", "/health", "").is_some_and(|(status, _)| status == 200) {
                return Ok(started);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{}: OPA does not start", set.name)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }

    /// What OPA has at `path`, names joined by dots.
    pub fn ask(&self, path: &str, input: Option<&Json>) -> Answer {
        let body = input.map_or_else(|| json!({}), |input| json!({ "input": input }));
        let (status, text) = self.send("POST", &format!("/v1/{}", path.replace('.', "/")), &body.to_string()).unwrap();
        let mut answer: Json = serde_json::from_str(&text).unwrap();
        match (status, answer.get_mut("result")) {
            (200, Some(value)) => Answer::Value(value.take()),
            (200, None) => Answer::Undefined,
            _ => Answer::Error(text),
        }
    }
}

/// A policy in today's syntax says so to an OPA that takes all for old.
fn marked(name: &str, text: &str) -> String {
    let v1 = prepare(name, text, None).is_ok_and(|prepared| prepared.version == Version::V1);
    if !v1 || text.contains("import rego.v1") || text.contains("import future") {
        return text.to_owned();
    }
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        out.push_str(if line.starts_with("package ") { "\nimport rego.v1\n" } else { "\n" });
    }
    out
}
