//! Writing a trace: numbers the exchanges, takes credentials out, and does not repeat a body.

use std::collections::HashMap;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::{Body, Exchange, Fact, Header, Line, Redactor, Reply, Request, Trace};

/// Bodies shorter than this are written again rather than pointed to.
const WORTH_POINTING_TO: usize = 200;

/// How much of a body that is no JSON is kept, in characters.
const SHOWN: usize = 120;
/// For so many bodies it is known where each came first; then it begins anew. A trace may go on for ever, and what is
/// repeated is mostly what came last.
const MOST_BODIES: usize = 10_000;

/// Collects a trace in memory, and writes it line by line where a file was given.
///
/// ```
/// use abide_conformance::catalogue::Api;
/// use abide_conformance::trace::{Header, Recorder, Redactor, Reply, Request, NoReply, Source, Subject};
///
/// let header = Header::new(Api::Hum, Subject::Server, Source::Recorded, "http://127.0.0.1:8080");
/// let mut file = Vec::new();
/// let mut recorder = Recorder::new(header, Redactor::default(), Some(&mut file))?;
/// let reply = Reply::None { why: NoReply::Timeout, detail: String::new() };
/// recorder.exchange("", 10, 20, Request::default(), reply)?;
/// assert_eq!(recorder.finish()?.exchanges.len(), 1);
/// assert_eq!(file.iter().filter(|byte| **byte == b'\n').count(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Recorder<W> {
    trace: Trace,
    redactor: Redactor,
    file: Option<W>,
    bodies: HashMap<[u8; 32], u32>,
    /// The number of the next exchange.
    next: u32,
    /// Whether no exchange and no fact is kept in memory once it is written.
    is_forgetful: bool,
}

impl<W: Write> Recorder<W> {
    /// Begins a trace, with its header.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(header: Header, redactor: Redactor, file: Option<W>) -> io::Result<Self> {
        let mut header = header;
        header.target = redactor.text(&header.target);
        header.driver = redactor.text(&header.driver);
        let trace = Trace::new(header);
        let mut recorder = Self { trace, redactor, file, bodies: HashMap::new(), next: 1, is_forgetful: false };
        let header = recorder.trace.header.clone();
        recorder.write(&Line::Header(header))?;
        Ok(recorder)
    }

    /// Keeps no exchange and no fact in memory: for traces that may go on for ever.
    #[must_use]
    pub(crate) fn forgetful(self) -> Self {
        Self { is_forgetful: true, ..self }
    }

    /// Notes one exchange and gives its number. Credentials in it are replaced.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn exchange(
        &mut self,
        case: &str,
        sent: u64,
        received: u64,
        request: Request,
        reply: Reply,
    ) -> io::Result<u32> {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let exchange = Exchange {
            number,
            case: self.redactor.text(case),
            sent,
            received: received.max(sent),
            request: self.request(request),
            reply: self.reply(reply),
        };
        if self.file.is_some() {
            let mut written = exchange.clone();
            self.point_to_earlier(&mut written);
            self.write(&Line::Exchange(Box::new(written)))?;
        }
        if !self.is_forgetful {
            self.trace.exchanges.push(exchange);
        }
        Ok(number)
    }

    /// Notes a fact.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn fact(&mut self, fact: Fact) -> io::Result<()> {
        let fact = self.redacted(fact);
        self.write(&Line::Fact(fact.clone()))?;
        if !self.is_forgetful {
            self.trace.facts.push(fact);
        }
        Ok(())
    }

    /// What was collected so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Ends the trace.
    ///
    /// # Errors
    /// When the last lines cannot be written.
    pub fn finish(mut self) -> io::Result<Trace> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(self.trace)
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        file.write_all(text.as_bytes())
    }

    /// A session may be named like a credential, by mistake; and what a client or a server said may be one.
    fn redacted(&self, mut fact: Fact) -> Fact {
        let redact = |text: &mut String| *text = self.redactor.text(text);
        match &mut fact {
            Fact::ClientEnded { case, outcome, why, .. } => {
                redact(case);
                outcome.iter_mut().chain(why).for_each(redact);
            }
            Fact::ClientStarted { case: text, .. }
            | Fact::ClientStarved { case: text, .. }
            | Fact::HostLag { case: text, .. }
            | Fact::ClockStuck { why: text, .. }
            | Fact::Stopped { why: text, .. } => redact(text),
            Fact::ClockMoved { .. } | Fact::WaitedOut { .. } | Fact::Rerun { .. } => {}
        }
        fact
    }

    fn request(&self, mut request: Request) -> Request {
        let redact = |text: &mut String| *text = self.redactor.text(text);
        redact(&mut request.path);
        request.query.iter_mut().for_each(|(name, value)| {
            redact(name);
            redact(value);
        });
        request.headers.remove("authorization");
        request.headers.values_mut().for_each(redact);
        request.session.iter_mut().for_each(redact);
        self.body(&mut request.body);
        request
    }

    fn reply(&self, mut reply: Reply) -> Reply {
        match &mut reply {
            Reply::Answer(answer) => {
                answer.headers.values_mut().for_each(|value| *value = self.redactor.text(value));
                self.body(&mut answer.body);
            }
            Reply::None { detail, .. } => *detail = self.redactor.text(detail),
        }
        reply
    }

    fn body(&self, body: &mut Body) {
        match body {
            Body::Json(text) => *text = self.redactor.text(text),
            Body::NotJson { starts, .. } => *starts = self.redactor.text(starts).chars().take(SHOWN).collect(),
            Body::Empty
            | Body::SameAs(_)
            | Body::Truncated { .. }
            | Body::Timeout { .. }
            | Body::TooLarge { .. }
            | Body::Digest { .. } => {}
        }
    }

    fn point_to_earlier(&mut self, exchange: &mut Exchange) {
        let number = exchange.number;
        let Reply::Answer(answer) = &mut exchange.reply else { return };
        let Some(text) = answer.body.json().filter(|text| text.len() >= WORTH_POINTING_TO) else { return };
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        match self.bodies.get(&digest) {
            Some(earlier) => answer.body = Body::SameAs(*earlier),
            None => {
                if self.bodies.len() >= MOST_BODIES {
                    self.bodies.clear();
                }
                self.bodies.insert(digest, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalogue::Api;
    use crate::trace::{Answer, Source, Subject};

    #[test]
    fn what_is_known_of_bodies_is_bounded() {
        let header = Header::new(Api::Hum, Subject::Both, Source::Recorded, "http://127.0.0.1");
        let mut recorder = Recorder::new(header, Redactor::default(), Some(io::sink())).unwrap().forgetful();
        for number in 0..MOST_BODIES + 5 {
            let body = Body::Json(format!("{number:300}"));
            let reply = Reply::Answer(Answer { status: 200, headers: BTreeMap::new(), body });
            recorder.exchange("", 1, 2, Request::default(), reply).unwrap();
            assert!(recorder.bodies.len() <= MOST_BODIES && recorder.trace.exchanges.is_empty());
        }
    }
}
