//! Meetings: the next one, the agenda, what was undertaken, events made of notes, invitations.

use super::{World, at, each};
use crate::agenda::{Suggestion, suggestions};
use crate::commands::meetings::{
    Invitation, NewSeries, add_item, begin_series, cancel_meeting, close_meeting, complete, event_of_line,
    invite, move_meeting, plan_next, remove_item, take_suggestion, undertake, write_item,
};
use crate::commands::plan;
use crate::model::{EventDraft, EventState};
use crate::{AheadError, ical, queries};
use jiff::civil::{Weekday, date, time};
use people::directory::NewOfficer;
use vocabulary::{Language, MeetingId, MeetingSeriesId};

fn series(world: &World) -> (MeetingSeriesId, MeetingId) {
    let new = NewSeries {
        department: world.department,
        nth: 2,
        weekday: Weekday::Tuesday,
        begins: time(13, 0, 0, 0),
        minutes: 60,
        place: "Stadshuset".to_owned(),
    };
    let series = world.does(move |s, ctx| begin_series(s, ctx, &new));
    (series, world.does(move |s, ctx| plan_next(s, ctx, series)))
}

fn invitation() -> Invitation {
    Invitation {
        title: "Avstämning".to_owned(),
        body: "Välkommen.".to_owned(),
        organizer: Some(("Kontaktcenter".to_owned(), "kc@vikhamn.example".to_owned())),
        base_url: "https://lots.example".to_owned(),
    }
}

#[test]
fn a_standing_meeting_plans_the_next_when_one_is_held() {
    each(|world| {
        let (series, first) = series(world);
        let meeting = move |id| move |s: &mut storage::Session<'_>| queries::meeting(s, id);
        let planned = world.db.read_blocking(meeting(first)).unwrap().unwrap();
        assert_eq!(planned.begins_at, at("2026-11-10T12:00:00Z"));
        assert_eq!(world.does(move |s, ctx| plan_next(s, ctx, series)), first, "twice is as once");
        world.does(move |s, ctx| {
            move_meeting(s, ctx, first, (date(2026, 11, 12), time(9, 0, 0, 0), 45), "Teams")
        });
        world.clock.set(at("2026-11-12T09:00:00Z"));
        let next = world.does(move |s, ctx| close_meeting(s, ctx, first)).unwrap();
        assert_eq!(world.does(move |s, ctx| close_meeting(s, ctx, first)), Some(next));
        let next = world.db.read_blocking(meeting(next)).unwrap().unwrap();
        assert_eq!(next.begins_at, at("2026-12-08T12:00:00Z"));
        let held = world.by(world.guide, move |s, ctx| cancel_meeting(s, ctx, first));
        assert!(matches!(held, Err(AheadError::Forbidden { state: "held" })));
    });
}

