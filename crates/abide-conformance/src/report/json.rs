//! The report for programs.

use schemars::{Schema, schema_for};

use super::Report;
use super::safe::harmless;

/// What the report says about its format.
pub(crate) const FORMAT: &str = "abide-report/1";

/// `report.json`. What a terminal would obey, and what nobody sees, is written as an escape: it says the same, and may be shown.
pub fn json(report: &Report) -> String {
    let mut text = escaped(&serde_json::to_string_pretty(report).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON has such characters only in strings; what it has between them are line feeds.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || harmless(character) == Some(character) {
            out.push(character);
        } else {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

/// The JSON Schema of `report.json`, as `spec/report.schema.json` has it.
pub fn schema() -> Schema {
    schema_for!(Report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_obeyed_and_nothing_is_lost() {
        let said = "a\u{1b}[31m\u{7f}\u{9b}31m\u{202e}b\u{200b}\u{feff}\u{e0041}é\t\"\n";
        let json = serde_json::to_string_pretty(&[said]).unwrap();
        let shown = escaped(&json);
        assert!(shown.chars().all(|character| character == '\n' || harmless(character) == Some(character)), "{shown}");
        assert!(shown.contains(r"\u009b31m\u202eb\u200b\ufeff\udb40\udc41é"), "{shown}");
        let again: Vec<String> = serde_json::from_str(&shown).unwrap();
        assert_eq!(again, [said]);
    }
}
