//! What a session was in: its state in words, as strips under the calls, and its counters.

use serde_json::Value;

use crate::catalogue::Api;
use crate::catalogue::documented::{calmyx, hum};
use crate::judge::Call;

/// A word of a server is cut to so many characters.
const LONGEST_WORD: usize = 24;

/// One line of words over time, such as those of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strip {
    pub(super) name: &'static str,
    pub(super) pieces: Vec<Piece>,
}

/// A time during which the word was the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) word: String,
    pub(super) kind: Kind,
}

/// What a word means, for its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Waiting,
    AtWork,
    Done,
    Doubtful,
    Failed,
    /// No document has the word.
    Unknown,
}

impl Kind {
    /// The class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::AtWork => "at-work",
            Self::Done => "done",
            Self::Doubtful => "doubtful",
            Self::Failed => "failing",
            Self::Unknown => "unknown",
        }
    }
}

/// The counters of a Calmyx answer, as shares of the total.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counters {
    pub(super) at: u64,
    pub(super) processed: f64,
    pub(super) failed: f64,
    /// Such as `3 of 10`.
    pub(super) words: String,
}

/// The strips of a session whose run was over at `end`.
pub(super) fn strips(api: Api, calls: &[&Call<'_>], end: u64) -> Vec<Strip> {
    let names: &[&'static str] = match api {
        Api::Calmyx => &["status"],
        Api::Hum => hum::AGENTS,
    };
    let strips = names.iter().map(|name| Strip { name, pieces: pieces(calls, end, |call| word(call, name)) });
    strips.filter(|strip| !strip.pieces.is_empty()).collect()
}

fn pieces<'v>(calls: &[&'v Call<'_>], end: u64, word: impl Fn(&'v Call<'_>) -> Option<&'v str>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for call in calls {
        let Some(word) = word(call) else { continue };
        let (kind, word) = (kind(word), cut(word));
        let at = call.exchange.received;
        match pieces.last_mut() {
            Some(last) if last.word == word => {}
            Some(last) => {
                last.to = at;
                pieces.push(Piece { from: at, to: end, word, kind });
            }
            None => pieces.push(Piece { from: at, to: end, word, kind }),
        }
    }
    pieces
}

fn word<'v>(call: &'v Call<'_>, name: &str) -> Option<&'v str> {
    if call.operation().is_status() {
        let state = if name == "status" { call.at("/status") } else { call.at("/meta/agent_status")?.get(name) };
        state?.as_str()
    } else {
        None
    }
}

fn kind(word: &str) -> Kind {
    match word {
        calmyx::STATUS_QUEUED | "pending" => Kind::Waiting,
        calmyx::STATUS_PROCESSING => Kind::AtWork,
        calmyx::STATUS_COMPLETED | "matched" => Kind::Done,
        "multiple" => Kind::Doubtful,
        calmyx::STATUS_FAILED | "failed" => Kind::Failed,
        _ => Kind::Unknown,
    }
}

/// The counters after each answer that has them.
pub(super) fn counters(calls: &[&Call<'_>]) -> Vec<Counters> {
    calls.iter().filter(|call| call.operation().is_status()).filter_map(|call| counters_of(call)).collect()
}

fn counters_of(call: &Call<'_>) -> Option<Counters> {
    let number = |name: &str| call.at("/progress")?.get(name)?.as_f64();
    let (processed, total) = (number("processed")?, number("total")?);
    let share = |value: f64| (value / total.max(1.0)).clamp(0.0, 1.0);
    let failed = number("failed").unwrap_or(0.0);
    let words = format!("{processed} of {total}");
    Some(Counters { at: call.exchange.received, processed: share(processed), failed: share(failed), words })
}

/// What an answer says of the session, in words.
pub(super) fn summary(call: &Call<'_>) -> Option<String> {
    if !call.operation().is_status() {
        return None;
    }
    if let Some(status) = call.at("/status").and_then(Value::as_str) {
        let count = |name: &str| call.at("/progress").and_then(|progress| progress.get(name)).map(quoted);
        let counters = ["processed", "total", "successful", "failed"]
            .map(|name| count(name).map(|value| format!("{name} {value}")))
            .into_iter()
            .flatten();
        return Some(std::iter::once(cut(status)).chain(counters).collect::<Vec<_>>().join(", "));
    }
    let agents = call.at("/meta/agent_status")?.as_object()?;
    let word = |agent: &&str| Some(format!("{agent} {}", quoted(agents.get(*agent)?)));
    Some(hum::AGENTS.iter().filter_map(word).collect::<Vec<_>>().join(", "))
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| cut(&value.to_string()), cut)
}

fn cut(word: &str) -> String {
    match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}
