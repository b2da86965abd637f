//! Where the bytes of an output go: a file that appears only when it is whole, or a stream.

use std::{
    ffi::OsString,
    fs::{self, File, Permissions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::error::OutputError;

/// An open output.
pub(super) struct Target {
    /// What messages call it.
    name: String,
    place: Place,
}

enum Place {
    /// A regular file: written beside its path, moved onto it at the end. Dropped before that, it leaves nothing. `whole`
    /// bytes of it are known to be written.
    File { temporary: BufWriter<NamedTempFile>, path: PathBuf, whole: u64 },
    /// Standard output, or a pipe or device at the path: what is written is gone.
    Stream(BufWriter<Box<dyn Write + Send>>),
}

impl Target {
    /// Opens the output at a path, without touching what stands there.
    pub(super) fn file(path: &Path) -> Result<Self, OutputError> {
        let unwritable = |source| OutputError::Unwritable { path: path.to_owned(), source };
        let place = match fs::metadata(path) {
            Ok(standing) if standing.is_dir() => {
                return Err(OutputError::Folder { path: path.to_owned() });
            }
            Ok(standing) if standing.is_file() => replacing(path, standing.permissions()),
            // A rename would put a file in the place of the device.
            Ok(_) => File::options().write(true).open(path).map(stream),
            Err(error) if error.kind() == io::ErrorKind::NotFound => creating(path),
            Err(error) => Err(error),
        };
        let name = path.to_string_lossy().into_owned();
        place.map(|place| Self { name, place }).map_err(unwritable)
    }

    /// Writes to a stream.
    pub(super) fn stream(name: &str, writer: impl Write + Send + 'static) -> Self {
        Self { name: name.to_owned(), place: stream(writer) }
    }

    /// Lets `write` put bytes into the output.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), OutputError> {
        let written = match &mut self.place {
            Place::File { temporary, .. } => write(temporary),
            Place::Stream(stream) => write(stream),
        };
        written.map_err(|source| OutputError::of_writing(&self.name, source))
    }

    /// Hands on what is buffered. What was written up to here can be salvaged.
    pub(super) fn flush(&mut self) -> Result<(), OutputError> {
        let flushed = match &mut self.place {
            Place::File { temporary, whole, .. } => temporary.flush().and_then(|()| {
                *whole = temporary.get_ref().as_file().metadata()?.len();
                Ok(())
            }),
            Place::Stream(stream) => stream.flush(),
        };
        flushed.map_err(|source| OutputError::of_writing(&self.name, source))
    }

    /// After a failure: what was whole at the last flush, put beside the place of the file; gives its path.
    pub(super) fn salvage(self) -> Option<PathBuf> {
        let Place::File { temporary, path, whole } = self.place else { return None };
        let (temporary, _) = temporary.into_parts();
        if whole == 0 {
            return None;
        }
        temporary.as_file().set_len(whole).ok()?;
        let beside = partial_path(&path);
        temporary.persist(&beside).ok()?;
        Some(beside)
    }

    /// Puts the file into its place, over what stands there; gives its path.
    pub(super) fn finish(self) -> Result<Option<PathBuf>, OutputError> {
        self.close(|whole, path| {
            whole.persist(&path)?;
            Ok(path)
        })
    }

    /// Puts the file into its place if nothing stands there, else beside it; gives the path.
    pub(super) fn finish_without_replacing(self) -> Result<Option<PathBuf>, OutputError> {
        self.close(|whole, path| match whole.persist_noclobber(&path) {
            Ok(_) => Ok(path),
            Err(refused) => {
                let beside = partial_path(&path);
                refused.file.persist(&beside)?;
                Ok(beside)
            }
        })
    }

    fn close(
        self,
        settle: impl FnOnce(NamedTempFile, PathBuf) -> io::Result<PathBuf>,
    ) -> Result<Option<PathBuf>, OutputError> {
        let closed = match self.place {
            Place::Stream(mut stream) => stream.flush().map(|()| None),
            Place::File { temporary, path, .. } => on_disk(temporary).and_then(|whole| settle(whole, path)).map(Some),
        };
        closed.map_err(|source| OutputError::of_writing(&self.name, source))
    }
}

/// The name under which a part of an output stands beside it: `scores.csv.partial`.
pub(super) fn partial_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".partial");
    name.into()
}

