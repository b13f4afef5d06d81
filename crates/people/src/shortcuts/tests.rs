use super::commands::{choose, reset};
use super::{Chord, NotAChord, Shortcut, conflict, queries};
use crate::testing::{at, monday, somebody};
use crate::users::commands::create;
use std::collections::BTreeMap;
use storage::testing::both;
use vocabulary::Role;

fn chord(text: &str) -> Result<Chord, NotAChord> {
    text.parse()
}

#[test]
fn a_key_reads_however_it_is_written() {
    for (typed, read) in [
        ("ctrl+k", "Ctrl+K"),
        (" n ", "N"),
        ("f4", "F4"),
        ("Alt + ö", "Alt+Ö"),
        ("Alt+Ctrl+B", "Ctrl+Alt+B"),
        ("+", "+"),
        ("Alt++", "Alt++"),
        ("?", "?"),
    ] {
        assert_eq!(chord(typed).map(|chord| chord.to_string()), Ok(read.to_owned()), "{typed}");
    }
    for bad in ["", "Ctrl+", "nn", "F13", "F0", "Meta+K", "Ctrl+Ctrl+K", "Enter", "a b", "\u{7}", "F٣"] {
        assert_eq!(chord(bad), Err(NotAChord::Unreadable), "{bad:?}");
    }
    for taken in ["Ctrl+W", "ctrl+t", "F5", "F8", "F9", "F12", "1", "0", "Ctrl++"] {
        assert_eq!(chord(taken), Err(NotAChord::Reserved), "{taken}");
    }
}

#[test]
fn what_lots_comes_with_are_keys_and_no_two_the_same() {
    let all: BTreeMap<_, _> = Shortcut::ALL.iter().map(|s| (*s, Some(s.default_chord()))).collect();
    assert_eq!(conflict(&all), None);
    for shortcut in Shortcut::ALL {
        assert_eq!(chord(&shortcut.default_chord().to_string()), Ok(shortcut.default_chord()));
    }
}

#[test]
fn keys_are_chosen_kept_refused_and_reset() {
    for db in both() {
        let db = &db;
        let ctx = at(monday());
        let own = db.write_blocking(move |s| create(s, &ctx, &somebody("anna", Role::Guide))).unwrap().id;
        let get = || db.read_blocking(move |s| queries::chosen(s, own)).unwrap();
        let set = |keys: &[(Shortcut, Option<&str>)]| {
            let keys: BTreeMap<_, _> = keys
                .iter()
                .map(|(shortcut, text)| (*shortcut, text.map(|text| chord(text).unwrap())))
                .collect();
            db.write_blocking(move |s| choose(s, own, &keys)).unwrap()
        };
        assert_eq!(get()[&Shortcut::Next], chord("N").ok());
        assert_eq!(set(&[(Shortcut::Next, Some("F7")), (Shortcut::Help, None)]), Ok(()));
        assert_eq!(
            (get()[&Shortcut::Next].clone(), get()[&Shortcut::Help].clone()),
            (chord("F7").ok(), None)
        );
        let refused = set(&[(Shortcut::Log, Some("f7"))]).unwrap_err();
        assert_eq!((refused.first, refused.second), (Shortcut::Next, Shortcut::Log));
        assert_eq!(get()[&Shortcut::Log], chord("F2").ok(), "what is refused changes nothing");
        assert_eq!(set(&[(Shortcut::Next, Some("F2")), (Shortcut::Log, Some("F7"))]), Ok(()), "two may swap");
        db.write_blocking(move |s| reset(s, own)).unwrap();
        assert!(get().iter().all(|(shortcut, chord)| *chord == Some(shortcut.default_chord())));
    }
}
