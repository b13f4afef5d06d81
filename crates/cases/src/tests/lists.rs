use super::{World, each};
use crate::commands::{OfficerAnswer, RegisterCase};
use crate::queries::{CaseLine, CaseList, Listing, PageMark, count, list, open_tasks, search};
use crate::{CasesError, TaskKind, Viewer};
use vocabulary::civil::date;
use vocabulary::{Actor, CaseStatus, Clock as _, SignedDuration};

fn numbers(lines: &[CaseLine]) -> Vec<&str> {
    lines.iter().map(|line| &line.number.as_str()[7..]).collect()
}

fn listing(world: &World, viewer: Viewer, which: CaseList, after: Option<PageMark>, max: usize) -> Listing {
    let now = world.clock.now();
    world.read(move |s| list(s, viewer, which, now, after.as_ref(), max)).unwrap()
}

fn found(world: &World, viewer: Viewer, typed: &str) -> Vec<String> {
    let typed = typed.to_owned();
    let lines = world.read(move |s| Ok(search(s, viewer, &typed)?)).unwrap();
    lines.iter().map(|line| line.number.as_str()[7..].to_owned()).collect()
}

#[test]
fn an_old_case_with_a_rare_word_is_found_among_thousands_with_the_common_one() {
    each(|world| {
        let titled = |title: &str| RegisterCase { title: title.to_owned(), ..world.a_case() };
        let old = world.registered(titled("Gatubelysningen vid Ek"));
        let (ctx, cmd) = (world.ctx(Actor::User(world.guide)), titled("Gatubelysningen vid Torget"));
        let many = move |s: &mut storage::Session<'_>| {
            (0..2_100).try_for_each(|_| crate::commands::register(s, &ctx, &cmd).map(drop))
        };
        world.db.write_blocking(many).unwrap();
        let guide = Viewer::of(Actor::User(world.guide));
        assert_eq!(found(world, guide, "gatubelysningen ek"), [&old.number.as_str()[7..]]);
        assert_eq!(found(world, guide, "gatubelysningen").len(), crate::limits::SEARCH_LINES_MAX);
        assert!(found(world, guide, "gatubelysningen torget ek").is_empty());
    });
}

#[test]
fn a_list_is_walked_page_by_page_without_gap_or_repeat() {
    each(|world| {
        // Ten at the same instant, so that only the id tells them apart.
        for _ in 0..10 {
            world.registered(world.a_case());
        }
        for which in [
            CaseList::Open,
            CaseList::All,
            CaseList::Mine(world.guide),
            CaseList::Status(CaseStatus::New),
            CaseList::OpenOfDepartment(world.roads),
            CaseList::StatusOfDepartment(CaseStatus::New, world.roads),
            CaseList::Resident(world.resident),
        ] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = listing(world, world.viewer(), which, after, 3);
                seen.extend(page.lines);
                // The mark survives being written into an address.
                after = page.next.map(|mark| mark.to_string().parse().unwrap());
                if after.is_none() {
                    break;
                }
            }
            let mut sorted: Vec<&str> = numbers(&seen);
            assert_eq!(sorted.len(), 10, "{which:?}");
            let (viewer, now) = (world.viewer(), world.clock.now());
            assert_eq!(world.read(move |s| Ok(count(s, viewer, which, now)?)).unwrap(), 10);
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), 10, "{which:?}");
        }
        assert!(listing(world, world.viewer(), CaseList::Mine(world.other_guide), None, 3).lines.is_empty());
    });
}

#[test]
fn each_list_holds_its_own() {
    each(|world| {
        let (_, first) = world.forwarded();
        world.pass_to("2026-11-04T09:00:00Z");
        world.forwarded();
        world.registered(world.a_case());
        let viewer = world.viewer();
        let of = |which| listing(world, viewer, which, None, 50).lines;
        assert_eq!(numbers(&of(CaseList::Waiting)), ["0002", "0001"]);
        assert_eq!(of(CaseList::Waiting)[1].due_day, Some(date(2026, 11, 9)));
        assert_eq!(of(CaseList::Waiting)[1].officer.as_deref(), Some("Maja Åhlström"));
        assert!(of(CaseList::Overdue).is_empty());
        world.pass_to("2026-11-09T22:59:59Z");
        assert!(of(CaseList::Overdue).is_empty(), "the last day of the term is not over");
        world.pass_to("2026-11-09T23:00:00Z");
        assert_eq!(numbers(&of(CaseList::Overdue)), ["0001"]);
        world.pass_to("2026-11-20T09:00:00Z");
        assert_eq!(numbers(&of(CaseList::Overdue)), ["0001", "0002"], "longest overdue first");
        let page = listing(world, viewer, CaseList::Overdue, None, 1);
        let rest = listing(world, viewer, CaseList::Overdue, page.next, 1);
        assert_eq!((numbers(&rest.lines), rest.next), (vec!["0002"], None));
        world.answer(&first.token, OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true }).unwrap();
        assert_eq!(numbers(&of(CaseList::Overdue)), ["0002"]);
        assert_eq!(of(CaseList::Open).len(), 2);
        assert_eq!(numbers(&of(CaseList::Status(CaseStatus::Solved))), ["0001"]);
        let wrong_mark: PageMark = format!("2026-11-09.{}", first.follow_up.id).parse().unwrap();
        let now = world.clock.now();
        let refused = world.read(move |s| list(s, viewer, CaseList::Open, now, Some(&wrong_mark), 5));
        assert!(matches!(refused.unwrap_err(), CasesError::PageMark));
    });
}