fn stream(writer: impl Write + Send + 'static) -> Place {
    Place::Stream(BufWriter::new(Box::new(writer)))
}

/// A file that will stand where another stands: with the same permissions, and behind the same link.
fn replacing(path: &Path, permissions: Permissions) -> io::Result<Place> {
    // A rename needs no right to write the file itself; a file that is protected should stay.
    File::options().write(true).open(path)?;
    let path = fs::canonicalize(path)?;
    let temporary = beside(&path)?;
    temporary.as_file().set_permissions(permissions)?;
    Ok(Place::File { temporary: BufWriter::new(temporary), path, whole: 0 })
}

/// A file where none stands.
fn creating(path: &Path) -> io::Result<Place> {
    Ok(Place::File { temporary: BufWriter::new(beside(path)?), path: path.to_owned(), whole: 0 })
}

/// A temporary file in the folder of a path, so that a rename can move it there in one step.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    // Asked first: the error of the temporary file would name that file, which nobody asked for.
    fs::metadata(folder)?;
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(ORDINARY_MODE));
    builder.tempfile_in(folder)
}

/// What a program asks for when it creates a file, before the user's umask; a temporary file would be private.
#[cfg(unix)]
const ORDINARY_MODE: u32 = 0o666;

/// Writes what is buffered and waits until the disk has it.
fn on_disk(temporary: BufWriter<NamedTempFile>) -> io::Result<NamedTempFile> {
    let temporary = temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_whole_is_salvaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let mut target = Target::file(&path).unwrap();
        target.write(|sink| sink.write_all(b"a,1\nb,2\n")).unwrap();
        target.flush().unwrap();
        target.write(|sink| sink.write_all(b"c,")).unwrap();
        let kept = target.salvage().unwrap();
        assert_eq!(kept, partial_path(&path));
        assert_eq!(fs::read_to_string(kept).unwrap(), "a,1\nb,2\n");
        assert!(!path.exists());

        let nothing = Target::file(&path).unwrap();
        assert_eq!(nothing.salvage(), None);
    }

    fn written(path: &Path, text: &str) -> Result<Option<PathBuf>, OutputError> {
        let mut target = Target::file(path)?;
        target.write(|sink| sink.write_all(text.as_bytes()))?;
        target.finish()
    }

    #[test]
    fn paths_where_no_file_can_stand() {
        const UNWRITABLE: &str = "the output cannot be written here; check the folder and its permissions";
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        for (path, expected) in [
            ("", "this is a folder; name a file for the output"),
            ("nowhere/out.csv", UNWRITABLE),
            ("file/out.csv", UNWRITABLE),
        ] {
            let path = folder.path().join(path);
            let error = Target::file(&path).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), format!("{}: {expected}", path.display()));
        }
        for path in ["", "..", "/"] {
            assert!(Target::file(Path::new(path)).is_err(), "{path:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_stays_a_device_and_a_full_one_is_a_failure() {
        use std::os::unix::fs::FileTypeExt;

        assert_eq!(written(Path::new("/dev/null"), "text").unwrap(), None);
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let error = written(Path::new("/dev/full"), "text").unwrap_err();
        assert!(!error.is_broken_pipe());
        insta::assert_snapshot!(error, @"/dev/full: writing the output failed; free some space on the disk");
        assert!(std::error::Error::source(&error).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        fs::write(at("private"), "old").unwrap();
        fs::set_permissions(at("private"), PermissionsExt::from_mode(0o640)).unwrap();
        symlink(at("private"), at("link")).unwrap();
        written(&at("link"), "new").unwrap();
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(at("private")).unwrap(), "new");
        assert_eq!(mode("private"), 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        written(&at("new"), "").unwrap();
        fs::write(at("usual"), "").unwrap();
        assert_eq!(mode("new"), mode("usual"));
    }
}
