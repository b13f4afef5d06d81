//! The shipped town is sound, and an unsound one is refused with file and field.

use super::*;
use vocabulary::Role;

fn vikhamn() -> Town {
    Town::vikhamn().unwrap_or_else(|e| panic!("the shipped town: {e}"))
}

#[test]
fn vikhamn_is_as_large_as_it_is_said_to_be() {
    let town = vikhamn();
    let guides = |hourly| town.users.iter().filter(|u| u.role == Role::Guide && u.hourly == hourly).count();
    assert_eq!((guides(false), guides(true)), (25, 9));
    assert_eq!((town.departments.len(), town.groups.len()), (7, 3));
    assert_eq!(town.users.iter().filter(|u| u.role == Role::TrafficLeader).count(), 3);
    assert!(town.officers.len() >= 20, "{}", town.officers.len());
    assert!(town.case_types.len() >= 40, "{}", town.case_types.len());
    assert!(town.articles.len() >= 150, "{}", town.articles.len());
    let roles_for_persons: std::collections::BTreeSet<Role> = town.unmanned().map(|u| u.role).collect();
    assert_eq!(roles_for_persons.len(), Role::ALL.len(), "somebody of each role can be played");
    assert!(town.unmanned().any(|u| u.sign_in == "anna"));
}

#[test]
fn every_wording_has_an_answer_that_fits_a_breath_and_a_text_worth_reading() {
    for article in vikhamn().articles {
        for (wording, words_min) in [(&article.internal, 40), (&article.public, 20)] {
            let Some(wording) = wording else { continue };
            let words = wording.body.split_whitespace().count();
            assert!((words_min..400).contains(&words), "{}: {words} words", article.slug);
            let answer = wording.answer.split_whitespace().count();
            assert!(answer <= 40, "{}: the answer is too long", article.slug);
        }
        if let Some(internal) = &article.internal {
            assert!(knowledge::blocks(&internal.body).len() >= 2 || internal.body.contains("\n2. "), "{}", article.slug);
        }
    }
}

#[test]
fn most_articles_have_both_wordings_and_some_are_for_one_side_alone() {
    let town = vikhamn();
    let count = |internal: bool, public: bool| {
        town.articles.iter().filter(|a| (a.internal.is_some(), a.public.is_some()) == (internal, public)).count()
    };
    assert!(count(true, true) >= 120, "{}", count(true, true));
    assert!(count(true, false) >= 4 && count(false, true) >= 4);
    assert_eq!(count(false, false), 0);
}

#[test]
fn the_folder_and_the_binary_hold_the_same_town() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../town/vikhamn");
    let town = Town::in_folder(&folder).unwrap();
    assert_eq!(town.articles.len(), vikhamn().articles.len());
}

/// What is said of Vikhamn with `from` in `file` replaced by `to`.
fn said_of(file: &str, from: &str, to: &str) -> String {
    let mut files = Files::vikhamn().unwrap();
    let text = files.0.get_mut(file).expect("the file is there");
    assert!(text.contains(from), "{file} has {from:?}");
    *text = text.replacen(from, to, 1);
    Town::from_files(&files).expect_err("the town is not sound").to_string()
}

#[test]
fn an_unsound_town_is_refused_with_file_and_field() {
    for (file, from, to, said) in [
        (
            "officers.toml",
            "department = \"sam\"",
            "department = \"xyz\"",
            "officers.toml: officer birgitta.sandell@vikhamn.example: department: \"xyz\" is not one of sam",
        ),
        (
            "users.toml",
            "sign_in = \"bjorn\"",
            "sign_in = \"anna\"",
            "users.toml: user: sign_in: \"anna\" stands there twice",
        ),
        ("users.toml", "role = \"guide\"", "role = \"boss\"", "users.toml: line"),
        ("town.toml", "dialled = \"+46980319210\"", "", "town.toml: answer_group: dialled: one group"),
        ("town.toml", "+46980319200", "0980-319200", "town.toml: main_number.number: is written as"),
        (
            "case_types.toml",
            "officer = \"sofia.ek@",
            "officer = \"helena.borg@",
            "case_types.toml: case_type sop: officer",
        ),
        ("case_types.toml", "solved = 80", "solved = 180", "case_type sop: solved"),
        ("case_types.toml", "calls = 14", "calls = 14\nprice = 3", "case_types.toml: line"),
        ("events.toml", "begins = \"09:00\"", "begins = \"nio\"", "events.toml: line"),
        ("events.toml", "begins = \"09:00\"", "begins = \"15:00\"", "an event ends after it begins"),
        ("residents.toml", "+46701740699", "+46701740600", "residents.toml: numbers"),
        ("articles/radon.md", "+++\n", "", "articles/radon.md: front matter"),
        ("articles/radon.md", "case_types = [\"inne\"", "case_types = [\"ute\"", "articles/radon.md: case_types"),
        ("articles/radon.md", "owner = \"", "owner = \"x", "articles/radon.md: owner"),
        ("articles/radon.md", "public_title", "# public_title", "articles/radon.md: public_title: is missing"),
        ("articles/radon.md", "+++ public", "", "articles/radon.md: public_title: is there, and its text is missing"),
        ("articles/radon.md", "answer = \"", "reply = \"", "articles/radon.md: line"),
    ] {
        let refused = said_of(file, from, to);
        assert!(refused.contains(said), "{file}: {refused:?} should say {said:?}");
    }
    let mut files = Files::vikhamn().unwrap();
    files.0.remove("users.toml");
    assert_eq!(Town::from_files(&files).unwrap_err().to_string(), "users.toml: file: is missing");
}
