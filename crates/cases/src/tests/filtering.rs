//! Lists by question and filter, saved filters, what comes next, and hints of duplicates: on both engines.

use super::{World, each};
use crate::commands::RegisterCase;
use crate::duplicates::{Alike, Typed, hints};
use crate::filter::{Area, Filter, View, Whose};
use crate::next::{What, next};
use crate::queries::{ListPage, PageMark, map_points, saved_filters, waiting_for, work_list};
use crate::saved::{KeepFilter, keep, throw_away};
use crate::{Case, CasesError, Place, Position, Viewer};
use people::directory::NewAnswerGroup;
use people::directory::commands::create_answer_group;
use people::residents::ChangeResident;
use people::residents::commands::change;
use people::users::GroupLevel;
use storage::{params, sql};
use vocabulary::{
    Actor, AnswerGroupId, CaseStatus, Clock as _, Context, GenericUuid as _, NewId as _, Priority,
    SavedFilterId, SignedDuration, UserId,
};

fn page(
    world: &World,
    viewer: Viewer,
    filter: Filter,
    groups: &[AnswerGroupId],
    after: Option<PageMark>,
    max: usize,
) -> ListPage {
    let (now, groups) = (world.clock.now(), groups.to_vec());
    world.read(move |s| work_list(s, viewer, &filter, &groups, now, after.as_ref(), max)).unwrap()
}

/// Every case of a list, walked `max` at a time; no page repeats or leaves out.
fn all(world: &World, viewer: Viewer, filter: Filter, groups: &[AnswerGroupId], max: usize) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = page(world, viewer, filter, groups, after, max);
        assert!(page.lines.len() <= max);
        seen.extend(page.lines.iter().map(|line| line.line.number.as_str()[7..].to_owned()));
        after = page.next.map(|mark| mark.to_string().parse().unwrap());
        if after.is_none() {
            break;
        }
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "{seen:?}");
    seen
}

/// Writes to a case what no command of this test's is about.
fn put(
    world: &World,
    case: &Case,
    priority: Priority,
    assignee: Option<UserId>,
    group: Option<AnswerGroupId>,
) {
    let id = case.id;
    world
        .db
        .write_blocking(move |s| {
            s.execute(
                sql!("UPDATE cases SET priority = $2, assignee_id = $3, answer_group_id = $4 WHERE id = $1"),
                params![id, priority, assignee, group],
            )
        })
        .unwrap();
}

fn group(world: &World, code: &str, member: Option<UserId>) -> AnswerGroupId {
    let (ctx, code) = (world.ctx(Actor::System), code.to_owned());
    let dialled = if code == "north" { "0176-10 00 01" } else { "0176-10 00 02" };
    world
        .db
        .write_blocking(move |s| {
            let new =
                NewAnswerGroup { code: code.clone(), name: code.clone(), dialled: Some(dialled.to_owned()) };
            let group = create_answer_group(s, &ctx, &new)?;
            if let Some(member) = member {
                let mut levels = people::users::queries::groups(s, member)?;
                levels.push(GroupLevel { group: group.id, level: 1 });
                people::users::commands::set_groups(s, &ctx, member, &levels)?;
            }
            Ok::<_, people::PeopleError>(group.id)
        })
        .unwrap()
}

