use super::{MARK, World};
use crate::RecordsError;
use crate::subject::{HEADINGS, MASK, export, pack};
use serde_json::Value;
use std::io::Read as _;
use storage::testing::both;
use vocabulary::Actor;

#[test]
fn everything_about_a_resident_is_taken_out_and_nothing_of_others() {
    for db in both() {
        let world = World::new(db);
        let case = world.full_case(world.pothole);
        world.solve(case);
        let kim = world.kim;
        let taken = world.by_anna(move |s, ctx, _| export(s, ctx, kim)).unwrap();
        assert_eq!(taken.kept.len(), HEADINGS.len());
        let rows = |heading: &str| taken.kept[heading].as_array().unwrap().clone();
        for heading in
            ["resident", "cases", "notes", "questions", "messages", "documents", "parts", "openings"]
        {
            assert!(!rows(heading).is_empty(), "{heading}");
        }
        assert_eq!(rows("notes").len(), 3, "public and internal, and the answer");
        let text = serde_json::to_string(&taken.kept).unwrap();
        assert!(text.contains(MARK));
        for others in ["Tystberg", "765 43 21", "+46707654321", "lisa@x.example", "Tystgatan", "https://"] {
            assert!(!text.contains(others), "{others}: {text}");
        }
        assert!(text.contains(MASK));
        // The archive holds the same, and the file.
        let archive = world
            .by_anna(move |s, _, _| {
                let content = |digest: &storage::blobs::Digest| {
                    storage::blobs::get(s, digest)?.ok_or(RecordsError::NotFound { what: "file" })
                };
                pack(&taken, "las-mig.html", "<p>hej</p>", content)
            })
            .unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let mut json = String::new();
        archive.by_name("resident.json").unwrap().read_to_string(&mut json).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["notes"].as_array().unwrap().len(), 3);
        let mut file = String::new();
        let path = names.iter().find(|name| name.starts_with("files/")).unwrap();
        archive.by_name(path).unwrap().read_to_string(&mut file).unwrap();
        assert!(file.contains(MARK));
    }
}

#[test]
fn another_person_in_a_case_gets_their_part_and_not_the_others() {
    let world = World::new(storage::testing::sqlite());
    world.full_case(world.pothole);
    let lisa = world.lisa;
    let taken = world.by_anna(move |s, ctx, _| export(s, ctx, lisa)).unwrap();
    let text = serde_json::to_string(&taken.kept).unwrap();
    assert!(text.contains("Tystgatan 1"), "her own part");
    for kims in ["kim@x.example", "+46701234567", &format!("Kim {MARK}")] {
        assert!(!text.contains(kims), "{kims}: {text}");
    }
}

#[test]
fn of_a_sealed_case_only_that_it_is_there_and_whom_to_ask() {
    let world = World::new(storage::testing::sqlite());
    world.full_case(world.support);
    let kim = world.kim;
    let taken = world.run(Actor::User(world.gabriel), move |s, ctx, _| export(s, ctx, kim)).unwrap();
    let cases = taken.kept["cases"].as_array().unwrap();
    assert_eq!(
        (cases[0]["sealed"].as_bool(), cases[0]["board"].as_str()),
        (Some(true), Some("Socialnämnden"))
    );
    assert!(cases[0].get("title").is_none());
    for heading in ["notes", "questions", "messages", "documents", "parts"] {
        assert!(taken.kept[heading].as_array().unwrap().is_empty(), "{heading}");
    }
    assert!(taken.files.is_empty());
    assert!(matches!(
        world.run(Actor::System, move |s, ctx, _| export(s, ctx, kim)),
        Err(RecordsError::NotAPerson)
    ));
}

#[test]
fn a_protected_card_is_opened_first() {
    let world = World::new(storage::testing::sqlite());
    let kim = world.kim;
    world.by_anna(move |s, ctx, _| Ok(people::residents::protection::protect(s, ctx, kim)?)).unwrap();
    let closed = world.by_anna(move |s, ctx, _| export(s, ctx, kim));
    assert!(matches!(closed, Err(RecordsError::People(people::PeopleError::Protected))), "{closed:?}");
    let reason = "Begäran enligt artikel 15";
    world.by_anna(move |s, ctx, _| Ok(people::residents::protection::open(s, ctx, kim, reason)?)).unwrap();
    let taken = world.by_anna(move |s, ctx, _| export(s, ctx, kim)).unwrap();
    assert!(serde_json::to_string(&taken.kept["openings"]).unwrap().contains(reason));
}