#[test]
fn a_case_with_two_overdue_questions_is_overdue_once() {
    each(|world| {
        let (case, _) = world.forwarded();
        world.forward(&case, Some(world.olle), "Kan ni skylta?").unwrap();
        let (_, other) = world.forwarded();
        world.pass_to("2026-11-20T09:00:00Z");
        for max in [1, 2, 50] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = listing(world, world.viewer(), CaseList::Overdue, after, max);
                assert!(page.lines.len() <= max);
                seen.extend(page.lines);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let mut once: Vec<_> = seen.iter().map(|line| line.id).collect();
            once.sort_unstable();
            let mut expected = [case.id, other.follow_up.case_id];
            expected.sort_unstable();
            assert_eq!(once, expected, "{max} at a time");
        }
        let (viewer, now) = (world.viewer(), world.clock.now());
        assert_eq!(world.read(move |s| Ok(count(s, viewer, CaseList::Overdue, now)?)).unwrap(), 2);
    });
}

#[test]
fn cases_are_found_by_number_and_by_the_beginnings_of_words() {
    each(|world| {
        let titled = |title: &str| {
            world.registered(RegisterCase { title: title.to_owned(), ..world.a_case() });
            world.clock.advance(SignedDuration::from_secs(1));
        };
        titled("Snöröjning på Ångbåtsgatan");
        titled("Översvämning i källaren");
        titled("Snö vid skolan, 100% blockerad");
        let find = |typed: &str| found(world, world.viewer(), typed);
        assert_eq!(find("KC-26110002"), ["0002"]);
        assert_eq!(find("kc26110002"), ["0002"]);
        assert_eq!(find("26110003"), ["0003"]);
        assert_eq!(find("snö"), ["0003", "0001"]);
        assert_eq!(find("SNÖ ÅNG"), ["0001"]);
        assert_eq!(find("över"), ["0002"]);
        assert_eq!(find("gatan"), [""; 0], "the end of a word is not its beginning");
        for nothing in ["", "   ", "%", "_", "'", "snö fotboll", "kc-", "\\"] {
            assert!(find(nothing).is_empty(), "{nothing:?}");
        }
        assert_eq!(find("100%"), ["0003"]);
    });
}

#[test]
fn a_strict_case_is_listed_and_found_for_those_who_may_see_it() {
    each(|world| {
        let strict =
            RegisterCase { case_type_id: world.worry, title: "Oro för barn".to_owned(), ..world.a_case() };
        let (_, asked) = world.forwarded_as(strict);
        world.pass_to("2026-11-20T09:00:00Z");
        let stranger = Viewer::of(Actor::User(world.other_guide));
        world.grant(world.other_guide);
        let nobody = Viewer::of(Actor::System);
        for (viewer, seen) in [(world.viewer(), 1), (stranger, 0), (Viewer::house(), 1), (nobody, 0)] {
            for which in
                [CaseList::Open, CaseList::Waiting, CaseList::Overdue, CaseList::Resident(world.resident)]
            {
                assert_eq!(listing(world, viewer, which, None, 5).lines.len(), seen, "{viewer:?} {which:?}");
                let now = world.clock.now();
                assert_eq!(world.read(move |s| Ok(count(s, viewer, which, now)?)).unwrap(), seen as u64);
            }
            assert_eq!(found(world, viewer, "oro").len(), seen);
            let tasks = world.read(move |s| Ok(open_tasks(s, viewer, 50)?)).unwrap();
            if viewer == nobody {
                assert!(tasks.is_empty(), "who does not work for the board has no part in it");
                continue;
            }
            assert_eq!(
                (tasks.len(), tasks[0].kind),
                (1, TaskKind::CallOfficer),
                "the task stands for all who work for the board"
            );
            assert_eq!(tasks[0].title.is_some(), seen == 1, "with its title for those who may read it");
            assert_eq!(tasks[0].officer_telephone.as_deref(), Some("+4617671000"));
            assert_eq!(tasks[0].sent_at, Some(asked.follow_up.sent_at));
        }
    });
}
