//! The demonstration: the main job with nothing set up.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::table::{LOOKUP_COLUMNS, SCORE_COLUMNS, column, rows};

#[test]
fn scores_cities_and_looks_up_addresses() {
    let folder = Folder::with([]);
    let finished = Abide::new("demo --out results --speed 200").within(&folder).run();
    assert!(matches!(finished.code, Some(0 | 3)), "{finished:#?}");
    assert_eq!(finished.stdout, "");

    let scores = folder.text("results/scores.csv");
    assert_eq!(scores.lines().next(), Some(format!("id,name,state,lat,lng,{SCORE_COLUMNS}").as_str()));
    let scores = rows(&scores);
    assert_eq!(scores.len(), 500);
    for row in &scores {
        assert_ne!(row["quiet_score"].is_empty(), row["error"].is_empty(), "a score or an error: {row:?}");
    }

    let providers = folder.text("results/providers.csv");
    assert_eq!(providers.lines().next(), Some(format!("street1,city,state,zip,{LOOKUP_COLUMNS}").as_str()));
    let providers = rows(&providers);
    assert_eq!(providers.len(), 50);
    for outcome in column(&providers, "outcome") {
        assert!(["completed", "partial", "failed"].contains(&outcome), "{outcome}");
    }

    let told: Vec<&str> = finished.stderr.lines().rev().take(3).collect();
    assert!(told[0].starts_with("done in "), "{told:?}");
    assert!(told[1].starts_with("50 addresses: ") && told[1].ends_with("50 rows in results/providers.csv"), "{told:?}");
    assert!(told[2].starts_with("500 locations: ") && told[2].ends_with("500 rows in results/scores.csv"), "{told:?}");
}

#[test]
fn keeps_what_it_has_when_it_is_interrupted() {
    let folder = Folder::with([]);
    let mut running = Abide::new("demo --out results --speed 5").within(&folder).start();
    running.stderr_once(|text| text.contains("/500 locations"));
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    let kept = rows(&folder.text("results/scores.csv"));
    assert!((1..500).contains(&kept.len()), "{} rows", kept.len());
    assert!(finished.stderr.contains("results/scores.csv"), "{}", finished.stderr);
    assert_eq!(std::fs::read_dir(folder.path().join("results")).unwrap().count(), 1);
}
