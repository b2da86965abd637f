//! A file of a recording, whichever of the two forms it has.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Trace, TraceError, read, read_har};
use crate::catalogue::Api;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a recording: a trace of this program, or an HTTP archive (HAR).
///
/// ```
/// use abide_conformance::catalogue::Api;
/// use abide_conformance::trace::{TraceError, read_file};
///
/// let archive = br#"{"log":{"entries":[]}}"#;
/// assert!(matches!(read_file(Api::Hum, archive), Err(TraceError::Har(_))));
/// assert!(matches!(read_file(Api::Hum, b""), Err(TraceError::Empty)));
/// ```
///
/// # Errors
/// [`TraceError`] when it is neither, or damaged.
pub fn read_file(api: Api, bytes: &[u8]) -> Result<Trace, TraceError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(TraceError::NoHeader("the file is UTF-16; save it as UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(TraceError::Empty);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if is_archive(text) => read_har(api, text),
        Ok(_) | Err(_) => read(bytes),
    }
}

/// An archive is one JSON value with `log`, on one line or many; the first line of a trace is a value of its own with
/// `format`. Of an archive that was cut off, what comes first tells.
fn is_archive(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Start {
        log: Option<IgnoredAny>,
        format: Option<IgnoredAny>,
    }
    let first = serde_json::Deserializer::from_str(text).into_iter::<Start>().next();
    match first {
        Some(Ok(start)) => start.log.is_some() && start.format.is_none(),
        Some(Err(_)) | None => {
            let start: String = text.chars().filter(|letter| !letter.is_whitespace()).take(7).collect();
            start == "{\"log\":"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, archive) in [
            ("{\"log\":{\"entries\":[]}}", true),
            ("{\n  \"log\": {\n    \"entries\": [{\"format\": \"x\"}]}}", true),
            ("{\"log\":{\"comment\":\"the \\\"format\\\" of it\"}}", true),
            ("{ \"log\" : {\"entries\":[{\"requ", true),
            ("{\"line\":\"header\",\"format\":\"abide-trace/1\",\"target\":\"\\\"log\\\"\"}\n{\"log\":1}\n", false),
            ("{\"format\":\"abide-trace/1\",\"log\":1}", false),
            ("{}", false),
            ("[]", false),
            ("<html>", false),
        ] {
            assert_eq!(is_archive(text), archive, "{text}");
        }
    }
}
