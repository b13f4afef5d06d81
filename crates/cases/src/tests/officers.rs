//! The officer's side: answers by e-mail, questions to the resident, the officer's own page, terms and absences.

use super::{Letter, OFFICER_EMAIL, RESIDENT_EMAIL, World, each};
use crate::clock::Terms;
use crate::commands::{
    Forwarded, OfficerAnswer, OfficerMail, OfficerMailTaken, PutTerms, TakenAs, TaskEnd, ask_for_key,
    complete_task, log_officer_call, officer_mail, put_terms, resident_adds, share_link,
};
use crate::queries::{calls_about, officer_desk, officer_work, resident_page};
use crate::{
    CallOutcome, Case, CasesError, FollowUpState, LinkError, OFFICER_DESK_PATH, OFFICER_KEY_PATH,
    RESIDENT_PATH, TaskKind, reply_address,
};
use people::directory::NewOfficer;
use people::directory::absences::add_absence;
use people::directory::commands::{create_function, set_officer_active};
use vocabulary::civil::date;
use vocabulary::{Actor, CaseStatus, Chance as _, Clock as _, Language, LinkId, OfficerId, SeededChance};

/// The link that a letter's reply address stands for.
fn link_of(world: &World, asked: &Forwarded) -> LinkId {
    let (settings, token) = (&world.settings, &asked.token);
    people::SignedLink::verify(&settings.signing_key, people::LinkKind::Officer, token).unwrap()
}

fn mail(world: &World, asked: &Forwarded, from: &str, text: &str, id: Option<&str>) -> OfficerMailTaken {
    let mail = OfficerMail {
        link: link_of(world, asked),
        from_address: Some(from.to_owned()),
        text: text.to_owned(),
        message_id: id.map(str::to_owned),
        documents: Vec::new(),
    };
    let (ctx, settings) = (world.ctx(Actor::System), world.settings.clone());
    world.db.write_blocking(move |s| officer_mail(s, &ctx, &settings, &mail)).unwrap()
}

fn public_texts(world: &World, case: &Case) -> Vec<String> {
    world.page(case).notes.into_iter().filter(|note| note.public).map(|note| note.text).collect()
}

fn tasks(world: &World, case: &Case) -> Vec<TaskKind> {
    world.page(case).tasks.iter().map(|task| task.kind).collect()
}

/// The token behind `path` in a letter.
fn token_in(letter: &Letter, path: &str) -> String {
    let address = format!("https://kc.vikhamn.example{path}");
    let (_, rest) = letter.body.split_once(&address).expect("a letter with that link");
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_letter_says_how_it_is_answered_and_its_own_words_are_never_an_answer() {
    each(|world| {
        let (_, letters) = world.letters_of(|| world.forwarded());
        let letter = letters.iter().find(|letter| letter.to == OFFICER_EMAIL).unwrap();
        for said in [
            "Det du skriver under raden SVAR TILL INVÅNAREN skickas till invånaren",
            "KLART",
            "FEL MOTTAGARE",
        ] {
            assert!(letter.body.contains(said), "{said}");
        }
        let today = date(2026, 11, 2);
        for text in [
            letter.body.clone(),
            format!("\n\n{}", letter.body),
            format!("> {}", letter.body.replace('\n', "\n> ")),
        ] {
            let read = crate::reading::read(&text, today, Language::Swedish);
            assert!(
                matches!(read.meaning, crate::reading::Meaning::Uncertain(_)),
                "an empty answer means nothing"
            );
            assert_eq!(read.public, None);
            let read = crate::reading::read(&format!("Klart.\n{text}"), today, Language::Swedish);
            assert_eq!((read.meaning, read.public), (crate::reading::Meaning::Done, None));
            assert_eq!(read.internal, "Klart.");
        }
    });
}

#[test]
fn an_answer_by_mail_is_taken_once_and_only_the_public_part_travels() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let text = "Klart.\nHan ringer jämt.\n\nSVAR TILL INVÅNAREN\nGropen är lagad.\n\nMvh\nMaja";
        let taken = mail(world, &asked, "Maja.Ahlstrom@vikhamn.example", text, Some("a@b"));
        assert_eq!((taken.taken, taken.already, taken.case_id), (TakenAs::Done, false, case.id));
        let again = mail(world, &asked, OFFICER_EMAIL, text, Some("a@b"));
        assert_eq!((again.taken, again.already), (TakenAs::Done, true));
        assert!(mail(world, &asked, OFFICER_EMAIL, text, None).already, "known by what it says");
        let page = world.page(&case);
        assert_eq!((page.case.status, page.notes.len()), (CaseStatus::Solved, 2));
        assert_eq!(public_texts(world, &case), ["Gropen är lagad."]);
        let other = mail(world, &asked, OFFICER_EMAIL, "Klart. Fast nu kom den tillbaka.", Some("c@d"));
        assert_eq!(other.taken, TakenAs::ForAPerson, "too late for an answer, not for being read");
        assert_eq!(tasks(world, &case), [TaskKind::ReadOfficerMail]);
        let mails =
            world.page(&case).timeline.iter().filter(|line| line.kind == "officer_mail_taken").count();
        assert_eq!(mails, 2);
    });
}

