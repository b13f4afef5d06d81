use super::{World, each};
use crate::commands::{AddNote, Origin, RegisterCase, Registered, add_note, register};
use crate::queries::{case, case_by_number};
use crate::{Case, CasesError};
use contacts::Register;
use people::text::{TextError, TextFault};
use storage::{params, sql};
use vocabulary::civil::date;
use vocabulary::{Actor, CaseId, CaseStatus, CaseTypeId, Channel, ContactId, ResidentId, SecrecyClass};

fn try_register(world: &World, cmd: RegisterCase) -> Result<Registered, CasesError> {
    world.by_guide(move |s, ctx, _| register(s, ctx, &cmd))
}

fn stored(world: &World, id: CaseId) -> Case {
    world.read(move |s| Ok(case(s, id)?)).unwrap().unwrap()
}

#[test]
fn a_case_takes_its_number_board_secrecy_and_retention() {
    each(|world| {
        let first = world.registered(world.a_case());
        assert_eq!(first.number.as_str(), "KC-26110001");
        assert_eq!(first.status, CaseStatus::New);
        assert_eq!(first.board, "Tekniska nämnden");
        assert_eq!((first.secrecy_class, first.retention_rule.as_str()), (SecrecyClass::Open, "2 år"));
        assert_eq!(first.arrival_day, date(2026, 11, 2));
        assert_eq!((first.registered_by, first.department_id), (Some(world.guide), world.roads));
        assert_eq!(stored(world, first.id), first);
        let number = first.number.clone();
        let found = world.read(move |s| Ok(case_by_number(s, &number)?)).unwrap();
        assert_eq!(found, Some(first));
        assert_eq!(world.registered(world.a_case()).number.as_str(), "KC-26110002");
        // Half past midnight on 1 December in Sweden is still November in UTC.
        world.pass_to("2026-11-30T23:30:00Z");
        assert_eq!(world.registered(world.a_case()).number.as_str(), "KC-26120001");
    });
}

#[test]
fn numbers_go_on_past_9999_and_a_refused_case_takes_none() {
    each(|world| {
        let nine = |s: &mut storage::Session<'_>| {
            s.execute(sql!("INSERT INTO counters (name, value) VALUES ('cases:2611', 9998)"), params![])
        };
        world.db.write_blocking(nine).unwrap();
        assert_eq!(world.registered(world.a_case()).number.as_str(), "KC-26119999");
        let too_long = RegisterCase { title: "x".repeat(201), ..world.a_case() };
        assert!(try_register(world, too_long).is_err());
        assert_eq!(world.registered(world.a_case()).number.as_str(), "KC-261110000");
    });
}

#[test]
fn the_same_clients_same_key_is_the_same_case() {
    each(|world| {
        let keyed = || RegisterCase { idempotency_key: Some("form-1".to_owned()), ..world.a_case() };
        let first = try_register(world, keyed()).unwrap();
        assert!(!first.already);
        let again =
            try_register(world, RegisterCase { title: "Annan rubrik".to_owned(), ..keyed() }).unwrap();
        assert_eq!((again.already, again.case.id), (true, first.case.id));
        // Another client's key is another key, though it reads the same.
        let (ctx, cmd) = (world.ctx(Actor::User(world.other_guide)), keyed());
        let other = world.db.write_blocking(move |s| register(s, &ctx, &cmd)).unwrap();
        assert!(!other.already);
        assert_ne!(other.case.id, first.case.id);
        assert_eq!(other.case.number.as_str(), "KC-26110002");
    });
}

