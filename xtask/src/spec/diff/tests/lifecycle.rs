//! Planted changes of the rules of waiting.

use serde_json::json;

use super::{Case, Remove, Set, check};

#[test]
fn planted() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    let slower: &[&str] = &["lifecycle-pace-slower breaking client"];
    let faster: &[&str] = &["lifecycle-pace-faster harmless client"];
    vec![
        (vec![Set("/paths/~1things~1{id}/put/x-session-lifecycle", json!({}))], &["lifecycle-added breaking client"]),
        (vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle")], &["lifecycle-removed breaking client"]),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/first-poll", json!("after-interval"))],
            &["lifecycle-first-poll-later breaking client"],
        ),
        (
            vec![Set("/paths/~1things/get/x-session-lifecycle/first-poll", json!("immediate"))],
            &["lifecycle-first-poll-earlier harmless client"],
        ),
        (
            vec![Set(
                "/paths/~1things/get/x-session-lifecycle/while-unchanged",
                json!({"factor": 2, "max-seconds": 30}),
            )],
            slower,
        ),
        (
            vec![Set("/paths/~1things/get/x-session-lifecycle/cap-seconds", json!(60))],
            &["lifecycle-cap-shorter breaking client"],
        ),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/interval-seconds/0", json!(3))], slower),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/interval-seconds/0", json!(1))], faster),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/interval-seconds/1", json!(9))],
            &["lifecycle-longest-gap-changed harmless client"],
        ),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/while-unchanged/factor", json!(3))], slower),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/while-unchanged/max-seconds", json!(60))], slower),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/while-unchanged/max-seconds", json!(20))], faster),
        (vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/while-unchanged")], faster),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/cap-seconds", json!(20))],
            &["lifecycle-cap-shorter breaking client"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/cap-seconds")],
            &["lifecycle-cap-longer harmless client"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/inactivity-seconds", json!(900))],
            &["lifecycle-inactivity-shorter breaking both"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/inactivity-seconds", json!(3600))],
            &["lifecycle-inactivity-longer harmless server"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/complete-by/0")],
            &["lifecycle-complete-by-changed breaking both"],
        ),
        (vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/complete-by", json!(["count", "status"]))], &[]),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/growing-list", json!("items"))],
            &["lifecycle-growing-list-changed harmless client"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/states/LOST", json!("failed"))],
            &["lifecycle-state-added risky client"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/states/OPEN")],
            &["lifecycle-state-removed breaking both"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/states/DONE", json!("failed"))],
            &["lifecycle-state-meaning-changed breaking both"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/agents/awaited/1")],
            &["lifecycle-awaited-agents-changed breaking client"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/agents/outcomes/lost", json!("failed"))],
            &["lifecycle-outcome-added risky client"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/get/x-session-lifecycle/agents/outcomes/found")],
            &["lifecycle-outcome-removed breaking both"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/agents/outcomes/found", json!("failed"))],
            &["lifecycle-outcome-meaning-changed breaking both"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/x-session-lifecycle/jitter", json!(1))],
            &["unruled-key-changed risky both"],
        ),
    ]
}
