//! The report as one page that needs nothing else: no font, no image, nothing from elsewhere. It can be read without its
//! script, which only adds buttons.
//!
//! The page is HTML that is also well-formed XML, so that a program can check that nothing of a server broke out of its place.

mod axis;
mod budget;
mod calls;
mod escape;
mod gaps;
mod head;
mod painter;
mod picture;
mod proof;
mod requirements;
mod run;
mod runs;
mod states;
mod words;

use super::Report;
use crate::judge::View;
use crate::trace::Trace;
use budget::Budget;
use escape::escaped;
use runs::Runs;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Of the script, so that the page runs this one and no other. A test holds the two together.
const SCRIPT_HASH: &str = include_str!("page.js.sha256");

/// `report.html`: the verdict, each requirement with its source and proof, and a picture of time for each run. Whatever a
/// server or a client wrote is escaped and cut to a sane length; what is left out is said. The page stays under a megabyte.
pub fn html(report: &Report, trace: &Trace) -> String {
    let view = View::new(trace);
    let runs = Runs::of(&view, report);
    let drawn = runs.drawn(&mut Budget::of_pictures());
    let mut out = opening(&head::title(report));
    out.push_str(&head::header(report, trace));
    out.push_str(&head::filter(report));
    out.push_str("<main>\n");
    out.push_str(&requirements::sections(report, &view, &drawn));
    out.push_str(&drawn.section());
    out.push_str("</main>\n");
    out.push_str(&head::footer(report));
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

fn opening(title: &str) -> String {
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; script-src '{}'", SCRIPT_HASH.trim());
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#requirements\">To the requirements</a>\n",
        escaped(title)
    )
}