#[test]
fn each_question_has_its_own_cases() {
    each(|world| {
        let (own, other) = (world.guide, world.other_guide);
        let make = || {
            world.clock.advance(SignedDuration::from_secs(1));
            world.registered(world.a_case())
        };
        let (mine, given_away, given_to_me) = (make(), make(), make());
        let (north, south) = (group(world, "north", Some(own)), group(world, "south", None));
        put(world, &given_away, Priority::Urgent, Some(other), Some(south));
        put(world, &given_to_me, Priority::High, Some(own), Some(north));
        let (viewer, none) = (world.viewer(), &[][..]);
        let of = |filter| all(world, viewer, filter, &[north], 2);
        assert_eq!(
            of(Filter::of(View::Mine)),
            ["0003", "0001"],
            "mine: assigned to me, or mine and nobody's"
        );
        assert_eq!(all(world, Viewer::of(Actor::User(other)), Filter::of(View::Mine), none, 1), ["0002"]);
        assert_eq!(of(Filter::of(View::Group)), ["0003"]);
        assert_eq!(
            all(world, viewer, Filter::of(View::Group), &[north, south], 1),
            ["0003", "0002"],
            "two groups in one list"
        );
        assert_eq!(
            all(world, viewer, Filter { group: Some(south), ..Filter::of(View::Group) }, &[north], 1),
            [""; 0],
            "another's group is not one's own"
        );
        assert_eq!(of(Filter::of(View::Open)), ["0003", "0002", "0001"]);
        assert_eq!(of(Filter { priority: Some(Priority::Urgent), ..Filter::default() }), ["0002"]);
        assert_eq!(of(Filter { whose: Some(Whose::Nobody), ..Filter::default() }), ["0001"]);
        assert_eq!(of(Filter { whose: Some(Whose::Me), ..Filter::default() }), ["0003"]);
        assert_eq!(of(Filter { whose: Some(Whose::User(other)), ..Filter::default() }), ["0002"]);
        for filter in [
            Filter { case_type: Some(world.pothole), ..Filter::default() },
            Filter { case_type: Some(world.pothole), ..Filter::of(View::All) },
            Filter { department: Some(world.roads), ..Filter::default() },
            Filter { status: Some(CaseStatus::New), ..Filter::default() },
            Filter { status: Some(CaseStatus::New), ..Filter::of(View::All) },
            Filter {
                arrived_from: Some(mine.arrival_day),
                arrived_to: Some(mine.arrival_day),
                ..Filter::of(View::All)
            },
        ] {
            assert_eq!(of(filter), ["0003", "0002", "0001"], "{filter:?}");
            assert_eq!(all(world, viewer, filter, none, 50).len(), 3, "{filter:?}");
        }
        for filter in [
            Filter { case_type: Some(world.worry), ..Filter::default() },
            Filter { status: Some(CaseStatus::Solved), ..Filter::default() },
            Filter { arrived_from: mine.arrival_day.tomorrow().ok(), ..Filter::of(View::All) },
            Filter::of(View::Waiting),
            Filter::of(View::Overdue),
        ] {
            assert_eq!(of(filter), [""; 0], "{filter:?}");
        }
        let line = &page(world, viewer, Filter::of(View::Mine), none, None, 5).lines[0];
        assert_eq!((line.assignee.as_deref(), line.priority), (Some("anna"), Priority::High));
    });
}

#[test]
fn late_is_what_an_officer_or_the_town_has_promised_and_each_case_once() {
    each(|world| {
        let (asked, _) = world.forwarded();
        let promised = world.registered(world.a_case());
        let resting = world.registered(world.a_case());
        let promise = |case: &Case, day: &'static str, status: &'static str| {
            let id = case.id;
            let set = move |s: &mut storage::Session<'_>| {
                s.execute(
                    sql!("UPDATE cases SET due_day = $2, status = $3 WHERE id = $1"),
                    params![id, day, status],
                )
            };
            world.db.write_blocking(set).unwrap();
        };
        promise(&asked, "2026-11-06", "waiting_for_department");
        promise(&promised, "2026-11-10", "ongoing");
        promise(&resting, "2026-11-03", "waiting_for_resident");
        let of = |max| all(world, world.viewer(), Filter::of(View::Overdue), &[], max);
        assert_eq!(of(1), [""; 0]);
        world.clock.set("2026-11-07T09:00:00Z".parse().unwrap());
        assert_eq!(of(1), ["0001"], "promised to the resident by the 6th");
        world.clock.set("2026-11-20T09:00:00Z".parse().unwrap());
        for max in [1, 2, 50] {
            assert_eq!(of(max), ["0001", "0002"], "{max} at a time");
        }
        let narrowed = Filter { priority: Some(Priority::High), ..Filter::of(View::Overdue) };
        put(world, &promised, Priority::High, None, None);
        assert_eq!(all(world, world.viewer(), narrowed, &[], 1), ["0002"]);
        let line = &page(world, world.viewer(), narrowed, &[], None, 5).lines[0];
        assert_eq!(line.line.due_day.unwrap().to_string(), "2026-11-10");
    });
}

