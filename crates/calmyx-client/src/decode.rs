//! Reading a status answer, without the results that are known already.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::types::SessionStatus;

/// A status answer, and where its list of results stands.
pub(crate) struct Decoded {
    /// Its results are only those that were read.
    pub(crate) status: SessionStatus,
    /// From the opening bracket to the end of the last item, within the body; `None` where it was read another way.
    pub(crate) list: Option<Range<usize>>,
    /// The known results were not read.
    pub(crate) skipped: bool,
    /// How many bytes were looked at.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests and benches"))]
    pub(crate) read: usize,
}

/// Reads `body`. `known` is told the bytes from the opening bracket of the list on, and answers how many of them, from the
/// bracket to the end of the last known item, need not be read.
///
/// # Errors
/// Where a body that is read whole would be refused.
pub(crate) fn decode_status(
    body: &[u8],
    known: impl FnOnce(&[u8]) -> Option<usize>,
) -> Result<Decoded, serde_json::Error> {
    if let Some((list, end)) = list_in(body)
        && let Some(decoded) = behind_known(body, list.clone(), end, known)
    {
        return Ok(decoded);
    }
    Ok(Decoded { status: serde_json::from_slice(body)?, list: None, skipped: false, read: body.len() })
}

/// From the bracket to the end of the last item, and where the closing bracket stands.
fn list_in(body: &[u8]) -> Option<(Range<usize>, usize)> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        results: &'a RawValue,
    }
    let list = serde_json::from_slice::<List<'_>>(body).ok()?.results.get();
    let items = list.strip_suffix(']').filter(|_| list.starts_with('['))?;
    let start = list.as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    Some((start..start + items.trim_end().len(), start + items.len()))
}

fn behind_known(
    body: &[u8],
    list: Range<usize>,
    end: usize,
    known: impl FnOnce(&[u8]) -> Option<usize>,
) -> Option<Decoded> {
    let known = known(body.get(list.start..)?).unwrap_or(0);
    let rest = body.get(list.start + known..list.end)?.trim_ascii_start();
    let rest = if known == 0 { rest.strip_prefix(b"[")? } else { rest.strip_prefix(b",").unwrap_or(rest) };
    let shorter = [body.get(..list.start)?, b"[", rest, body.get(end..)?].concat();
    let status = serde_json::from_slice(&shorter).ok()?;
    Some(Decoded { status, list: Some(list), skipped: known > 0, read: shorter.len() })
}
