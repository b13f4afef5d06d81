use super::{World, each};
use crate::commands::{
    OfficerAnswer, RegisterCase, SharedLink, open_case, replace_link, revoke_links, share_link,
};
use crate::queries::{ResidentPage, case_page, resident_page};
use crate::{Case, CasesError, LinkError, RESIDENT_PATH, Viewer};
use vocabulary::civil::date;
use vocabulary::{Actor, CaseId, CaseStatus, Clock as _, SecrecyClass};

fn share(world: &World, case: &Case) -> SharedLink {
    let id = case.id;
    world.by_guide(move |s, ctx, settings| share_link(s, ctx, settings, id)).unwrap()
}

fn see(world: &World, link: &SharedLink) -> Result<ResidentPage, CasesError> {
    let base = format!("https://kc.vikhamn.example{RESIDENT_PATH}");
    let token = link.address.strip_prefix(&base).unwrap().to_owned();
    let (key, now) = (world.settings.signing_key.clone(), world.clock.now());
    world.read(move |s| resident_page(s, &key, &token, now))
}

#[test]
fn the_resident_sees_how_it_stands_and_nothing_personal() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let link = share(world, &case);
        assert_eq!(share(world, &case), link, "shared twice is the same link");
        let page = see(world, &link).unwrap();
        assert_eq!(
            (page.status, page.expected_day),
            (CaseStatus::WaitingForDepartment, Some(date(2026, 11, 9)))
        );
        assert_eq!(page.about.as_ref().unwrap().name, "Grop i vägen");
        let shown = format!("{page:?}");
        for personal in ["Kim", "070", "example.se", "Ångbåtsgatan", "hink", "Maja", "Kan ni laga"] {
            assert!(!shown.contains(personal), "{personal} on {shown}");
        }
        let answer = OfficerAnswer::Done { text: "Lagad i går.".to_owned(), public: true };
        world.answer(&asked.token, answer).unwrap();
        let page = see(world, &link).unwrap();
        assert_eq!((page.status, page.expected_day), (CaseStatus::Solved, None));
        assert_eq!((page.answers[0].text.as_str(), page.answers[0].from_officer), ("Lagad i går.", true));
    });
}

#[test]
fn an_internal_answer_is_not_shown_and_a_secret_type_is_not_named() {
    each(|world| {
        let cmd = RegisterCase { secrecy_class: Some(SecrecyClass::Restricted), ..world.a_case() };
        let (case, asked) = world.forwarded_as(cmd);
        let answer = OfficerAnswer::Done { text: "Bara för er.".to_owned(), public: false };
        world.answer(&asked.token, answer).unwrap();
        let page = see(world, &share(world, &case)).unwrap();
        assert!(page.answers.is_empty() && page.about.is_none());
    });
}

#[test]
fn a_link_is_revoked_replaced_and_runs_out() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let id = case.id;
        let first = share(world, &case);
        let second = world.by_guide(move |s, ctx, settings| replace_link(s, ctx, settings, id)).unwrap();
        assert_ne!(first.address, second.address);
        assert!(matches!(see(world, &first).unwrap_err(), CasesError::Link(LinkError::Revoked)));
        assert!(see(world, &second).is_ok());
        assert_eq!(world.by_guide(move |s, ctx, _| revoke_links(s, ctx, id)).unwrap(), 1);
        assert_eq!(world.by_guide(move |s, ctx, _| revoke_links(s, ctx, id)).unwrap(), 0);
        assert!(matches!(see(world, &second).unwrap_err(), CasesError::Link(LinkError::Revoked)));
        let (_, letters) = world.letters_of(|| {
            let answer = OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true };
            world.answer(&asked.token, answer).unwrap()
        });
        assert!(!letters[0].body.contains("https://"), "what was taken back is not sent out again");
        let third = share(world, &case);
        assert!(see(world, &third).is_ok());
        world.pass_to("2027-11-03T12:00:00Z");
        assert!(matches!(see(world, &third).unwrap_err(), CasesError::Link(LinkError::Expired)));
        assert_ne!(share(world, &case).address, third.address, "a new one instead of one that has run out");
        let nothing = world.by_guide(move |s, ctx, settings| share_link(s, ctx, settings, CaseId::nil()));
        assert!(matches!(nothing.unwrap_err(), CasesError::NotFound { what: "case" }));
    });
}

#[test]
fn an_officers_link_runs_out_and_more_time_prolongs_it() {
    each(|world| {
        let (_, asked) = world.forwarded();
        let later = OfficerAnswer::MoreTime { until: date(2027, 4, 1), reason: String::new() };
        world.answer(&asked.token, later).unwrap();
        world.pass_to("2027-05-01T12:00:00Z");
        let done = || OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true };
        world.answer(&asked.token, done()).unwrap();
        let (_, other) = world.forwarded();
        world.pass_to("2027-12-01T12:00:00Z");
        let expired = world.answer(&other.token, done()).unwrap_err();
        assert!(matches!(expired, CasesError::Link(LinkError::Expired)));
    });
}

#[test]
fn opening_a_case_leaves_a_trace_and_a_strict_one_opens_for_few() {
    each(|world| {
        let case = world.registered(RegisterCase { case_type_id: world.worry, ..world.a_case() });
        let (id, other) = (case.id, world.other_guide);
        let viewer = world.viewer();
        let opened = world.by_guide(move |s, ctx, _| open_case(s, ctx, viewer, id)).unwrap();
        assert_eq!(opened.case, case);
        let trace = world.page(&case).timeline.last().unwrap().clone();
        assert_eq!((trace.kind.as_str(), trace.actor_kind.as_str()), ("opened", "user"));
        let ctx = world.ctx(Actor::User(other));
        let stranger = Viewer::of(Actor::User(other));
        let refused = world.db.write_blocking(move |s| open_case(s, &ctx, stranger, id));
        assert!(matches!(refused.unwrap_err(), CasesError::Secret));
        let ctx = world.ctx(Actor::User(other));
        let settings = world.settings.clone();
        let acted = world.db.write_blocking(move |s| share_link(s, &ctx, &settings, id));
        assert!(matches!(acted.unwrap_err(), CasesError::Secret), "what one may not see one may not act on");
        let now = world.clock.now();
        assert!(world.read(move |s| case_page(s, Viewer::house(), id, now)).is_ok());
    });
}
