//! Calendars read again and again, and fetched.

use super::{World, at, each};
use crate::commands::{add_source, approve, cancel, change, make_feed, resolve_pending, revoke_feed};
use crate::feed::{self, Names};
use crate::import::{Outcome, take_in_file};
use crate::model::{EventDraft, EventState};
use crate::queries::{self, EventList};
use crate::{AheadError, ical};
use vocabulary::{CalendarSourceId, PlannedEventId};

fn file(events: &[(&str, &str)]) -> Vec<u8> {
    let events: String =
        events.iter().map(|(uid, lines)| format!("BEGIN:VEVENT\nUID:{uid}\n{lines}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").into_bytes()
}

const WATER: &str = "SUMMARY:Vatten\nDTSTART:20261110T080000Z\nDTEND:20261110T100000Z";
const ROAD: &str = "SUMMARY:Väg\nDTSTART;VALUE=DATE:20261112\nDTEND;VALUE=DATE:20261114";

fn source(world: &World, url: &'static str) -> CalendarSourceId {
    let department = world.department;
    world.does(move |s, ctx| add_source(s, ctx, "Tekniska", Some(department), url))
}

fn takes(world: &World, id: CalendarSourceId, events: &[(&str, &str)]) -> Outcome {
    let file = file(events);
    world.does(move |s, ctx| take_in_file(s, ctx, id, &file))
}

fn titles(world: &World, list: EventList) -> Vec<(String, PlannedEventId)> {
    let now = at("2026-11-03T07:00:00Z");
    let events = world.db.read_blocking(move |s| queries::events(s, list, None, now)).unwrap();
    events.into_iter().map(|event| (event.title, event.id)).collect()
}

#[test]
fn a_calendar_read_again_changes_the_drafts_it_made_and_nothing_a_person_wrote() {
    each(|world| {
        let id = source(world, "");
        let first = takes(world, id, &[("a", WATER), ("b", ROAD)]);
        assert_eq!((first.new, first.faults.len()), (2, 0));
        let again = takes(world, id, &[("a", WATER), ("b", ROAD)]);
        assert_eq!((again.new, again.unchanged), (0, 2));
        let (_, water) = titles(world, EventList::Drafts)[0].clone();
        let whole = world.db.read_blocking(move |s| queries::whole(s, water)).unwrap().unwrap();
        assert_eq!(whole.event.department, Some(world.department));
        let own = EventDraft { title: "Vattnet stängs av".to_owned(), ..whole.draft() };
        world.does(move |s, ctx| change(s, ctx, water, 1, &own));
        let later = "SUMMARY:Vatten!\nDTSTART:20261111T080000Z\nDTEND:20261111T100000Z\nSEQUENCE:1";
        assert_eq!(takes(world, id, &[("a", later)]).changed, 1);
        let event = world.db.read_blocking(move |s| queries::event(s, water)).unwrap().unwrap();
        assert_eq!(
            (event.title.as_str(), event.begins_at),
            ("Vattnet stängs av", at("2026-11-11T08:00:00Z"))
        );
        assert_eq!(takes(world, id, &[("a", WATER)]).unchanged, 1, "an older telling");
        let off = format!("{later}\nSTATUS:CANCELLED");
        assert_eq!(takes(world, id, &[("a", &off)]).withdrawn, 1);
        assert_eq!(titles(world, EventList::Drafts).len(), 1);
        assert_eq!(takes(world, id, &[("a", later)]).changed, 1, "it is on again");
        assert_eq!(titles(world, EventList::Drafts).len(), 2);
    });
}

#[test]
fn what_is_settled_waits_for_a_person() {
    each(|world| {
        let id = source(world, "");
        takes(world, id, &[("a", WATER)]);
        let (_, event) = titles(world, EventList::Drafts)[0].clone();
        world.does(move |s, ctx| approve(s, ctx, event));
        let moved = "SUMMARY:Vatten\nDTSTART:20261111T080000Z\nDTEND:20261111T100000Z";
        assert_eq!(takes(world, id, &[("a", moved)]).pending, 1);
        let begins = || world.db.read_blocking(move |s| queries::event(s, event)).unwrap().unwrap().begins_at;
        assert_eq!(begins(), at("2026-11-10T08:00:00Z"));
        assert_eq!(world.db.read_blocking(queries::entries_pending).unwrap().len(), 1);
        assert_eq!(takes(world, id, &[("a", WATER)]).unchanged, 1, "it says what was settled again");
        assert!(world.db.read_blocking(queries::entries_pending).unwrap().is_empty());
        takes(world, id, &[("a", moved)]);
        world.does(move |s, ctx| resolve_pending(s, ctx, event, true));
        assert_eq!(begins(), at("2026-11-11T08:00:00Z"));
        let twice = world.by(world.guide, move |s, ctx| resolve_pending(s, ctx, event, true));
        assert!(matches!(twice, Err(AheadError::NotFound { .. })));
        let off = format!("{moved}\nSTATUS:CANCELLED");
        takes(world, id, &[("a", &off)]);
        world.does(move |s, ctx| resolve_pending(s, ctx, event, false));
        let state = world.db.read_blocking(move |s| queries::event(s, event)).unwrap().unwrap().state;
        assert_eq!(state, EventState::Planned, "left as it is");
        assert_eq!(takes(world, id, &[("a", &off)]).unchanged, 1, "and not asked again");
    });
}

#[test]
fn a_fetched_calendar_takes_away_what_it_has_no_longer_unless_some_of_it_is_broken() {
    each(|world| {
        let id = source(world, "webcal://kalender.vikhamn.example/tek.ics");
        let url = world.db.read_blocking(move |s| queries::source(s, id)).unwrap().unwrap().url;
        assert_eq!(url.as_deref(), Some("https://kalender.vikhamn.example/tek.ics"));
        takes(world, id, &[("a", WATER), ("b", ROAD)]);
        let broken = takes(world, id, &[("b", ROAD), ("c", "DTSTART:imorgon")]);
        assert_eq!((broken.withdrawn, broken.faults[0].line), (0, 11));
        assert_eq!(takes(world, id, &[("b", ROAD)]).withdrawn, 1);
        let cut = world.does(move |s, ctx| take_in_file(s, ctx, id, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"));
        assert_eq!(cut.faults[0].kind, ical::FaultKind::CutOff);
        assert_eq!(titles(world, EventList::Drafts).len(), 1, "half a file takes nothing away");
        let source = world.db.read_blocking(move |s| queries::source(s, id)).unwrap().unwrap();
        assert_eq!(source.fault.as_deref(), Some("cut_off"));
        let upload = self::source(world, "");
        let refused = world.by(world.guide, move |s, ctx| take_in_file(s, ctx, upload, b"hej"));
        assert!(matches!(refused, Err(AheadError::Calendar(_))));
    });
}

#[test]
fn what_goes_out_reads_back_with_steady_names_and_rising_sequences() {
    each(|world| {
        let id = source(world, "");
        takes(world, id, &[("a", WATER), ("b", ROAD)]);
        for (_, event) in titles(world, EventList::Drafts) {
            world.does(move |s, ctx| approve(s, ctx, event));
        }
        let out = || {
            let written = world.db.read_blocking(|s| -> Result<String, AheadError> {
                let names = Names {
                    calendar: "Vikhamn".to_owned(),
                    kind: &|kind| kind.as_str().to_owned(),
                    meeting: &|department| department.to_owned(),
                    until_further_notice: "Tills vidare".to_owned(),
                };
                let now = at("2026-11-03T07:00:00Z");
                Ok(ical::write(&feed::calendar(s, None, true, "https://lots.example:8443", &names, now)?))
            });
            ical::read(written.unwrap().as_bytes(), crate::import::window(at("2026-11-03T07:00:00Z")))
                .unwrap()
        };
        let before = out();
        assert_eq!(before.occurrences.len(), 2);
        assert!(before.occurrences.iter().all(|once| once.uid.ends_with("@lots.example")));
        let (_, water) = titles(world, EventList::Coming)[0].clone();
        world.does(move |s, ctx| cancel(s, ctx, water));
        let after = out();
        let (old, new) = (&before.occurrences[0], &after.occurrences[0]);
        assert_eq!((&old.uid, old.sequence + 1), (&new.uid, new.sequence));
        assert_eq!((old.status, new.status), (ical::Status::Confirmed, ical::Status::Cancelled));
    });
}

#[test]
fn a_feed_holds_until_it_is_taken_back_by_its_own_user() {
    each(|world| {
        let id = world.by(world.guide, |s, ctx| make_feed(s, ctx, None)).unwrap();
        let holds =
            move |s: &mut storage::Session<'_>| feed::holding(s, id).map(|(_, user, leads)| (user.id, leads));
        assert_eq!(world.db.read_blocking(holds).unwrap(), (world.guide, false));
        world.by(world.other, move |s, ctx| revoke_feed(s, ctx, id)).unwrap();
        assert!(world.db.read_blocking(holds).is_ok(), "another's is not theirs to take back");
        world.by(world.guide, move |s, ctx| revoke_feed(s, ctx, id)).unwrap();
        assert!(matches!(world.db.read_blocking(holds), Err(AheadError::NotFound { .. })));
    });
}