#[test]
fn more_time_and_the_wrong_recipient_are_taken_by_mail() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let text = "Hej!\nMer tid till 1/12, asfalten är slut.\nSVAR TILL INVÅNAREN\nVi väntar på asfalt.";
        assert_eq!(mail(world, &asked, OFFICER_EMAIL, text, Some("1")).taken, TakenAs::MoreTime);
        let question = world.page(&case).follow_ups[0].follow_up.clone();
        assert_eq!(question.clock.due_day, date(2026, 12, 1));
        assert_eq!(question.clock.term_day, date(2026, 11, 9), "the term as it was given");
        assert_eq!(public_texts(world, &case), ["Vi väntar på asfalt."]);
        let too_far = mail(world, &asked, OFFICER_EMAIL, "Mer tid till 2027-12-01", Some("2"));
        assert_eq!(too_far.taken, TakenAs::ForAPerson);
        let wrong = mail(world, &asked, OFFICER_EMAIL, "Fel mottagare. Det är parkens.", Some("3"));
        assert_eq!(wrong.taken, TakenAs::WrongRecipient);
        assert_eq!(world.page(&case).follow_ups[0].follow_up.state, FollowUpState::WrongRecipient);
        let mut kinds = tasks(world, &case);
        kinds.sort();
        assert_eq!(kinds, [TaskKind::FindRecipient, TaskKind::ReadOfficerMail]);
    });
}

#[test]
fn whoever_else_writes_to_the_address_answers_nothing() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let text = "Klart\nSVAR TILL INVÅNAREN\nSkicka pengar.";
        for (n, from) in
            ["olle.oberg@vikhamn.example", "maja.ahlstrom@vikhamn.example.evil.example", "", RESIDENT_EMAIL]
                .into_iter()
                .enumerate()
        {
            let taken = mail(world, &asked, from, text, Some(&format!("{n}@x")));
            assert_eq!(taken.taken, TakenAs::ForAPerson, "{from}");
        }
        let page = world.page(&case);
        assert_eq!(
            (page.case.status, tasks(world, &case)),
            (CaseStatus::WaitingForDepartment, vec![TaskKind::ReadOfficerMail])
        );
        assert!(public_texts(world, &case).is_empty());
        assert!(page.notes.iter().all(|note| note.author_kind == "system"));
        let (pothole, maja, olle) = (world.pothole, world.maja, world.olle);
        let terms = PutTerms {
            case_type_id: pothole,
            recipient: Some(maja),
            substitutes: vec![olle],
            terms: Terms::default(),
            checklist: String::new(),
            public_text: String::new(),
        };
        world.by_guide(move |s, ctx, _| put_terms(s, ctx, &terms)).unwrap();
        let substitute = mail(world, &asked, "olle.oberg@vikhamn.example", "Klart", Some("s@x"));
        assert_eq!(substitute.taken, TakenAs::Done, "a substitute reads the officer's letters");
    });
}

