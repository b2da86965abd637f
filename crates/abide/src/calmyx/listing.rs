//! `abide calmyx listing delete`: deletes listings for good.

use calmyx_client::lifecycle::limits::MAX_DELETIONS;
use calmyx_client::types::DeletionReply;
use calmyx_client::{Client, Error, PathSegment};

use crate::arguments::ListingDeleteArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::{Problem, with_cause};
use crate::safe_text::Safe;
use crate::throttled::patiently;
use crate::watching::distinct;

/// What nobody knows of an interrupted deletion.
const DOUBT: &str = "the listing may be deleted";

pub(crate) async fn delete(arguments: &ListingDeleteArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let listings = distinct(&arguments.listings);
    let ids = listings.iter().map(|listing| segment(listing)).collect::<Result<Vec<_>, _>>()?;
    let client = connection::calmyx(&arguments.api)?;
    match ids.as_slice() {
        [one] => delete_one(&client, one, interrupt).await,
        _ => delete_many(&client, &listings, interrupt).await,
    }
}

fn segment(listing: &str) -> Result<PathSegment, Problem> {
    listing.parse().map_err(|error| Problem::usage(format!("a listing id cannot be used: {}", with_cause(&error))))
}

async fn delete_one(client: &Client, listing: &PathSegment, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let reply = patiently(interrupt, Error::setback, || client.delete_listing(listing)).await;
    let reply = reply.map_err(|error| Problem::calmyx_unanswered(&error, DOUBT))?;
    if !reply.success {
        return Err(refused(&reply));
    }
    eprintln!("1 listing deleted{}", deletions(&reply));
    Ok(Exit::Completed)
}

/// In batches. A failure leaves the earlier batches deleted, and says how far it came.
async fn delete_many(client: &Client, listings: &[String], interrupt: &Interrupt) -> Result<Exit, Problem> {
    let (mut deleted, mut last) = (0, None);
    for batch in listings.chunks(MAX_DELETIONS) {
        match patiently(interrupt, Error::setback, || client.delete_listings(batch)).await {
            Ok(reply) if reply.success => {
                deleted += reply.deleted_count.and_then(|count| usize::try_from(count).ok()).unwrap_or(batch.len());
                last = Some(reply);
            }
            Ok(reply) => return Err(after(deleted, refused(&reply))),
            Err(error) => return Err(after(deleted, Problem::calmyx_unanswered(&error, DOUBT))),
        }
    }
    let used = last.as_ref().map(deletions).unwrap_or_default();
    eprintln!("{deleted} of {} listings deleted{used}", listings.len());
    Ok(if deleted == listings.len() { Exit::Completed } else { Exit::SomeFailed })
}

fn after(deleted: usize, problem: Problem) -> Problem {
    if deleted > 0 {
        eprintln!("{deleted} listings were deleted before this:");
    }
    problem
}

fn refused(reply: &DeletionReply) -> Problem {
    let said = reply.message.as_deref().unwrap_or("it gives no reason");
    Problem::new(Exit::Error, format!("deleteListing: the server refused it: {}", Safe(said)))
}

/// How much of the plan's deletions is used; a negative limit means that there is none.
fn deletions(reply: &DeletionReply) -> String {
    match (reply.deletions_used, reply.deletions_max) {
        (Some(used), Some(most)) if most >= 0 => format!("; {used} of {most} deletions of the plan are used"),
        (Some(used), _) => format!("; {used} deletions are used"),
        (None, _) => String::new(),
    }
}
