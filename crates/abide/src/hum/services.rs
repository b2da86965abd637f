//! `abide hum services`: the Internet providers that a session found.

use hum_client::types::{Identifier, Offering, Provider, Speed};
use serde_json::json;

use super::token;
use crate::arguments::ServicesArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Cell, Columns, Format, RowWriter};
use crate::problem::{Api, Problem};
use crate::rewatch::Rewatch;
use crate::throttled::{on_stderr, patiently};
use crate::watching::print_line;

const COLUMNS: [&str; 7] =
    ["provider_id", "provider_name", "technology", "max_download_speed", "max_upload_speed", "min_price", "telephone"];

pub(crate) async fn run(arguments: &ServicesArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let token = token(&arguments.token)?;
    let client = connection::hum(&arguments.api)?;
    let answer =
        patiently(interrupt, &on_stderr, hum_client::Error::setback, || client.internet_services(&token)).await;
    let answer = answer.map_err(|error| Problem::hum_unanswered(&error, "nothing was changed"))?;
    if !answer.ready {
        let wait = Rewatch::new(Api::Hum, &arguments.api).command(&[token.as_str().to_owned()]);
        return Err(Problem::new(Exit::GaveUp, format!("not ready yet; ask again after {}", wait.unwrap_or_default())));
    }
    if arguments.json {
        print_json(answer.providers())?;
    } else {
        print_rows(answer.providers())?;
    }
    if answer.providers().is_empty() {
        eprintln!("no provider was found at this address");
    }
    Ok(Exit::Completed)
}

/// Everything but the security token, which is a secret of the order that follows.
fn print_json(providers: &[Provider]) -> Result<(), Problem> {
    let providers: Vec<serde_json::Value> = providers
        .iter()
        .map(|provider| {
            let mut value = json!(provider);
            if let Some(object) = value.as_object_mut() {
                object.remove("security_token");
            }
            value
        })
        .collect();
    print_line(&serde_json::Value::Array(providers).to_string())?;
    Ok(())
}

/// One row per offer; a provider without offers has a row all the same.
fn print_rows(providers: &[Provider]) -> Result<(), Problem> {
    let mut writer = RowWriter::to_stdout(Format::Csv, Columns::new(&[], &COLUMNS))?;
    for provider in providers {
        let offers: Vec<Option<&Offering>> = match provider.offerings.as_slice() {
            [] => vec![None],
            offers => offers.iter().map(Some).collect(),
        };
        for offer in offers {
            writer.write(&cells(provider, offer))?;
        }
    }
    writer.finish()?;
    Ok(())
}

fn cells(provider: &Provider, offer: Option<&Offering>) -> Vec<Cell> {
    let text = |text: Option<&String>| text.map_or(Cell::Empty, |text| Cell::Text(text.clone()));
    let id = match &provider.provider_id {
        Some(Identifier::Text(id)) => Cell::Text(id.clone()),
        Some(Identifier::Number(id)) => Cell::Text(id.to_string()),
        Some(_) | None => Cell::Empty,
    };
    let speed = |speed: Option<&Speed>| match speed {
        Some(Speed::Number(number)) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Some(Speed::Text(words)) => Cell::Text(words.clone()),
        Some(_) | None => Cell::Empty,
    };
    let price = provider.min_plan_price.as_ref().and_then(|price| {
        let cents = price.amount_cents?;
        let currency = price.currency.as_deref().unwrap_or_default();
        let sign = if cents < 0 { "-" } else { "" };
        let amount = format!("{sign}{}.{:02} {currency}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
        Some(Cell::Text(amount.trim().to_owned()))
    });
    vec![
        id,
        text(provider.provider_name.as_ref()),
        text(offer.and_then(|offer| offer.technology.as_ref())),
        speed(offer.and_then(|offer| offer.max_download_speed.as_ref())),
        speed(offer.and_then(|offer| offer.max_upload_speed.as_ref())),
        price.unwrap_or(Cell::Empty),
        text(provider.telephone.as_ref()),
    ]
}
