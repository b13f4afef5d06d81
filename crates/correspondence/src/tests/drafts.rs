//! Drafts that several write in.

use super::{KIM, each, letter};
use crate::commands::{Answer, NewFile, answer, save_draft, seen_writing, stopped_writing};
use crate::queries;
use crate::{CorrespondenceError, Filed};
use storage::StorageError;

#[test]
fn two_who_write_at_once_lose_nothing() {
    each(|w| {
        let Filed::New(id) = w.receive(&letter(w, 1, KIM, "Hål")) else { panic!("not new") };
        let save =
            |user, base, text: &'static str| w.by(user, move |s, ctx, _| save_draft(s, ctx, id, base, text));
        let first = save(w.anna, 0, "Hej\n\nVi lagar.\n\nAnna").unwrap();
        assert_eq!((first.version, first.merged), (1, false));
        assert_eq!(save(w.anna, 1, "Hej\n\nVi lagar.\n\nAnna").unwrap().version, 1, "nothing new");
        let anna = save(w.anna, 1, "Hej Kim\n\nVi lagar.\n\nAnna").unwrap();
        assert_eq!(anna.version, 2);
        let bo = save(w.bo, 1, "Hej\n\nVi lagar i dag.\n\nAnna").unwrap();
        assert!(bo.merged && !bo.conflict);
        assert_eq!(
            (bo.version, bo.own_version, bo.text.as_str()),
            (4, 3, "Hej Kim\n\nVi lagar i dag.\n\nAnna")
        );
        let clash = save(w.anna, 2, "Hej Kim\n\nVi lagar i morgon.\n\nAnna").unwrap();
        assert!(clash.merged && clash.conflict);
        assert!(clash.text.contains("i dag") && clash.text.contains("i morgon"));
        // Who went on writing before seeing the other's words builds on what was sent, and both are in.
        let on = save(w.bo, clash.own_version, "Hej Kim\n\nVi lagar i morgon.\n\nAnna Berg").unwrap();
        assert!(on.text.contains("Anna Berg") && on.text.contains("i dag"), "{}", on.text);
        // An answer made out of an old version is not sent over another's words.
        let cmd = |version| Answer {
            conversation: id,
            text: "Vi lagar.".into(),
            draft_version: version,
            files: vec![],
            close: None,
        };
        let old = cmd(1);
        let refused = w.by(w.bo, move |s, ctx, settings| answer(s, ctx, settings, &old)).unwrap_err();
        assert!(matches!(refused, CorrespondenceError::DraftChanged { .. }), "{refused}");
        let new = cmd(on.version);
        w.by(w.bo, move |s, ctx, settings| answer(s, ctx, settings, &new)).unwrap();
        let draft = w.read(move |s| queries::draft(s, id));
        assert_eq!(
            (draft.version, draft.text.as_str()),
            (on.version + 1, ""),
            "an empty page with a number of its own"
        );
        // A page that was open all the while notices, and what is on it is kept.
        let late = save(w.anna, clash.version, "Hej Kim, en sak till").unwrap();
        assert!(late.text.contains("en sak till"));
    });
}

#[test]
fn who_is_writing_is_seen_for_a_while() {
    each(|w| {
        let Filed::New(id) = w.receive(&letter(w, 1, KIM, "Hål")) else { panic!("not new") };
        w.by(w.anna, move |s, ctx, _| seen_writing(s, ctx, id)).unwrap();
        w.by(w.anna, move |s, ctx, _| seen_writing(s, ctx, id)).unwrap();
        let seen = |w: &super::World, but| {
            let now = w.ctx(vocabulary::Actor::System).now;
            w.read(move |s| -> Result<Vec<String>, StorageError> { queries::writers(s, id, now, but) })
        };
        assert_eq!(seen(w, w.bo), ["anna"]);
        assert!(seen(w, w.anna).is_empty(), "not to oneself");
        w.at("2026-11-02T09:00:30Z");
        assert!(seen(w, w.bo).is_empty(), "who is no longer there is not said to write");
        w.by(w.anna, move |s, ctx, _| seen_writing(s, ctx, id)).unwrap();
        w.by(w.anna, move |s, ctx, _| stopped_writing(s, ctx, id)).unwrap();
        assert!(seen(w, w.bo).is_empty());
    });
}

#[test]
fn a_file_that_is_not_what_it_says_is_sent_to_nobody() {
    each(|w| {
        let Filed::New(id) = w.receive(&letter(w, 1, KIM, "Hål")) else { panic!("not new") };
        let with = |name: &str, media_type: &str, bytes: &[u8]| {
            let file = NewFile { name: name.into(), media_type: media_type.into(), bytes: bytes.into() };
            let cmd = Answer {
                conversation: id,
                text: "Se bilagan.".into(),
                draft_version: 0,
                files: vec![file],
                close: None,
            };
            w.by(w.anna, move |s, ctx, settings| answer(s, ctx, settings, &cmd))
        };
        let refused = with("karta.png", "image/png", b"MZ\x90\0 a program").unwrap_err();
        assert!(matches!(refused, CorrespondenceError::Case(cases::CasesError::Refused(_))), "{refused}");
        let letter = with("karta.csv", "text/csv", b"gata;nummer\n").unwrap();
        let parts = w.read(move |s| queries::parts_of(s, id)).into_iter();
        let names = parts.filter(|part| part.letter_id == letter).map(|part| part.name);
        assert_eq!(names.collect::<Vec<_>>(), ["karta.csv"]);
    });
}
