//! Does the program that people run do what they are told it does? Everything here goes through
//! the real binary: its arguments, its streams, its exit codes, its sockets.

mod access;
mod attacks;
mod backups;
mod changed;
mod cost;
mod directory;
mod disk;
mod files;
mod film;
mod guards;
mod hostile;
mod http;
mod kept;
mod kills;
mod leaving;
mod queries;
mod serving;
mod shutdown;
mod sites;
mod socket;
mod traces;
mod writes;

use http::Response;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// The ontology and the seed of a world that has nothing to do with ours.
const FILM: [&str; 4] = [
    "--ontology",
    "tests/film/schema.graphql",
    "--seed",
    "tests/film/data",
];

/// What a run that has ended said.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }

    /// Fails with 1 and says all of these on standard error.
    #[track_caller]
    fn refused(self, says: &[&str]) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        says_all(&self.err, says);
        self.err
    }
}

#[track_caller]
fn says_all(text: &str, says: &[&str]) {
    for part in says {
        assert!(text.contains(part), "`{part}` is not said:\n{text}");
    }
    assert!(!text.contains("panicked"), "{text}");
}

/// A run of the program in a folder of its own, with the repository's files within reach.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["schema.graphql", "seed", "tests"] {
            std::os::unix::fs::symlink(here.join(name), folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guitu"));
        let settings = std::env::vars_os().map(|(name, _)| name);
        for name in settings.filter(|name| name.to_string_lossy().starts_with("GUITU_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        ran(&mut self.command(arguments))
    }

    fn query(&self, text: &str) -> Value {
        serde_json::from_str(&self.run(["query", text]).ok()).unwrap()
    }

    /// How many nodes and edges there are, and that `verify` finds nothing wrong with them.
    #[track_caller]
    fn verified(&self) -> String {
        let said = self.run(["verify"]).ok();
        says_all(&said, &["all is well"]);
        said
    }

    fn serve(&self, flags: &[&str]) -> Server {
        let arguments = ["serve", "--listen", "127.0.0.1:0"];
        Server::start(self.command(arguments.iter().chain(flags).copied()))
    }
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The program while it serves; ended with the value.
struct Server {
    child: Child,
    address: SocketAddr,
    said: Option<JoinHandle<String>>,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let said = reading(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().and_then(Result::ok);
        let Some(first) = first else {
            panic!("it does not serve: {}", said.join().unwrap());
        };
        let address = first.split("http://").nth(1).unwrap();
        let address = address.trim_end_matches('/').parse().unwrap();
        reading_lines(lines);
        Self {
            child,
            address,
            said: Some(said),
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Asks it to end as a service manager does; its exit code and what it logged.
    fn stop(mut self) -> (Option<i32>, String) {
        self.signal(Signal::TERM);
        let code = self.child.wait().unwrap().code();
        (code, self.said.take().unwrap().join().unwrap())
    }

    /// Ends it as a power cut does.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory that it ever had, in bytes.
    fn peak(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib: u64 = line
            .unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        kib << 10
    }

    fn post(&self, body: &[u8]) -> Response {
        http::post(self.address, body, &[("content-type", "application/json")])
    }

    fn ask_with(&self, query: &str, variables: Value) -> Value {
        let body = serde_json::json!({"query": query, "variables": variables});
        self.post(body.to_string().as_bytes()).json()
    }

    fn ask(&self, query: &str) -> Value {
        self.ask_with(query, Value::Null)
    }

    /// The code of the only error, and its text.
    #[track_caller]
    fn refusal(&self, query: &str) -> (String, String) {
        error(&self.ask(query))
    }

    #[track_caller]
    fn is_alive(&self) {
        let answer = self.ask("{ revision }");
        assert!(answer["data"]["revision"].is_string(), "{answer}");
    }
}

/// The code and the text of an answer's first error.
#[track_caller]
fn error(answer: &Value) -> (String, String) {
    let error = &answer["errors"][0];
    let code = error["extensions"]["code"].as_str();
    let code = code.unwrap_or_else(|| panic!("no error: {answer:.300}"));
    (code.to_owned(), error.to_string())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything that a pipe says until it closes, so that it never blocks who writes.
fn reading(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        let _ = from.read_to_string(&mut text);
        text
    })
}

fn reading_lines(lines: impl Iterator<Item = std::io::Result<String>> + Send + 'static) {
    std::thread::spawn(move || lines.for_each(drop));
}
