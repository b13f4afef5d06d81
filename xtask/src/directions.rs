//! Proves that dependencies point one way:
//! vocabulary <- pure cores <- storage <- features <- floor <- edges <- simulation <- lots.

use crate::failure::Failure;
use crate::shell::root;
use cargo_metadata::{DependencyKind, MetadataCommand};

/// The rooms, innermost first. A room may use rooms of an inner ring, and those named with it in its own ring.
const RINGS: &[(&str, &[&str])] = &[
    ("vocabulary", &["vocabulary"]),
    ("pure core", &["routing", "quality", "letters", "sheets", "finding"]),
    ("storage", &["storage"]),
    ("people", &["people"]),
    ("contacts", &["contacts"]),
    ("feature", &["cases", "knowledge", "surveys"]),
    ("case feature", &["correspondence", "processes", "assignments", "ahead", "crisis"]),
    ("records", &["records"]),
    ("floor", &["floor"]),
    ("the way out", &["outward"]),
    ("edge", &["telephony", "mail", "texting", "webhooks"]),
    ("web edge", &["web"]),
    ("simulation", &["simulation"]),
    ("binary", &["lots"]),
];

/// The rings that decide and never act: no storage, no runtime, no sockets.
const PURE_RINGS: &[&str] = &["vocabulary", "pure core"];

/// What a pure room may not depend on, at any depth.
const IMPURE: &[&str] = &["tokio", "rusqlite", "postgres", "axum", "hyper", "lettre", "rsipstack", "mio"];

fn ring_of(room: &str) -> Option<usize> {
    RINGS.iter().position(|(_, rooms)| rooms.contains(&room))
}

/// Reads `cargo metadata` and fails with every arrow that points the wrong way.
pub fn prove() -> Result<(), Failure> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .exec()
        .map_err(|e| Failure::new(format!("cargo metadata failed: {e}")))?;
    let mut faults = Vec::new();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        if name == "xtask" {
            continue;
        }
        let Some(ring) = ring_of(name) else {
            faults.push(format!("{name} has no ring: name it in xtask/src/directions.rs"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal) {
            match ring_of(&dependency.name) {
                Some(other) if dependency.path.is_some() && other >= ring => faults.push(format!(
                    "{name} ({}) must not use {} ({})",
                    RINGS[ring].0, dependency.name, RINGS[other].0
                )),
                _ => {}
            }
        }
    }
    faults.extend(impure_dependencies(&metadata));
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n       "))) }
}

fn impure_dependencies(metadata: &cargo_metadata::Metadata) -> Vec<String> {
    let Some(resolve) = &metadata.resolve else {
        return vec!["cargo metadata gave no resolved graph".to_owned()];
    };
    let name_of = |id: &cargo_metadata::PackageId| {
        metadata.packages.iter().find(|p| p.id == *id).map_or("", |p| p.name.as_str())
    };
    let mut faults = Vec::new();
    for (_, rooms) in RINGS.iter().filter(|(ring, _)| PURE_RINGS.contains(ring)) {
        for room in *rooms {
            let mut seen = Vec::new();
            let mut next: Vec<_> =
                metadata.packages.iter().filter(|p| p.name.as_str() == *room).map(|p| &p.id).collect();
            while let Some(id) = next.pop() {
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                if IMPURE.contains(&name_of(id)) {
                    faults.push(format!("{room} is pure and must not reach {}", name_of(id)));
                }
                let node = resolve.nodes.iter().find(|n| n.id == *id);
                next.extend(node.into_iter().flat_map(|n| &n.deps).filter_map(|d| {
                    d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal).then_some(&d.pkg)
                }));
            }
        }
    }
    faults
}
