//! "A third API in an afternoon" of spec/README.md, done: lint, generate, compile, and wait for a session over loopback.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::document::root;
use crate::generate;
use crate::spec::lint::{self, Subject};

const FOLDER: &str = "xtask/tests-data/labels";

fn subject() -> Subject {
    Subject::load(&root(), FOLDER).unwrap()
}

#[test]
fn lint_finds_nothing() {
    assert_eq!(lint::all(&subject()), []);
}

#[test]
fn its_client_compiles_and_waits() {
    let crate_folder = target().join("third-api");
    write_crate(&crate_folder);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--offline", "--quiet"])
        .current_dir(&crate_folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", said(&output.stderr));
    assert_eq!(said(&output.stdout), "2 polls, 2 labels\n");
}

/// The crate as the section describes it, in a folder that stays, so that a second run compiles next to nothing.
fn write_crate(folder: &Path) {
    let data = root().join(FOLDER);
    for name in ["lib.rs", "observe.rs", "main.rs"] {
        let text = std::fs::read_to_string(data.join("client").join(name)).unwrap();
        write(&folder.join("src").join(name), &text);
    }
    for file in generate::client_files(&subject().document, "src", &[]).unwrap() {
        write(&folder.join(file.path), &file.text);
    }
    for example in subject().examples {
        write(&folder.join(example.path), &example.text);
    }
    let manifest = std::fs::read_to_string(data.join("client/Cargo.toml")).unwrap();
    write(&folder.join("Cargo.toml"), &manifest.replace("ROOT", &root().display().to_string()));
    // The versions of the workspace, so that nothing new is needed from a registry.
    if !folder.join("Cargo.lock").exists() {
        write(&folder.join("Cargo.lock"), &std::fs::read_to_string(root().join("Cargo.lock")).unwrap());
    }
}

/// Leaves a file alone that says the same already: its time decides what is compiled again.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The target folder that this test was built into: its binary lies in `<target>/<profile>/deps`.
fn target() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    binary.ancestors().nth(3).unwrap().to_owned()
}

/// Each piece of code in the section is a piece of the file that it names.
#[test]
fn the_section_shows_these_files() {
    let readme = std::fs::read_to_string(root().join("spec/README.md")).unwrap();
    let (_, section) = readme.split_once("## A third API in an afternoon\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut shown = Vec::new();
    for block in section.split("<!-- from ").skip(1) {
        let (file, rest) = block.split_once(" -->\n").unwrap();
        let (_, rest) = rest.split_once("```").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        let (code, _) = rest.split_once("```").unwrap();
        let text = std::fs::read_to_string(root().join(FOLDER).join(file)).unwrap();
        assert!(text.contains(code), "{file} does not contain this piece of spec/README.md:\n{code}");
        shown.push(file);
    }
    assert_eq!(section.matches("\n```").count(), 2 * shown.len(), "a piece of code without `<!-- from file -->`");
    shown.sort_unstable();
    let invalid = "examples/getBatch/invalid/printed-without-barcode.json";
    assert_eq!(shown, ["client/lib.rs", "client/observe.rs", invalid, "openapi.yaml", "openapi.yaml"]);
}
