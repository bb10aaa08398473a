//! What does a server spend on a request? A process of its own, clients with connections that stay
//! open, and the scheduler's count of the time that its threads ran.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Connections that ask at once.
const CLIENTS: usize = 4;

/// This program again, as a server.
pub struct Server {
    child: Child,
    said: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: String,
}

/// What a round took.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// CPU time of the server for each request.
    pub cpu: Duration,
    /// Requests answered in a second.
    pub rate: f64,
}

impl Server {
    /// Starts this program with some arguments; it says its address in its first line.
    pub fn start(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let said = child.stdout.take().ok_or("no standard output")?;
        let mut server = Self {
            child,
            said: BufReader::new(said),
            address: String::new(),
        };
        server.address = server.line()?;
        Ok(server)
    }

    /// The next line that it says.
    pub fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        self.said.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Its memory in bytes (VmRSS).
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        kilobytes.unwrap_or(0_u64) << 10
    }

    /// Asks `count` times from several connections: paths and bodies in turn.
    pub fn round(&self, asks: &[(String, String)], count: usize) -> Result<Round, Box<dyn Error>> {
        let process = self.child.id().to_string();
        let (before, begin) = (cpu_time(&process), Instant::now());
        thread::scope(|scope| {
            let client = |nth: usize| {
                let first = nth * asks.len() / CLIENTS;
                let asks = asks.iter().cycle().skip(first);
                let asks = asks.take(count / CLIENTS);
                move || ask(&self.address, asks).map_err(|wrong| wrong.to_string())
            };
            let clients: Vec<_> = (0..CLIENTS).map(|nth| scope.spawn(client(nth))).collect();
            let ended = clients.into_iter().map(|client| client.join());
            ended
                .map(|done| done.unwrap_or_else(|_| Err("a client panicked".into())))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let asked = (count / CLIENTS * CLIENTS) as u32;
        Ok(Round {
            cpu: (cpu_time(&process) - before) / asked,
            rate: f64::from(asked) / begin.elapsed().as_secs_f64(),
        })
    }

    /// The body of the answer to one request.
    pub fn answer(&self, one: &(String, String)) -> Result<Vec<u8>, Box<dyn Error>> {
        ask(&self.address, std::iter::once(one))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long the threads of a process have run.
pub fn cpu_time(process: &str) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    let nanoseconds = threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| {
            let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
    Duration::from_nanos(nanoseconds.sum())
}

/// Asks over one connection; the last answer's body.
fn ask<'a>(
    address: &str,
    asks: impl Iterator<Item = &'a (String, String)>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::new();
    for (path, body) in asks {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Accept: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        receive(&mut stream, &mut answer)?;
    }
    Ok(answer)
}

/// Reads one response; leaves its body.
fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    answer.clear();
    let mut buffer = [0; 1 << 16];
    let (start, length) = loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err("the server hung up".into());
        }
        answer.extend_from_slice(&buffer[..count]);
        if let Some(at) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break (at + 4, length_in(&answer[..at])?);
        }
    };
    while answer.len() < start + length {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err("the server hung up".into());
        }
        answer.extend_from_slice(&buffer[..count]);
    }
    answer.drain(..start);
    Ok(())
}

fn length_in(head: &[u8]) -> Result<usize, Box<dyn Error>> {
    let head = std::str::from_utf8(head)?.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(head.into());
    }
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    Ok(line.ok_or("no content-length")?.trim().parse()?)
}
