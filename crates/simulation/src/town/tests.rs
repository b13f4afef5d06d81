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
            assert!(!knowledge::blocks(&wording.body).is_empty(), "{}", article.slug);
        }
    }
}

#[test]
fn most_articles_have_both_wordings_and_some_are_for_one_side_alone() {
    let town = vikhamn();
    let count = |internal: bool, public: bool| {
        town.articles
            .iter()
            .filter(|a| (a.internal.is_some(), a.public.is_some()) == (internal, public))
            .count()
    };
    assert!(count(true, true) >= 120, "{}", count(true, true));
    assert!(count(true, false) >= 4 && count(false, true) >= 4);
    assert_eq!(count(false, false), 0);
}

#[test]
fn each_department_has_handed_something_over_and_something_lies_outside() {
    let town = vikhamn();
    for department in &town.departments {
        assert!(town.assignments.iter().any(|a| a.department == department.code), "{}", department.code);
    }
    let stands = |state: Stands| town.assignments.iter().filter(|a| a.state == state).count();
    assert!(stands(Stands::InForce) >= 7);
    assert_eq!((stands(Stands::Sent), stands(Stands::Review), stands(Stands::Draft)), (1, 1, 1));
    let covered = |code: &String| town.assignments.iter().any(|a| a.case_types.contains(code));
    assert!(town.case_types.iter().any(|c| c.calls > 0 && !covered(&c.code)), "work slides over");
    assert!(town.referrals.len() >= 15, "{}", town.referrals.len());
}

#[test]
fn what_guides_must_confirm_is_little_and_not_on_the_first_day() {
    let important: Vec<i32> = vikhamn().events.iter().filter(|e| e.important).map(|e| e.day).collect();
    assert!(important.len() == 1 && important.iter().all(|day| *day > 0), "{important:?}");
}

#[test]
fn the_relevance_set_judges_articles_there_are_and_holds_half_of_them_out() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../relevance/vikhamn.toml");
    let set: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let slugs: std::collections::BTreeSet<String> = vikhamn().articles.into_iter().map(|a| a.slug).collect();
    let questions = set["question"].as_array().unwrap();
    let (mut texts, mut judged, mut held_out) = (std::collections::BTreeSet::new(), 0, 0);
    let mut answered = std::collections::BTreeSet::new();
    for question in questions {
        let text = question["text"].as_str().unwrap();
        assert!(texts.insert(text.to_lowercase()), "{text:?} stands there twice");
        held_out += usize::from(question["held_out"].as_bool().unwrap());
        let grades = question["judged"].as_table().unwrap();
        assert!(
            grades.values().any(|grade| grade.as_integer() == Some(3)),
            "{text:?} is answered by nothing"
        );
        for (slug, grade) in grades {
            assert!(slugs.contains(slug), "{text:?}: there is no article {slug:?}");
            assert!(matches!(grade.as_integer(), Some(1..=3)), "{text:?}: {slug} {grade}");
            answered.insert(slug.clone());
            judged += 1;
        }
    }
    assert!(questions.len() >= 240 && judged > questions.len(), "{} {judged}", questions.len());
    assert!(held_out * 2 + 1 >= questions.len() && held_out * 2 <= questions.len() + 1, "{held_out}");
    assert_eq!(answered, slugs, "every article is asked for");
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
        (
            "events.toml",
            "department = \"tek\"",
            "department = \"tak\"",
            "department: \"tak\" is not one of sam",
        ),
        ("events.toml", "article = \"va-avbrott\"", "article = \"va\"", "\"va\" is not one of"),
        (
            "assignments.toml",
            "case_types = [\"sop\"",
            "case_types = [\"soppa\"",
            "assignment avfall: case_types",
        ),
        (
            "assignments.toml",
            "- fråga om dag, sortering eller öppettider: 3",
            "- fråga: 99",
            "assignment avfall: steps",
        ),
        (
            "assignments.toml",
            "approved_by = \"Kerstin Brolin, teknisk chef\"",
            "",
            "assignment avfall: approved_by",
        ),
        ("assignments.toml", "case_types = [\"va\"]", "case_types = [\"sop\"]", "\"sop\" stands there twice"),
        ("referrals.toml", "code = \"1177\"", "code = \"sos\"", "\"sos\" stands there twice"),
        ("standard.toml", "goals_set", "articles_owned", "is worked out by the house itself"),
        ("meetings.toml", "weekday = \"tuesday\"", "weekday = \"tisdag\"", "meetings.toml: line"),
        ("meetings.toml", "owner = \"bjorn\"", "owner = \"bosse\"", "series tek: actions.owner"),
        (
            "searches.toml",
            "finds = [\"atervinningscentralen\"]",
            "finds = [\"tippen\"]",
            "\"tippen\" is not one of",
        ),
        ("crises.toml", "approver = \"chef\"", "approver = \"trafik1\"", "is another than the writer"),
        (
            "synonyms.toml",
            "words = [\"dagis\", \"förskola\"]",
            "words = [\"dagis\"]",
            "synonym \"dagis\": words",
        ),
        ("residents.toml", "+46701740699", "+46701740600", "residents.toml: numbers"),
        ("articles/radon.md", "+++\n", "", "articles/radon.md: front matter"),
        (
            "articles/radon.md",
            "case_types = [\"inne\"",
            "case_types = [\"ute\"",
            "articles/radon.md: case_types",
        ),
        ("articles/radon.md", "owner = \"", "owner = \"x", "articles/radon.md: owner"),
        (
            "articles/radon.md",
            "public_title",
            "# public_title",
            "articles/radon.md: public_title: is missing",
        ),
        (
            "articles/radon.md",
            "+++ public",
            "",
            "articles/radon.md: public_title: is there, and its text is missing",
        ),
        ("articles/radon.md", "answer = \"", "reply = \"", "articles/radon.md: line"),
    ] {
        let refused = said_of(file, from, to);
        assert!(refused.contains(said), "{file}: {refused:?} should say {said:?}");
    }
    let mut files = Files::vikhamn().unwrap();
    files.0.remove("users.toml");
    assert_eq!(Town::from_files(&files).unwrap_err().to_string(), "users.toml: file: is missing");
}
