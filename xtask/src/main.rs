//! `cargo xtask`: what turns the OpenAPI documents into code.

use std::process::ExitCode;

mod constants;
mod document;
mod generate;
mod lifecycle;
mod output;
mod spec;

const HELP: &str = "\
Turns the OpenAPI documents under spec/ into code.

Usage: cargo xtask <COMMAND>

Commands:
  generate           write the generated files of every crate
  generate --check   compare instead of writing; fails when a file is not what the documents say
  spec diff OLD NEW  what a change of a document does to clients and servers
  help               this text

Example: cargo xtask generate && git diff --stat";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["generate"] => generate::run(output::Mode::Write),
        ["generate", "--check"] => generate::run(output::Mode::Check),
        ["spec", "diff", rest @ ..] => return spec::diff::run(rest),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