#[test]
fn what_a_viewer_may_not_open_is_in_no_list_and_on_no_map() {
    each(|world| {
        let at = |latitude| Place::new("Ångbåtsgatan 7", Position::new(latitude, 18.7).ok()).unwrap();
        let strict = RegisterCase { case_type_id: world.worry, place: at(59.75), ..world.a_case() };
        world.registered(strict);
        world.registered(RegisterCase { place: at(59.76), ..world.a_case() });
        let hidden = RegisterCase { place: at(59.77), resident_id: Some(world.protected), ..world.a_case() };
        world.registered(hidden);
        world.registered(world.a_case());
        let area = Area::new(59.7, 18.6, 59.8, 18.8);
        let on_map = |viewer, area| {
            let filter = Filter { area, ..Filter::default() };
            let points = world.read(move |s| Ok(map_points(s, viewer, &filter)?)).unwrap();
            assert!(!points.1);
            let mut numbers: Vec<_> = points.0.iter().map(|p| p.number.as_str()[7..].to_owned()).collect();
            numbers.sort_unstable();
            (numbers, all(world, viewer, filter, &[], 2))
        };
        let stranger = Viewer::of(Actor::User(world.other_guide));
        assert_eq!(
            on_map(world.viewer(), area).0,
            ["0001", "0002"],
            "where a protected resident's case lies is not told"
        );
        assert_eq!(on_map(stranger, area).0, ["0002"]);
        assert_eq!(on_map(stranger, area).1, ["0002"], "nor by asking for the cases of an area");
        assert_eq!(on_map(stranger, Area::new(59.765, 18.6, 59.8, 18.8)).1, [""; 0]);
        assert_eq!(on_map(stranger, Area::new(10.0, 18.6, 20.0, 18.8)).0, [""; 0]);
        let lines = page(world, world.viewer(), Filter::default(), &[], None, 50).lines;
        for line in &lines {
            assert_eq!(line.place.is_none(), line.protected || line.line.number.as_str().ends_with('4'));
        }
    });
}

#[test]
fn a_filter_is_kept_shared_changed_and_thrown_away_by_its_owner_only() {
    each(|world| {
        let (own, other) = (world.guide, world.other_guide);
        let (shared, foreign) = (group(world, "north", Some(own)), group(world, "south", None));
        let both = world.ctx(Actor::System);
        let join = move |s: &mut storage::Session<'_>, ctx: &Context| {
            let levels = [GroupLevel { group: shared, level: 2 }];
            people::users::commands::set_groups(s, ctx, other, &levels)
        };
        world.db.write_blocking(move |s| join(s, &both)).unwrap();
        let id = SavedFilterId::untimed(&*world.chance);
        let filter = Filter { priority: Some(Priority::Urgent), ..Filter::of(View::Group) };
        let cmd = KeepFilter { id, name: " Bråttom ".to_owned(), shared_with: Some(shared), filter };
        let keep_as = |user: UserId, cmd: KeepFilter| {
            let ctx = world.ctx(Actor::User(user));
            world.db.write_blocking(move |s| keep(s, &ctx, user, &cmd))
        };
        let of = |user| world.read(move |s| Ok(saved_filters(s, user)?)).unwrap();
        for _ in 0..2 {
            let kept = keep_as(own, cmd.clone()).unwrap();
            assert_eq!((kept.name.as_str(), kept.filter), ("Bråttom", Some(filter)));
        }
        assert_eq!((of(own).len(), of(own)), (1, of(other)), "the group sees it too");
        let not_found = |result: Result<crate::saved::SavedFilter, CasesError>| {
            assert!(matches!(result.unwrap_err(), CasesError::NotFound { .. }));
        };
        not_found(keep_as(other, cmd.clone()));
        not_found(keep_as(own, KeepFilter { shared_with: Some(foreign), ..cmd.clone() }));
        assert!(matches!(
            keep_as(own, KeepFilter { name: " ".to_owned(), ..cmd.clone() }).unwrap_err(),
            CasesError::Text(_)
        ));
        keep_as(own, KeepFilter { shared_with: None, ..cmd }).unwrap();
        assert!(of(other).is_empty());
        let throw = |user| world.db.write_blocking(move |s| throw_away(s, user, id));
        assert!(throw(other).is_err());
        throw(own).unwrap();
        throw(own).unwrap();
        assert!(of(own).is_empty());
    });
}