#[test]
fn a_function_is_answered_from_its_own_domain() {
    each(|world| {
        let roads = world.roads;
        let made = |email: &str| {
            let cmd = NewOfficer {
                department: roads,
                name: "Driften".to_owned(),
                title: "funktionsadress".to_owned(),
                email: email.to_owned(),
                telephone: None,
                language: Language::Swedish,
            };
            world.by_guide(move |s, ctx, _| {
                create_function(s, ctx, &cmd).map(|o| o.id).map_err(|_| CasesError::OfficerInactive)
            })
        };
        let ask = |officer: OfficerId| {
            let case = world.registered(world.a_case());
            world.forward(&case, Some(officer), "").unwrap()
        };
        let own = ask(made("driften@vikhamn.example").unwrap());
        let foreign = ask(made("entreprenad@mail.example").unwrap());
        let taken = |asked: &Forwarded, from: &str| mail(world, asked, from, "Klart", Some(from)).taken;
        assert_eq!(taken(&own, "nagon@annan.example"), TakenAs::ForAPerson);
        assert_eq!(taken(&own, "nagon@sub.vikhamn.example"), TakenAs::ForAPerson);
        assert_eq!(taken(&own, "kent@VIKHAMN.example"), TakenAs::Done);
        assert_eq!(
            taken(&foreign, "annan@mail.example"),
            TakenAs::ForAPerson,
            "a public provider is not a department"
        );
        assert_eq!(taken(&foreign, "entreprenad@mail.example"), TakenAs::Done);
    });
}

#[test]
fn a_question_to_the_resident_stops_the_clock_until_the_answer_has_reached_the_officer() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let question = OfficerAnswer::AskResident { text: "Vilken sida av vägen?".to_owned() };
        let (_, letters) = world.letters_of(|| world.answer(&asked.token, question.clone()).unwrap());
        assert_eq!(letters.iter().map(|l| l.to.as_str()).collect::<Vec<_>>(), [RESIDENT_EMAIL]);
        assert!(!letters[0].body.contains("sida"), "the question stands behind the link");
        assert!(world.answer(&asked.token, question).unwrap().already);
        assert_eq!(world.page(&case).case.status, CaseStatus::WaitingForResident);
        let id = case.id;
        let shared = world.by_guide(move |s, ctx, settings| share_link(s, ctx, settings, id)).unwrap();
        let token = shared.address.split_once(RESIDENT_PATH).unwrap().1.to_owned();
        let (key, now) = (world.settings.signing_key.clone(), world.clock.now());
        let seen = world.read(move |s| resident_page(s, &key, &token, now)).unwrap();
        assert_eq!(seen.answers[0].text, "Vilken sida av vägen?");
        assert!(
            world.letters_of(|| world.pass_to("2026-11-30T09:00:00Z")).1.is_empty(),
            "nobody is reminded"
        );

        let (ctx, settings) = (world.ctx(Actor::Resident(world.resident)), world.settings.clone());
        let add =
            move |s: &mut storage::Session<'_>| resident_adds(s, &ctx, &settings, id, "Södra sidan.", &[]);
        let (_, letters) = world.letters_of(|| world.db.write_blocking(add).unwrap());
        let to_officer = letters.iter().find(|letter| letter.to == OFFICER_EMAIL).unwrap();
        assert!(to_officer.body.contains("Södra sidan.") && to_officer.body.contains(&asked.token));
        let page = world.page(&case);
        assert_eq!(page.case.status, CaseStatus::WaitingForDepartment);
        let question = &page.follow_ups[0].follow_up;
        assert_eq!((question.asked_resident_at, question.clock.paused_at), (None, None));
        // Twenty working days stood still, Monday the 2nd to Monday the 30th.
        assert_eq!(question.clock.due_day, date(2026, 12, 7));
        let done = mail(world, &asked, OFFICER_EMAIL, "Klart", Some("z"));
        assert_eq!(done.taken, TakenAs::Done);
    });
}

#[test]
fn a_question_nobody_can_be_told_of_becomes_a_task() {
    each(|world| {
        for resident in [Some(world.without_email), Some(world.protected), None] {
            let (case, asked) =
                world.forwarded_as(crate::commands::RegisterCase { resident_id: resident, ..world.a_case() });
            let taken = mail(world, &asked, OFFICER_EMAIL, "FRÅGA TILL INVÅNAREN\nVar?", None);
            assert_eq!(taken.taken, TakenAs::AskResident);
            assert_eq!(tasks(world, &case), [TaskKind::TellResident]);
        }
    });
}

