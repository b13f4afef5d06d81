//! Every statement of every room is understood by both engines, against the newest schema.

// Named so that they are linked in, and their statements with them.
use ahead as _;
use assignments as _;
use cases as _;
use contacts as _;
use crisis as _;
use floor as _;
use knowledge as _;
use mail as _;
use people as _;
use processes as _;
use simulation as _;
use surveys as _;
use telephony as _;
use texting as _;
use web as _;
use webhooks as _;

use std::collections::BTreeSet;
use std::path::Path;
use storage::{STATEMENTS, testing};

/// The rooms whose sources write SQL, by their folders' names.
fn rooms_with_sql(crates: &Path) -> BTreeSet<String> {
    fn writes_sql(path: &Path) -> bool {
        if path.is_dir() {
            let mut entries = std::fs::read_dir(path).expect("a folder of sources").flatten();
            return entries.any(|entry| writes_sql(&entry.path()));
        }
        path.extension().is_some_and(|kind| kind == "rs")
            && std::fs::read_to_string(path).is_ok_and(|text| text.contains("sql!("))
    }
    let rooms = std::fs::read_dir(crates).expect("the rooms").flatten();
    let with_sql =
        rooms.filter(|room| room.path().join("src").is_dir() && writes_sql(&room.path().join("src")));
    with_sql.map(|room| room.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn both_engines_understand_every_statement() {
    for db in testing::both() {
        let refused = testing::prepare_every_statement(&db);
        assert!(
            refused.is_empty(),
            "{}",
            refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        );
    }
}

#[test]
fn no_room_is_left_out() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the rooms");
    let registered: BTreeSet<String> =
        STATEMENTS.iter().filter_map(|s| Some(s.to_string().split('/').nth(1)?.to_owned())).collect();
    let expected = rooms_with_sql(crates);
    assert!(expected.contains("people") && expected.contains("cases"), "{expected:?}");
    // The binary itself is not a library that a test could link.
    let missing: Vec<_> = expected.difference(&registered).filter(|room| *room != "lots").collect();
    assert!(missing.is_empty(), "their statements are not proven: {missing:?}");
}
