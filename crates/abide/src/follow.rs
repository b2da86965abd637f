//! Following one session to its end, or to the moment somebody asks to stop.

use std::ops::ControlFlow;
use std::time::Duration;

use abide_core::{Anomaly, End, Failure, GaveUp};
use abide_watch::{Event, StatusSource};

use crate::interrupt::Interrupt;
use crate::together::Following;

/// Feeds every event to `tell` until the wait ends. `None`: somebody asked to stop, or `tell` did.
pub(crate) async fn follow<S: StatusSource>(
    session: &mut Following<'_, S>,
    interrupt: &Interrupt,
    mut tell: impl FnMut(&Event<S::Item, S::Error>) -> ControlFlow<()>,
) -> Option<End> {
    while let Some(event) = interrupt.unless_asked(session.next()).await? {
        if tell(&event).is_break() {
            return None;
        }
    }
    session.end()
}

/// One line about an event that a person should know of while waiting; `None` for those that the progress shows anyway.
pub(crate) fn notice<I, E: std::error::Error>(event: &Event<I, E>) -> Option<String> {
    match event {
        Event::Retry { failure: Failure::Throttled, after, .. } => {
            Some(format!("the server asks to slow down; asking again in {:.1} s", after.as_secs_f64()))
        }
        Event::Retry { after, attempt, error, .. } => {
            Some(format!("{error}; asking again in {:.1} s (error {attempt} in a row)", after.as_secs_f64()))
        }
        Event::Anomaly(anomaly) => Some(format!("odd answer: {anomaly}")),
        Event::WillExpire { within, next } => Some(format!(
            "the session expires in {:.0} s, before the next request in {:.0} s",
            within.as_secs_f64(),
            next.as_secs_f64()
        )),
        Event::Overdue => Some("no activity for so long that the session has probably expired".to_owned()),
        Event::State { .. } | Event::Progress(_) | Event::Items(_) | Event::Settling | Event::Ended(_) => None,
    }
}

/// How a wait ended, in words that fit behind a session's name.
pub(crate) fn end_words(end: End) -> String {
    match end {
        End::Completed { .. } => "completed".to_owned(),
        End::CompletedWithFailures { .. } => "completed, with failures".to_owned(),
        End::Failed => "the session failed".to_owned(),
        End::Gone => "gone: the session expired or was closed".to_owned(),
        End::Closed => "closed from here".to_owned(),
        End::GaveUp(GaveUp::MaxWait) => "gave up waiting; the session may still live (see --max-wait)".to_owned(),
        End::GaveUp(GaveUp::RetryAfterTooLong(wait)) => {
            format!("gave up: the server asks to be left alone for {} s; the session may still live", wait.as_secs())
        }
        End::GaveUp(GaveUp::TooManyErrors(count)) => format!("gave up after {count} errors in a row"),
        End::Refused(failure) => format!("refused: {}", failure_words(failure)),
    }
}

/// How a wait ended, with the error that explains it where there is one, and what the wait took.
pub(crate) fn end_line(end: End, error: Option<String>, polls: u32, elapsed: Duration) -> String {
    let words = match (end, error) {
        // The error says all there is to say.
        (End::Refused(_), Some(error)) => return error,
        (end, Some(error)) => format!("{}: {error}", end_words(end)),
        (end, None) => end_words(end),
    };
    let polls = if polls == 1 { "1 poll".to_owned() } else { format!("{polls} polls") };
    format!("{words}; {polls} in {:.1} s", elapsed.as_secs_f64())
}

/// One word for the outcome of a session, for tables and scripts.
pub(crate) fn outcome_word(end: End) -> &'static str {
    match end {
        End::Completed { .. } => "completed",
        End::CompletedWithFailures { .. } => "partial",
        End::Failed => "failed",
        End::Gone | End::Closed => "gone",
        End::GaveUp(GaveUp::MaxWait | GaveUp::RetryAfterTooLong(_)) => "gave-up",
        End::GaveUp(GaveUp::TooManyErrors(_)) | End::Refused(_) => "error",
    }
}

fn failure_words(failure: Failure) -> &'static str {
    match failure {
        Failure::Denied => "the credential is not accepted",
        Failure::NotFound => "no such session for this credential",
        Failure::Gone => "gone",
        Failure::Rejected => "the server does not take the request",
        Failure::Throttled => "too many requests",
        Failure::Transient => "no usable answer",
    }
}

/// A JSON form of an event, without the items, which each API writes in its own way.
pub(crate) fn json<I, E: std::error::Error>(event: &Event<I, E>) -> serde_json::Value {
    use serde_json::json;
    match event {
        Event::State { from, to } => json!({
            "event": "state",
            "from": from.map(|from| format!("{from:?}").to_lowercase()),
            "to": format!("{to:?}").to_lowercase(),
        }),
        Event::Progress(counters) => json!({
            "event": "progress",
            "total": counters.total,
            "processed": counters.processed,
            "successful": counters.successful,
            "failed": counters.failed,
        }),
        Event::Items(items) => json!({"event": "items", "count": items.len()}),
        Event::Settling => json!({"event": "settling"}),
        Event::Anomaly(anomaly) => json!({"event": "anomaly", "kind": kind(*anomaly), "text": anomaly.to_string()}),
        Event::Retry { failure, after, attempt, error } => json!({
            "event": "retry",
            "failure": format!("{failure:?}").to_lowercase(),
            "after_seconds": after.as_secs_f64(),
            "attempt": attempt,
            "error": error.to_string(),
        }),
        Event::WillExpire { within, next } => json!({
            "event": "will-expire",
            "within_seconds": within.as_secs_f64(),
            "next_seconds": next.as_secs_f64(),
        }),
        Event::Overdue => json!({"event": "overdue"}),
        Event::Ended(end) => json!({"event": "ended", "outcome": outcome_word(*end), "text": end_words(*end)}),
    }
}

/// The name of an anomaly, without its numbers: `sum-mismatch`.
fn kind(anomaly: Anomaly) -> String {
    let debug = format!("{anomaly:?}");
    let name = debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
