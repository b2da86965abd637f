//! One session from its creation to its end, as `abide conform client` wants to see it:
//!
//! ```text
//! cargo build -p hum-client --example hum-wait
//! abide conform client --api hum -- target/debug/examples/hum-wait
//! ```
//!
//! Reads `ABIDE_BASE_URL`, `ABIDE_CREDENTIAL` and `ABIDE_INPUT`, a file with the body of the create call; creates one
//! session, waits for it with [`Client::watch`], tells on standard error what happens meanwhile, and prints
//! `outcome: WORD` as its last line.

use std::error::Error;

use hum_client::types::NewSession;
use hum_client::{BaseUrl, Client, Credential, End, Event};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let word = match wait().await {
        Ok(end) => word(end),
        Err(error) => {
            eprintln!("{error}");
            "error"
        }
    };
    println!("outcome: {word}");
}

async fn wait() -> Result<End, Box<dyn Error>> {
    let base = BaseUrl::parse(&std::env::var("ABIDE_BASE_URL")?)?;
    let client = Client::new(base, Credential::new(std::env::var("ABIDE_CREDENTIAL")?)?)?;
    let address: NewSession = serde_json::from_str(&std::fs::read_to_string(std::env::var("ABIDE_INPUT")?)?)?;

    let session = client.create_session(&address).await?;
    let mut watch = client.watch(session.token)?;
    while let Some(event) = watch.next().await {
        if let Event::Retry { failure, after, error, .. } = &event {
            eprintln!("{failure:?}, again in {after:?}: {error}");
        } else {
            eprintln!("{event:?}");
        }
    }
    watch.end().ok_or_else(|| "the watch ended without an end".into())
}

fn word(end: End) -> &'static str {
    match end {
        End::Completed { .. } => "completed",
        End::CompletedWithFailures { .. } => "partial",
        End::Failed => "failed",
        End::Gone | End::Closed => "gone",
        End::GaveUp(_) => "gave-up",
        End::Refused(_) => "error",
    }
}
