use super::{MARK, World};
use crate::diary::{cells, diary, json_lines};
use cases::Viewer;
use storage::testing::both;
use vocabulary::Actor;
use vocabulary::civil::date;

#[test]
fn a_diary_lists_every_case_and_masks_what_is_secret() {
    for db in both() {
        let world = World::new(db);
        let open = world.full_case(world.pothole);
        world.solve(open);
        world.full_case(world.support);
        let (from, to) = (date(2026, 11, 1), date(2026, 11, 30));
        let read = |who, board: &'static str| {
            world
                .run(Actor::System, move |s, _, _| diary(s, Viewer::of(Actor::User(who)), board, from, to))
                .unwrap()
        };
        let technical = read(world.gabriel, "Tekniska nämnden");
        assert_eq!(technical.len(), 1);
        assert_eq!(technical[0].sender.as_deref(), Some(format!("Kim {MARK}").as_str()));
        assert!(!technical[0].masked && technical[0].closed_day == Some(date(2026, 11, 2)));
        // With a grant the type is told, the name never; without one, number and days.
        let seen = read(world.anna, "Socialnämnden");
        assert!(seen[0].masked && seen[0].sender.is_none() && seen[0].case_type.is_some());
        // (Anna registered it; Gabriel has no part in it.)
        let sealed = read(world.gabriel, "Socialnämnden");
        assert_eq!(sealed.len(), 1, "a diary is whole");
        assert!(sealed[0].masked && sealed[0].case_type.is_none() && sealed[0].status.is_none());
        let kim = world.kim;
        world.by_anna(move |s, ctx, _| Ok(people::residents::protection::protect(s, ctx, kim)?)).unwrap();
        let protected = read(world.anna, "Tekniska nämnden");
        assert!(protected[0].masked && protected[0].sender.is_none());
        let backwards =
            world.run(Actor::System, move |s, _, _| diary(s, Viewer::house(), "Socialnämnden", to, from));
        assert!(backwards.is_err());
        let json = json_lines(&technical).unwrap();
        assert_eq!(json.lines().count(), 1);
        let row = sheets::row(
            &cells(&sealed[0], "sekretess", |_, word| word.to_owned()),
            sheets::Separator::Semicolon,
        );
        assert_eq!(row.matches("sekretess").count(), 3, "{row}");
    }
}

#[test]
fn a_name_that_is_a_formula_is_text_in_the_diary() {
    let world = World::new(storage::testing::sqlite());
    let kim = world.kim;
    world
        .by_anna(move |s, ctx, _| {
            let cmd = people::residents::ChangeResident {
                name: Some("=HYPERLINK(\"http://x\")".to_owned()),
                ..Default::default()
            };
            Ok(people::residents::change(s, ctx, kim, &cmd)?)
        })
        .unwrap();
    world.full_case(world.pothole);
    let (from, to) = (date(2026, 11, 1), date(2026, 11, 30));
    let lines = world
        .run(Actor::System, move |s, _, _| diary(s, Viewer::house(), "Tekniska nämnden", from, to))
        .unwrap();
    let row =
        sheets::row(&cells(&lines[0], "sekretess", |_, word| word.to_owned()), sheets::Separator::Semicolon);
    assert!(
        row.contains("'=HYPERLINK") && !row.contains(";=HYPERLINK") && !row.contains(";\"=HYPERLINK"),
        "{row}"
    );
}
