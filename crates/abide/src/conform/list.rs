//! `abide conform list`: every requirement.

use abide_conformance::catalogue::{Api, Requirement};
use serde::Serialize;

use super::arguments::ListArguments;
use super::print;
use crate::exit::Exit;
use crate::problem::Problem;

#[derive(Serialize)]
struct Listing {
    format: &'static str,
    requirements: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    api: Api,
    #[serde(flatten)]
    requirement: Requirement,
    source: String,
}

pub(crate) fn run(arguments: &ListArguments) -> Result<Exit, Problem> {
    let apis = Api::ALL.into_iter().filter(|api| arguments.api.is_none_or(|wanted| wanted == *api));
    if arguments.json {
        let rows = apis.flat_map(|api| {
            api.requirements().iter().map(move |requirement| Row {
                api,
                requirement: *requirement,
                source: requirement.source(),
            })
        });
        let listing = Listing { format: "abide-requirements/1", requirements: rows.collect() };
        let text = serde_json::to_string_pretty(&listing)
            .map_err(|error| Problem::new(Exit::Error, format!("the list cannot be written: {error}")))?;
        print(&(text + "\n"))?;
        return Ok(Exit::Completed);
    }
    let mut text = String::new();
    for api in apis {
        for requirement in api.requirements() {
            text.push_str(&block(requirement));
        }
    }
    print(&text)?;
    Ok(Exit::Completed)
}

fn block(requirement: &Requirement) -> String {
    let when = requirement.when.map(|when| format!("when {when}: ")).unwrap_or_default();
    format!(
        "{}  {} {} {}\n  {when}{}\n  source: {}\n\n",
        requirement.id,
        requirement.binds,
        requirement.level,
        requirement.kind,
        requirement.says,
        requirement.source()
    )
}
