//! HUM-TIMES: the form and the order of the times in `meta`.

use crate::catalogue::documented::hum::TIME_PATTERN;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::stamp::{Reader, Stamp};
use crate::judge::view::{Call, View};

const NAMES: [&str; 3] = ["created_at", "updated_at", "responded_at"];

/// HUM-TIMES.
pub(super) fn times(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no answer carried a time");
    let reader = Reader::new(TIME_PATTERN);
    let calls = view.calls.iter().filter(|call| call.operation().is_session_call() && call.success().is_some());
    for call in calls {
        let mut stamps: Vec<(&str, Stamp)> = Vec::new();
        for name in NAMES {
            let Some(value) = call.present(&place(name)) else { continue };
            match reader.read(value) {
                Ok(stamp) => {
                    evidence.held();
                    stamps.push((name, stamp));
                }
                Err(why) => evidence.broke(call, format!("{name} as a text in RFC 3339"), why),
            }
        }
        for pair in stamps.windows(2) {
            let [(first, earlier), (second, later)] = pair else { continue };
            evidence.check(!earlier.is_after(*later), call, &format!("{first} no later than {second}"), || {
                format!("{first} {}, {second} {}", shown(call, first), shown(call, second))
            });
        }
    }
    evidence
}

fn place(name: &str) -> String {
    format!("/meta/{name}")
}

fn shown(call: &Call<'_>, name: &str) -> String {
    call.at(&place(name)).map_or_else(String::new, quote)
}
