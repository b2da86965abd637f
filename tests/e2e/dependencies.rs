//! The sentences of ARCHITECTURE.md about who may depend on whom, checked against the real graph.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Every crate of the workspace with the crates of the workspace that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("abide-core", &[]),
    ("abide-conformance", &[]),
    ("abide-server", &[]),
    ("abide-watch", &["abide-core"]),
    ("abide-decode", &[]),
    ("abide-http", &["abide-core", "abide-decode"]),
    ("calmyx-client", &["abide-core", "abide-http", "abide-watch"]),
    ("hum-client", &["abide-core", "abide-http", "abide-watch"]),
    (
        "abide",
        &[
            "abide-conformance",
            "abide-core",
            "abide-http",
            "abide-server",
            "abide-watch",
            "calmyx-client",
            "hum-client",
        ],
    ),
    ("benches", &["abide-core", "abide-server"]),
    ("e2e", &[]),
    // Neither of the two may use the other; the matrix of the two is made here.
    ("kill-matrix", &["abide-conformance", "abide-server"]),
    ("xtask", &[]),
];

/// Normal dependencies of each member of the workspace, by name.
fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    metadata
        .packages
        .iter()
        .map(|package| {
            let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
            (package.name.to_string(), normal.map(|dependency| dependency.name.clone()).collect())
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let graph = graph();
    let members: BTreeSet<&str> = graph.keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    assert_eq!(members, listed, "every member of the workspace has its line here");
    for (name, allowed) in ALLOWED {
        for dependency in &graph[*name] {
            let inside = members.contains(dependency.as_str());
            assert!(!inside || allowed.contains(&dependency.as_str()), "{name} must not use {dependency}");
        }
    }
}

#[test]
fn the_core_depends_on_nothing() {
    assert_eq!(graph()["abide-core"], BTreeSet::new());
}

#[test]
fn only_the_generator_runs_progenitor() {
    for (name, dependencies) in graph() {
        assert!(name == "xtask" || !dependencies.contains("progenitor"), "{name} uses progenitor");
    }
}
