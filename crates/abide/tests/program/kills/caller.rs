//! Calls over one connection at a time, without a retry: what has no answer has none.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) calmyx: String,
    pub(super) hum: String,
}

/// An answer that arrived whole.
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) body: Value,
}

/// Somebody who calls both APIs.
pub(super) struct Caller {
    address: String,
    credentials: Credentials,
    stream: Option<TcpStream>,
}

impl Caller {
    pub(super) fn new(address: &str, credentials: Credentials) -> Self {
        Self { address: address.to_owned(), credentials, stream: None }
    }

    pub(super) fn calmyx(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let credential = self.credentials.calmyx.clone();
        self.call(method, path, &credential, body)
    }

    pub(super) fn hum(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let credential = self.credentials.hum.clone();
        self.call(method, path, &credential, body)
    }

    fn call(&mut self, method: &str, path: &str, credential: &str, body: &str) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {credential}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let answer = read(&mut stream)?;
        self.stream = Some(stream);
        Ok(answer)
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}

fn read(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    let (code, end, length) = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = std::str::from_utf8(&bytes[..end]).unwrap();
            break (code(head), end + 4, length(head));
        }
        receive(stream, &mut part, &mut bytes)?;
    };
    while bytes.len() < end + length {
        receive(stream, &mut part, &mut bytes)?;
    }
    Ok(Answer { code, body: serde_json::from_slice(&bytes[end..]).unwrap() })
}

fn receive(stream: &mut TcpStream, part: &mut [u8], bytes: &mut Vec<u8>) -> io::Result<()> {
    match stream.read(part)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        count => {
            bytes.extend_from_slice(&part[..count]);
            Ok(())
        }
    }
}

fn code(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn length(head: &str) -> usize {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length")).unwrap();
    value.trim().parse().unwrap()
}
