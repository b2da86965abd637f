//! The bytes of an input file, with what it is called, up to a limit.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{error::InputError, problem::InputProblem};

/// How large a file may be, in MiB: far above any list of places for a person's account, far below a machine's memory.
pub(super) const LIMIT_MIB: u64 = 64;
const LIMIT: u64 = LIMIT_MIB * 1024 * 1024;

/// An input file as text.
#[derive(Debug)]
pub(super) struct Source {
    /// What messages call it.
    pub(super) file: String,
    /// Its text, without a byte order mark.
    pub(super) text: String,
}

impl Source {
    /// Reads the file at a path, or standard input for `-`.
    pub(super) fn read(path: &Path) -> Result<Self, InputError> {
        if path.as_os_str() == "-" {
            return Self::of("standard input".to_owned(), bytes(io::stdin().lock(), LIMIT));
        }
        Self::of(path.to_string_lossy().into_owned(), open(path).and_then(|file| bytes(file, LIMIT)))
    }

    /// Takes bytes as an input file of this name.
    pub(super) fn of(file: String, bytes: Result<Vec<u8>, InputProblem>) -> Result<Self, InputError> {
        match bytes.map(text) {
            Ok(Ok(text)) => Ok(Self { file, text }),
            Ok(Err((line, problem))) => Err(InputError { file, line, problem }),
            Err(problem) => Err(InputError { file, line: None, problem }),
        }
    }
}

fn open(path: &Path) -> Result<File, InputProblem> {
    let file = File::open(path).map_err(refusal)?;
    let metadata = file.metadata().map_err(refusal)?;
    if metadata.is_dir() {
        return Err(InputProblem::Folder);
    }
    if metadata.len() > LIMIT {
        return Err(InputProblem::TooLarge);
    }
    Ok(file)
}

/// All bytes of a reader that has no more than `limit` of them.
fn bytes(reader: impl Read, limit: u64) -> Result<Vec<u8>, InputProblem> {
    let mut bytes = Vec::new();
    let length = reader.take(limit + 1).read_to_end(&mut bytes).map_err(refusal)?;
    if u64::try_from(length).is_ok_and(|length| length <= limit) { Ok(bytes) } else { Err(InputProblem::TooLarge) }
}

fn refusal(error: io::Error) -> InputProblem {
    if error.kind() == io::ErrorKind::NotFound {
        InputProblem::Missing
    } else if error.kind() == io::ErrorKind::IsADirectory {
        InputProblem::Folder
    } else {
        InputProblem::Unreadable(error)
    }
}

/// The bytes as text, or the line where they stop being UTF-8.
fn text(bytes: Vec<u8>) -> Result<String, (Option<u64>, InputProblem)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((None, InputProblem::Utf16));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = valid.filter(|&&byte| byte == b'\n').count() + 1;
        (u64::try_from(line).ok(), InputProblem::NotUtf8)
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        Source::of("t.csv".to_owned(), Ok(bytes.to_vec())).unwrap_err().to_string()
    }

    #[test]
    fn other_encodings() {
        for (bytes, expected) in [
            (&b"a\nb\nM\xfcnchen\n"[..], "t.csv, line 3: the text is not UTF-8; save the file as \"CSV UTF-8\""),
            (b"\xff\xfea\0", "t.csv: the file is UTF-16; save it as \"CSV UTF-8\""),
            (b"\xfe\xff\0a", "t.csv: the file is UTF-16; save it as \"CSV UTF-8\""),
            (b"cut \xe2\x82", "t.csv, line 1: the text is not UTF-8; save the file as \"CSV UTF-8\""),
        ] {
            assert_eq!(refused(bytes), expected);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let source = Source::of("t.csv".to_owned(), Ok("\u{feff}a".into())).unwrap();
        assert_eq!(source.text, "a");
    }

    #[test]
    fn paths_that_are_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = Source::read(&folder.path().join("nowhere.csv")).unwrap_err();
        assert!(matches!(error.problem, InputProblem::Missing));
        assert!(error.to_string().ends_with("nowhere.csv: there is no such file; check the path"));
        let error = Source::read(folder.path()).unwrap_err();
        assert!(matches!(error.problem, InputProblem::Folder));
        assert!(error.to_string().ends_with(": this is a folder; name a CSV file"));
    }

    #[test]
    fn a_refusal_of_the_system_is_the_source() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "a").unwrap();
        let error = Source::read(&file.join("below")).unwrap_err();
        assert!(error.to_string().ends_with("the file cannot be read; check its permissions"));
        assert!(std::error::Error::source(&error).is_some());
    }

    #[test]
    fn the_limit() {
        assert_eq!(bytes(&b"123"[..], 3).unwrap(), b"123");
        let error = bytes(&b"1234"[..], 3).unwrap_err();
        assert_eq!(error.to_string(), "the file is larger than 64 MiB; split it into several");
        let large = tempfile::NamedTempFile::new().unwrap();
        large.as_file().set_len(LIMIT + 1).unwrap();
        let error = Source::read(large.path()).unwrap_err();
        assert!(matches!(error.problem, InputProblem::TooLarge));
    }
}
