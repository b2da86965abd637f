//! Every run of a trace: a case of the driver, a scenario of a client, or a session of a recording. Those with findings come
//! first and are open; nothing is dropped without a word.

use std::collections::{BTreeMap, HashMap};

use super::budget::Budget;
use super::escape::{escaped, shortened};
use super::picture;
use super::run::{Found, Run};
use crate::judge::{Call, View};
use crate::report::Report;
use crate::trace::Fact;

/// So many runs with findings are open from the start.
const MOST_OPEN: usize = 12;
/// So many of those that are not drawn are named.
const MOST_NAMED: usize = 200;
/// A name is cut to so many characters.
const LONGEST_NAME: usize = 240;

/// Every run of a trace.
#[derive(Debug)]
pub(super) struct Runs<'v, 't> {
    view: &'v View<'t>,
    found: Found<'v>,
    all: Vec<Run<'v, 't>>,
}

/// The runs as they stand on the page.
#[derive(Debug)]
pub(super) struct Drawn {
    intro: String,
    figures: Vec<String>,
    left_out: Vec<String>,
    places: BTreeMap<u32, Place>,
}

/// Which run an exchange belongs to, and when that began.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: usize,
    start: u64,
}

impl<'v, 't> Runs<'v, 't> {
    pub(super) fn of(view: &'v View<'t>, report: &'v Report) -> Self {
        let found = Found::of(report);
        let sessions = sessions(view);
        let groups = grouped(view, &sessions).into_iter();
        let mut all: Vec<Run<'v, 't>> =
            groups.map(|(case, calls)| Run::new(view, &sessions, &found, case, calls)).collect();
        all.sort_by_key(|run| run.found.is_empty());
        Self { view, found, all }
    }

    /// Draws as many as there is room for.
    pub(super) fn drawn(&self, budget: &mut Budget) -> Drawn {
        let intro = picture::legend(self.view);
        let mut drawn = Drawn { intro, figures: Vec::new(), left_out: Vec::new(), places: BTreeMap::new() };
        for run in &self.all {
            let place = drawn.figures.len();
            match budget.spend(self.figure(run, place)) {
                Some(figure) => {
                    let numbers = run.rows.iter().flat_map(|row| &row.calls).map(|call| call.exchange.number);
                    let at = Place { number: place, start: run.axis.start() };
                    drawn.places.extend(numbers.map(|number| (number, at)));
                    drawn.figures.push(figure);
                }
                None => drawn.left_out.push(format!("{} ({})", shortened(run.name(), 80), run.facts())),
            }
        }
        drawn
    }

    fn figure(&self, run: &Run<'v, 't>, place: usize) -> String {
        // Where nothing was found, the first one shows what a picture looks like.
        let is_open = place == 0 || (place < MOST_OPEN && !run.found.is_empty());
        let open = if is_open { " open=\"open\"" } else { "" };
        let class = if run.found.is_empty() { "run" } else { "run with-findings" };
        let link = |id: &&str| format!("<a href=\"#{0}\">{0}</a>", escaped(id));
        let links = run.found.iter().map(link).collect::<Vec<_>>().join(", ");
        let found =
            if links.is_empty() { String::new() } else { format!("<p class=\"found\">✗ Found here: {links}</p>\n") };
        let shows = run.shows(self.view).map(|shows| format!("<p>{}</p>\n", escaped(shows))).unwrap_or_default();
        format!(
            "<details class=\"{class}\" id=\"run-{place}\"{open}>\n<summary><h3>{}</h3> <span>{}</span></summary>\n\
             {shows}{found}{}</details>\n",
            shortened(run.name(), LONGEST_NAME),
            run.facts(),
            picture::figure(self.view, run, &self.found)
        )
    }
}

/// The calls by run, in the order of the first of each; clients that never called too.
fn grouped<'v, 't>(view: &'v View<'t>, sessions: &Sessions<'v>) -> Vec<(&'t str, Vec<&'v Call<'t>>)> {
    let mut groups: Vec<(&'t str, Vec<&'v Call<'t>>)> = Vec::new();
    let mut places: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for call in &view.calls {
        let case = call.exchange.case.as_str();
        // A recording knows no cases: there each session is a run.
        let session = sessions.get(&call.exchange.number).copied().filter(|_| case.is_empty());
        let place = *places.entry((case, session)).or_insert_with(|| {
            groups.push((case, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, calls)) = groups.get_mut(place) {
            calls.push(call);
        }
    }
    for fact in &view.trace.facts {
        if let Fact::ClientStarted { case, .. } = fact
            && !groups.iter().any(|(of, _)| of == case)
        {
            groups.push((case, Vec::new()));
        }
    }
    groups
}

/// The session of each exchange that has one.
pub(super) type Sessions<'v> = HashMap<u32, &'v str>;

fn sessions<'v>(view: &'v View<'_>) -> Sessions<'v> {
    let of = |session: crate::judge::Session<'v, '_>| {
        let calls = session.created().into_iter().chain(session.calls());
        calls.map(move |call| (call.exchange.number, session.id())).collect::<Vec<_>>()
    };
    view.sessions().flat_map(of).collect()
}

impl Drawn {
    /// Where on the page the picture of an exchange is.
    pub(super) fn place(&self, exchange: u32) -> Option<String> {
        self.places.get(&exchange).map(|place| format!("run-{}", place.number))
    }

    /// When the run of an exchange began.
    pub(super) fn start(&self, exchange: u32) -> Option<u64> {
        self.places.get(&exchange).map(|place| place.start)
    }

    /// The whole section.
    pub(super) fn section(&self) -> String {
        let mut out = String::from("<section id=\"runs\">\n<h2>Pictures of time</h2>\n");
        if self.figures.is_empty() && self.left_out.is_empty() {
            out.push_str("<p>There is nothing to draw: no call was made.</p>\n</section>\n");
            return out;
        }
        out.push_str(&self.intro);
        out.push_str(&self.figures.concat());
        if !self.left_out.is_empty() {
            out.push_str(&format!(
                "<details class=\"run\">\n<summary><h3>{} more are not drawn</h3> <span>to keep this page small; \
                 trace.ndjson has every call</span></summary>\n<ul>\n",
                self.left_out.len()
            ));
            for name in self.left_out.iter().take(MOST_NAMED) {
                out.push_str(&format!("<li>{name}</li>\n"));
            }
            if self.left_out.len() > MOST_NAMED {
                out.push_str(&format!("<li>and {} more</li>\n", self.left_out.len() - MOST_NAMED));
            }
            out.push_str("</ul>\n</details>\n");
        }
        out.push_str("</section>\n");
        out
    }
}