#[test]
fn the_agenda_is_suggested_once_and_what_was_undertaken_comes_back() {
    each(|world| {
        let (_, first) = series(world);
        let department = world.department;
        let coming = EventDraft {
            department: Some(department),
            ..EventDraft::new("Storgatan asfalteras", at("2026-11-20T07:00:00Z"), None)
        };
        world.does(move |s, ctx| plan(s, ctx, &coming, EventState::Planned));
        let suggested = |id| {
            world.db.read_blocking(move |s| {
                let meeting = queries::meeting(s, id)?.unwrap();
                suggestions(s, &meeting, Vec::new(), at("2026-11-03T07:00:00Z"))
            })
        };
        let found = suggested(first).unwrap();
        let [Suggestion::Event(event)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(event.title, "Storgatan asfalteras");
        let taken = found[0].clone();
        let item = world.does(move |s, ctx| take_suggestion(s, ctx, first, &taken, ("Storgatan", "")));
        assert!(suggested(first).unwrap().is_empty());
        let own = world.does(move |s, ctx| add_item(s, ctx, first, "Övrigt"));
        world.does(move |s, ctx| write_item(s, ctx, item, "Stängs 20/11 kl 7-16", "Vi informerar."));
        let written = world.by(world.guide, move |s, ctx| remove_item(s, ctx, item));
        assert!(matches!(written, Err(AheadError::Forbidden { .. })));
        world.does(move |s, ctx| remove_item(s, ctx, own));
        let draft = world.does(move |s, ctx| event_of_line(s, ctx, first, "Stängs 20/11 kl 7-16"));
        let event = world.db.read_blocking(move |s| queries::event(s, draft)).unwrap().unwrap();
        assert_eq!(
            (event.state, event.department, event.meeting),
            (EventState::Draft, Some(department), Some(first))
        );
        assert_eq!(event.begins_at, at("2026-11-20T06:00:00Z"));

        let guide = world.guide;
        let action = world.does(move |s, ctx| {
            undertake(s, ctx, first, Some(item), "Skriva artikel", (guide, date(2026, 11, 15)))
        });
        let open = || world.db.read_blocking(move |s| queries::open_actions_of(s, guide)).unwrap();
        assert_eq!(open().len(), 1);
        world.clock.set(at("2026-11-10T13:00:00Z"));
        let next = world.does(move |s, ctx| close_meeting(s, ctx, first)).unwrap();
        assert!(
            suggested(next)
                .unwrap()
                .iter()
                .any(|one| matches!(one, Suggestion::Action { what, .. } if what == "Skriva artikel"))
        );
        world.does(move |s, ctx| complete(s, ctx, action));
        world.does(move |s, ctx| complete(s, ctx, action));
        assert!(open().is_empty());
    });
}

#[test]
fn who_is_invited_gets_the_meeting_once_a_version_and_is_told_when_it_is_called_off() {
    each(|world| {
        let (_, meeting) = series(world);
        let department = world.department;
        let officer = world.does(move |s, ctx| {
            let new = NewOfficer {
                department,
                name: "Åsa Berg".to_owned(),
                title: "ingenjör".to_owned(),
                email: "asa@vikhamn.example".to_owned(),
                telephone: None,
                language: Language::Swedish,
            };
            Ok(people::directory::commands::create_officer(s, ctx, &new).unwrap().id)
        });
        let sends = || {
            world.clock.advance(vocabulary::SignedDuration::from_mins(1));
            world.does(move |s, ctx| invite(s, ctx, meeting, &[officer], &invitation()))
        };
        assert_eq!((sends(), sends()), (1, 0));
        world.does(move |s, ctx| {
            move_meeting(s, ctx, meeting, (date(2026, 11, 12), time(9, 0, 0, 0), 45), "")
        });
        assert_eq!((sends(), sends()), (1, 0));
        world.does(move |s, ctx| cancel_meeting(s, ctx, meeting));
        assert_eq!((sends(), sends()), (1, 0));
        let files = world.db.read_blocking(|s| -> Result<Vec<String>, AheadError> {
            let mut all = Vec::new();
            for letter in cases::queries::outbox(s, None, 10)? {
                for file in cases::queries::letter_files(s, letter.id)? {
                    let bytes = storage::blobs::get(s, &file.digest.into())?.unwrap();
                    all.push(String::from_utf8(bytes).unwrap());
                }
            }
            Ok(all)
        });
        let files = files.unwrap();
        let methods: Vec<&str> =
            files.iter().map(|f| f.split("METHOD:").nth(1).unwrap().split('\r').next().unwrap()).collect();
        assert_eq!(methods, ["CANCEL", "REQUEST", "REQUEST"], "newest first");
        let window = crate::import::window(at("2026-11-03T07:00:00Z"));
        let told: Vec<_> = files
            .iter()
            .map(|file| ical::read(file.as_bytes(), window).unwrap().occurrences.remove(0))
            .map(|once| (once.uid, once.sequence))
            .collect();
        assert_eq!(told[0].0, told[2].0, "one meeting");
        assert_eq!(told.iter().map(|(_, sequence)| *sequence).collect::<Vec<_>>(), [2, 1, 0]);
    });
}