#[test]
fn a_letter_passed_on_shows_numbers_and_days_and_the_key_goes_to_the_officer() {
    each(|world| {
        let (_, letters) = world.letters_of(|| (world.forwarded(), world.forwarded()));
        let letter = letters.iter().find(|letter| letter.to == OFFICER_EMAIL).unwrap();
        let desk = token_in(letter, OFFICER_DESK_PATH);
        let (settings, now, token) = (world.settings.clone(), world.clock.now(), desk.clone());
        let seen = world.read(move |s| officer_desk(s, &settings, &token, now)).unwrap();
        assert_eq!((seen.officer.id, seen.lines.len()), (world.maja, 2));
        let ask = || {
            let (ctx, settings, desk) = (world.ctx(Actor::System), world.settings.clone(), desk.clone());
            world.db.write_blocking(move |s| ask_for_key(s, &ctx, &settings, &desk))
        };
        let (_, keys) = world.letters_of(|| (ask().unwrap(), ask().unwrap()));
        assert_eq!(
            keys.iter().map(|l| l.to.as_str()).collect::<Vec<_>>(),
            [OFFICER_EMAIL],
            "once, to the officer"
        );
        let key = token_in(&keys[0], OFFICER_KEY_PATH);
        let work = |token: &str| {
            let (settings, now, token) = (world.settings.clone(), world.clock.now(), token.to_owned());
            world.read(move |s| officer_work(s, &settings, &token, now))
        };
        let opened = work(&key).unwrap();
        assert_eq!(opened.lines.len(), 2);
        let first = &opened.lines[0];
        assert_eq!(first.title.as_deref(), Some("Stor grop på Ångbåtsgatan"));
        world
            .answer(
                first.token.as_ref().unwrap(),
                OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true },
            )
            .unwrap();
        assert_eq!(work(&key).unwrap().lines.len(), 1);
        for wrong in [&desk, &letters[0].body, &String::new()] {
            assert!(matches!(work(wrong), Err(CasesError::Link(LinkError::Forged))), "the desk is no key");
        }
        world.clock.set("2026-11-02T17:00:00Z".parse().unwrap());
        assert!(matches!(work(&key), Err(CasesError::Link(LinkError::Expired))));
        let maja = world.maja;
        world
            .by_guide(move |s, ctx, _| {
                set_officer_active(s, ctx, maja, false).map_err(|_| CasesError::OfficerInactive)
            })
            .unwrap();
        assert!(matches!(ask(), Err(CasesError::Link(LinkError::Revoked))), "who has left has no desk");
    });
}

#[test]
fn the_terms_of_an_assignment_decide_recipient_checklist_and_clock() {
    each(|world| {
        let put = |terms: PutTerms| world.by_guide(move |s, ctx, _| put_terms(s, ctx, &terms));
        let terms = PutTerms {
            case_type_id: world.pothole,
            recipient: Some(world.maja),
            substitutes: vec![world.olle],
            terms: Terms::new(2, 1, 2, 3, 4).unwrap(),
            checklist: "- Var på vägen?\n\n• Hur djup?\n".to_owned(),
            public_text: "Vi lagar inom två vardagar.".to_owned(),
        };
        let twice = PutTerms { substitutes: vec![world.olle, world.maja], ..terms.clone() };
        assert!(matches!(put(twice), Err(CasesError::NamedTwice)));
        let strangers = PutTerms { substitutes: vec![OfficerId::nil()], ..terms.clone() };
        assert!(matches!(put(strangers), Err(CasesError::NotFound { .. })));
        assert_eq!(put(terms.clone()).unwrap().checklist, ["Var på vägen?", "Hur djup?"]);
        let maja = world.maja;
        let away = |first, last| {
            world.by_guide(move |s, ctx, _| {
                add_absence(s, ctx, maja, first, Some(last)).map_err(|_| CasesError::OfficerInactive)
            })
        };
        away(date(2026, 11, 2), date(2026, 11, 3)).unwrap();
        assert!(away(date(2026, 11, 9), date(2026, 11, 8)).is_err());
        let ((_, asked), letters) = world.letters_of(|| world.forwarded());
        assert_eq!(asked.follow_up.officer_id, world.olle, "the substitute");
        assert_eq!(
            (asked.follow_up.clock.due_day, asked.follow_up.terms.days()),
            (date(2026, 11, 4), [2, 1, 2, 3, 4])
        );
        assert!(letters[0].body.contains("- Var på vägen?\n- Hur djup?"), "{}", letters[0].body);
        world.clock.set("2026-11-04T09:00:00Z".parse().unwrap());
        assert_eq!(world.forwarded().1.follow_up.officer_id, world.maja, "back again");
        // What was sent under the old terms keeps them.
        put(PutTerms { terms: Terms::default(), ..terms }).unwrap();
        assert_eq!(world.page(&world.registered(world.a_case())).follow_ups.len(), 0);
        let id = asked.follow_up.id;
        let kept = world.read(move |s| Ok(crate::queries::follow_up(s, id)?)).unwrap().unwrap();
        assert_eq!(kept.terms.days(), [2, 1, 2, 3, 4]);
    });
}

