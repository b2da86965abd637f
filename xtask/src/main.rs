//! `cargo xtask`: what turns the OpenAPI documents into code.

use std::process::ExitCode;

mod api;
mod constants;
mod document;
mod finding;
mod generate;
mod lifecycle;
mod lines;
mod output;
mod spec;
mod stream;

#[cfg(test)]
mod ten_edits;
#[cfg(test)]
mod third_api;

const HELP: &str = "\
Turns the OpenAPI documents under spec/ into code.

Usage: cargo xtask <COMMAND>

Commands:
  generate           write the generated files of every crate
  generate --check   compare instead of writing; fails when a file is not what the documents say
  spec lint [FILE…]  whether the documents are sound; with files, by the rules that need no other file
  spec trace         write spec/TRACE.md: each rule from its page to the code and the check that keep it
  spec trace --check compare instead of writing; --json prints the table for programs
  spec diff OLD NEW  what a change of a document does to clients and servers
  help               this text; `spec lint --help` and `spec diff --help` say more

Example: cargo xtask generate && git diff --stat";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        // These have words and exit codes of their own.
        ["spec", "lint", rest @ ..] => return spec::lint::run(rest),
        ["spec", "diff", rest @ ..] => return spec::diff::run(rest),
        ["help", ..] | [.., "--help" | "-h"] => {
            stream::out(HELP);
            return ExitCode::SUCCESS;
        }
        ["generate"] => generate::run(output::Mode::Write),
        ["generate", "--check"] => generate::run(output::Mode::Check),
        ["spec", "trace"] => spec::trace::run(spec::trace::Output::Write),
        ["spec", "trace", "--check"] => spec::trace::run(spec::trace::Output::Check),
        ["spec", "trace", "--json"] => spec::trace::run(spec::trace::Output::Json),
        _ => {
            stream::error(HELP);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            stream::error(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