#[test]
fn next_is_the_call_task_that_waits_before_the_case_that_is_late() {
    each(|world| {
        world.clock.advance(SignedDuration::from_secs(1));
        let fresh = world.registered(world.a_case());
        let (late, _) = world.forwarded();
        let of = || {
            let (viewer, now) = (world.viewer(), world.clock.now());
            let waiting = world.read(move |s| Ok(waiting_for(s, viewer, now)?)).unwrap();
            next(now, waiting, None).unwrap()
        };
        assert_eq!(of().id, fresh.id.into_untyped_uuid(), "what waits for the officer is not for me to do");
        let id = fresh.id;
        let unpromised = move |s: &mut storage::Session<'_>| {
            s.execute(sql!("UPDATE cases SET due_day = NULL WHERE id = $1"), params![id])
        };
        world.db.write_blocking(unpromised).unwrap();
        world.pass_to("2026-11-10T09:00:00Z");
        assert_eq!(of().id, late.id.into_untyped_uuid(), "until it is late");
        world.pass_to("2026-11-17T09:00:00Z");
        world.pass_to("2026-11-20T09:00:00Z");
        assert!(matches!(of().what, What::Task { .. }), "the officer is to be phoned");
    });
}

#[test]
fn the_same_matter_is_hinted_at_and_a_strangers_secret_is_not() {
    each(|world| {
        let place = Place::new("Strandvägen 12, Vikhamn", None).unwrap();
        let first = world.registered(RegisterCase { place, ..world.a_case() });
        let (viewer, now) = (world.viewer(), world.clock.now());
        let of = |typed: Typed| world.read(move |s| Ok(hints(s, viewer, &typed, now)?)).unwrap();
        let typed = Typed { case_type: Some(world.pothole), ..Typed::default() };
        assert!(
            of(typed.clone()).is_empty()
                && of(Typed { place: "Strandvägen 12".to_owned(), ..Typed::default() }).is_empty()
        );
        let at_place = of(Typed { place: "strandv. 12".to_owned(), ..typed.clone() });
        assert_eq!((at_place.len(), at_place[0].alike, at_place[0].line.id), (1, Alike::Place, first.id));
        let in_title = of(Typed { title: "Hål på Strandvägen".to_owned(), ..typed.clone() });
        assert_eq!(in_title.len(), 1);
        assert!(of(Typed { place: "Strandvägen 14".to_owned(), ..typed.clone() }).is_empty());
        let by_resident =
            of(Typed {
                resident: Some(world.resident), place: "Strandvägen 12".to_owned(), ..typed.clone()
            });
        assert_eq!((by_resident.len(), by_resident[0].alike), (1, Alike::Resident), "each once");
        assert!(of(Typed { resident: Some(world.without_email), ..typed.clone() }).is_empty());
        world.clock.advance(SignedDuration::from_hours(24 * 40));
        let later = world.clock.now();
        let old = Typed { place: "Strandvägen 12".to_owned(), ..typed };
        assert!(world.read(move |s| Ok(hints(s, viewer, &old, later)?)).unwrap().is_empty());
        // A protected resident's case says nothing of where it lies.
        let (ctx, resident) = (world.ctx(Actor::System), world.without_email);
        let hide = ChangeResident { protected: Some(true), ..ChangeResident::default() };
        world.db.write_blocking(move |s| change(s, &ctx, resident, &hide)).unwrap();
        let place = Place::new("Hamngatan 3", None).unwrap();
        world.registered(RegisterCase { place, resident_id: Some(resident), ..world.a_case() });
        let near =
            Typed { case_type: Some(world.pothole), place: "Hamngatan 3".to_owned(), ..Typed::default() };
        assert!(world.read(move |s| Ok(hints(s, viewer, &near, later)?)).unwrap().is_empty());
    });
}
