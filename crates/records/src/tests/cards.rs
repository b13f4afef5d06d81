use super::World;
use crate::RecordsError;
use crate::cards::commands::{erase, merge, undo_merge};
use people::residents::{ChangeResident, Reach, Search, change, find_or_create, queries};
use storage::testing::both;
use vocabulary::Language;

#[test]
fn two_cards_become_one_and_two_again() {
    for db in both() {
        let world = World::new(db);
        let case = world.full_case(world.pothole);
        let (kim, lisa) = (world.kim, world.lisa);
        world
            .by_anna(move |s, ctx, _| {
                let cleared = ChangeResident { email: Some(String::new()), ..ChangeResident::default() };
                change(s, ctx, lisa, &cleared)?;
                let id = merge(s, ctx, lisa, kim)?;
                assert_eq!(merge(s, ctx, lisa, kim)?, id, "twice is once");
                assert_eq!(cases::queries::case(s, case)?.unwrap().resident_id, Some(lisa));
                // Kim's number and address lead to the kept card; the signpost is not found by searching.
                let reach = Reach { telephone: Some("070-123 45 67".to_owned()), email: None };
                assert_eq!(find_or_create(s, ctx, &reach, None, Language::Swedish)?.id, lisa);
                let reach = Reach { telephone: None, email: Some("kim@x.example".to_owned()) };
                assert_eq!(find_or_create(s, ctx, &reach, None, Language::Swedish)?.id, lisa);
                assert!(queries::search(s, &Search::of("070-123 45 67")?.unwrap())?.is_empty());
                assert_eq!(
                    queries::by_id(s, lisa)?.unwrap().email.as_deref(),
                    Some("kim@x.example"),
                    "filled in"
                );
                assert!(matches!(merge(s, ctx, kim, lisa), Err(RecordsError::NotJoinable)));
                assert!(matches!(merge(s, ctx, lisa, lisa), Err(RecordsError::NotJoinable)));
                assert!(undo_merge(s, ctx, id)?);
                assert!(!undo_merge(s, ctx, id)?);
                assert_eq!(cases::queries::case(s, case)?.unwrap().resident_id, Some(kim));
                assert_eq!(queries::by_telephone(s, "+46701234567")?.unwrap().id, kim);
                assert_eq!(queries::by_id(s, lisa)?.unwrap().email, None, "taken out again");
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn a_protection_on_either_card_holds_on_the_kept_one() {
    for db in both() {
        let world = World::new(db);
        let (kim, lisa) = (world.kim, world.lisa);
        world
            .by_anna(move |s, ctx, _| {
                people::residents::protection::protect(s, ctx, kim)?;
                let id = merge(s, ctx, lisa, kim)?;
                assert!(queries::by_id(s, lisa)?.unwrap().protected);
                undo_merge(s, ctx, id)?;
                assert!(
                    queries::by_id(s, lisa)?.unwrap().protected && queries::by_id(s, kim)?.unwrap().protected
                );
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn a_card_is_erased_when_nothing_needs_it() {
    for db in both() {
        let world = World::new(db);
        world.full_case(world.pothole);
        let (kim, lisa) = (world.kim, world.lisa);
        world
            .by_anna(move |s, ctx, _| {
                for needed in [kim, lisa] {
                    assert!(matches!(erase(s, ctx, needed), Err(RecordsError::StillNeeded { why: "cases" })));
                }
                let reach = Reach { telephone: Some("070-555 55 55".to_owned()), email: None };
                let bo = find_or_create(s, ctx, &reach, Some("Bo"), Language::Swedish)?.id;
                crate::retention::commands::place_hold(
                    s,
                    ctx,
                    crate::retention::commands::HoldOn::Resident(bo),
                    "Tvist",
                )?;
                assert!(matches!(erase(s, ctx, bo), Err(RecordsError::StillNeeded { why: "hold" })));
                let hold = crate::retention::queries::holds(s, 9)?[0].id;
                crate::retention::commands::release_hold(s, ctx, hold)?;
                erase(s, ctx, bo)?;
                assert!(queries::by_id(s, bo)?.is_none());
                assert!(matches!(erase(s, ctx, bo), Err(RecordsError::NotFound { .. })));
                Ok(())
            })
            .unwrap();
    }
}