#[test]
fn calls_to_officers_are_written_down_and_an_answer_is_a_call_that_was_answered() {
    each(|world| {
        let (case, asked) = world.forwarded();
        world.pass_to("2026-11-11T07:00:00Z");
        let id = asked.follow_up.id;
        let call = |outcome| {
            world.by_guide(move |s, ctx, _| log_officer_call(s, ctx, id, outcome)).unwrap();
        };
        call(CallOutcome::Busy);
        call(CallOutcome::Busy);
        world.clock.set("2026-11-11T09:00:00Z".parse().unwrap());
        call(CallOutcome::NoAnswer);
        let task = world.page(&case).tasks[0].id;
        let end = TaskEnd::AnswerTaken { text: "Lagad.".to_owned(), public: true };
        world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task, &end)).unwrap();
        let calls = world.read(move |s| Ok(calls_about(s, id)?)).unwrap();
        let outcomes: Vec<CallOutcome> = calls.iter().map(|call| call.outcome).collect();
        assert_eq!(outcomes, [CallOutcome::Busy, CallOutcome::NoAnswer, CallOutcome::Reached]);
    });
}

/// Letters of every sort to one question after another: whatever they hold, words that are not below the marker are never
/// in a public note, in a letter to the resident, or on the resident's page.
#[test]
fn internal_words_of_generated_mails_reach_no_resident() {
    each(|world| {
        let chance = SeededChance::new(7);
        let pick = |from: &[&str]| from[usize::try_from(chance.below(from.len() as u64)).unwrap()].to_owned();
        let mut taken = std::collections::BTreeMap::<TakenAs, u32>::new();
        let mut cases = Vec::new();
        for n in 0..40 {
            let (case, asked) = world.forwarded();
            let opening = pick(&["", "Hej!\n", "Hej Anna,\n\n"]);
            let word = pick(&[
                "Klart.",
                "KLART",
                "Mer tid till 1/12",
                "Fel mottagare",
                "Klart på fredag",
                "Vi ses",
                "",
            ]);
            let marker = pick(&[
                "SVAR TILL INVÅNAREN",
                "FRÅGA TILL INVÅNAREN",
                "svar till invånaren:",
                "Svar till invånaren: hemlig",
                "",
            ]);
            let ending = pick(&[
                "",
                "\nMvh\nhemlig Maja",
                "\n-- \nhemlig Maja",
                "\nINTERNT\nhemlig rad",
                "\n> SVAR TILL INVÅNAREN\n> hemlig",
                "\nFrån: KC\nSkickat: i dag\nhemlig\nSVAR TILL INVÅNAREN\nhemlig",
            ]);
            let shown = if marker.is_empty() { "hemlig" } else { "öppen" };
            let text = format!("{opening}{word}\nhemlig {n}\n{marker}\n{shown} text{ending}\n");
            let from = pick(&[OFFICER_EMAIL, OFFICER_EMAIL, OFFICER_EMAIL, "annan@mail.example"]);
            *taken.entry(mail(world, &asked, &from, &text, None).taken).or_default() += 1;
            cases.push((case, text));
        }
        assert!(taken.len() >= 4, "too little of it was tried: {taken:?}");
        for (case, text) in cases {
            assert!(public_texts(world, &case).iter().all(|public| !public.contains("hemlig")), "{text}");
        }
        assert!(
            world
                .letters()
                .iter()
                .all(|letter| letter.to != RESIDENT_EMAIL || !letter.body.contains("hemlig"))
        );
    });
}

#[test]
fn an_address_of_a_question_that_is_gone_is_said_so() {
    each(|world| {
        let mail = OfficerMail {
            link: LinkId::nil(),
            from_address: None,
            text: String::new(),
            message_id: None,
            documents: Vec::new(),
        };
        let (ctx, settings) = (world.ctx(Actor::System), world.settings.clone());
        let told = world.db.write_blocking(move |s| officer_mail(s, &ctx, &settings, &mail));
        assert!(matches!(told, Err(CasesError::NotFound { .. })));
        assert_eq!(reply_address::read(&world.settings, "svar+abc"), None);
    });
}
