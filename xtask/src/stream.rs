//! Words for people, on a stream that its reader may close at any moment: `| head -1` is no error.

use std::io::{ErrorKind, Write, stderr, stdout};

/// One or more lines on standard output.
pub fn out(text: &str) {
    match write(&mut stdout().lock(), text) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => error(&format!("error: standard output: {cause}")),
        Ok(()) | Err(_) => {}
    }
}

/// One or more lines on standard error; where nobody listens, there is nobody to tell.
pub fn error(text: &str) {
    let _ = write(&mut stderr().lock(), text);
}

fn write(stream: &mut impl Write, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"\n")?;
    stream.flush()
}