#[test]
fn a_case_from_a_contact_takes_its_resident_channel_and_day() {
    each(|world| {
        let (guide, resident) = (world.guide, world.resident);
        let contact: ContactId = world
            .by_guide(move |s, ctx, _| {
                let cmd = Register {
                    channel: Channel::Email,
                    resident: Some(resident),
                    group: None,
                    guide: Some(guide),
                    arrived_at: Some("2026-10-30T23:30:00Z".parse().unwrap()),
                    logged: None,
                    note: String::new(),
                };
                Ok(contacts::commands::register(s, ctx, &cmd)?.id)
            })
            .unwrap();
        let cmd = || RegisterCase { origin: Origin::Contact(contact), resident_id: None, ..world.a_case() };
        let case = world.registered(cmd());
        assert_eq!((case.channel, case.resident_id), (Channel::Email, Some(world.resident)));
        assert_eq!(case.arrival_day, date(2026, 10, 31), "the day of first receipt, in Swedish time");
        let joined =
            move |s: &mut storage::Session<'_>| Ok(contacts::queries::by_id(s, contact)?.unwrap().case);
        assert_eq!(world.read(joined).unwrap(), Some(case.id));
        world.registered(cmd());
        assert_eq!(world.read(joined).unwrap(), Some(case.id), "a second case leaves the first join alone");
    });
}

#[test]
fn what_is_not_there_or_not_acceptable_is_refused() {
    each(|world| {
        let base = || world.a_case();
        let refused = |cmd| try_register(world, cmd).unwrap_err();
        let nobody = RegisterCase { resident_id: Some(ResidentId::nil()), ..base() };
        assert!(matches!(refused(nobody), CasesError::NotFound { what: "resident" }));
        let nothing = RegisterCase { case_type_id: CaseTypeId::nil(), ..base() };
        assert!(matches!(refused(nothing), CasesError::NotFound { what: "case type" }));
        let no_contact = RegisterCase { origin: Origin::Contact(ContactId::nil()), ..base() };
        assert!(matches!(refused(no_contact), CasesError::NotFound { what: "contact" }));
        let tomorrow = Origin::Direct { channel: Channel::Web, arrival_day: Some(date(2026, 11, 3)) };
        assert!(matches!(
            refused(RegisterCase { origin: tomorrow, ..base() }),
            CasesError::DayOutOfRange { .. }
        ));
        let nul = RegisterCase { title: "a\0b".to_owned(), ..base() };
        let fault = TextFault::Unprintable;
        assert!(
            matches!(refused(nul), CasesError::Text(TextError { field: "title", fault: f }) if f == fault)
        );
        let long = RegisterCase { description: "å".repeat(20_001), ..base() };
        assert!(matches!(refused(long), CasesError::Text(TextError { field: "description", .. })));
        let long_key = RegisterCase { idempotency_key: Some("k".repeat(201)), ..base() };
        assert!(matches!(refused(long_key), CasesError::Text(TextError { field: "idempotency_key", .. })));
    });
}

#[test]
fn secrecy_can_be_raised_and_not_lowered_and_a_blank_title_is_the_types_name() {
    each(|world| {
        let raised = world
            .registered(RegisterCase { secrecy_class: Some(SecrecyClass::Restricted), ..world.a_case() });
        assert_eq!(raised.secrecy_class, SecrecyClass::Restricted);
        let lowered = RegisterCase {
            case_type_id: world.worry,
            title: "  ".to_owned(),
            secrecy_class: Some(SecrecyClass::Open),
            ..world.a_case()
        };
        let kept = world.registered(lowered);
        assert_eq!((kept.secrecy_class, kept.title.as_str()), (SecrecyClass::Strict, "Orosanmälan"));
    });
}

#[test]
fn a_note_sent_twice_is_one_note() {
    each(|world| {
        let case = world.registered(world.a_case());
        let note = |text: &str, public| {
            let cmd = AddNote { case_id: case.id, text: text.to_owned(), public };
            world.by_guide(move |s, ctx, settings| add_note(s, ctx, settings, &cmd))
        };
        let first = note("Ringde tillbaka.", false).unwrap();
        assert_eq!(note("Ringde tillbaka.\r\n", false).unwrap(), first);
        world.pass_to("2026-11-02T10:00:00Z");
        assert_ne!(note("Ringde tillbaka.", false).unwrap(), first, "an hour later it is another");
        let (_, told) = world.letters_of(|| note("Bilen kommer i morgon.", true).unwrap());
        assert_eq!(told.len(), 1);
        assert!(!told[0].body.contains("Bilen"), "what was written is read on the page");
        assert_eq!(world.page(&case).notes.len(), 3);
        assert!(matches!(note("  ", true).unwrap_err(), CasesError::Text(_)));
    });
}
