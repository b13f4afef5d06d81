use super::*;
use crate::limits::FAULTS_MAX;
use crate::walk::walk;
use std::path::Path;

/// What the town of the demo has, read from its files.
pub(crate) fn vikhamn() -> Known {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../town/vikhamn");
    let file =
        |name: &str| -> toml::Table { std::fs::read_to_string(town.join(name)).unwrap().parse().unwrap() };
    let all = |name: &str, table: &str, key: &str| -> Vec<String> {
        let entries = file(name)[table].as_array().unwrap().clone();
        entries.iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
    };
    Known {
        case_types: all("case_types.toml", "case_type", "code"),
        departments: all("town.toml", "department", "code"),
        officers: all("officers.toml", "officer", "email"),
        resources: all("bookings.toml", "resource", "code"),
        contractors: all("bookings.toml", "contractor", "code"),
    }
}

/// The definitions that come with the demo.
pub(crate) fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../town/vikhamn/processes");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_shipped_definition_is_sound_and_goes_to_every_end() {
    let known = vikhamn();
    let shipped = shipped();
    assert_eq!(shipped.len(), 8);
    for (name, text) in shipped {
        let definition = match read(&text, Some(&known)) {
            Ok(definition) => definition,
            Err(faults) => {
                let said: Vec<String> = faults
                    .iter()
                    .map(|f| {
                        format!("{}: {}", f.line, crate::words::fault(vocabulary::Language::Swedish, &f.kind))
                    })
                    .collect();
                panic!("{name}: {said:#?}");
            }
        };
        assert_eq!(definition.code, name);
        let walked = walk(&definition, "2026-11-02T09:00:00Z".parse().unwrap());
        assert!(!walked.gave_up, "{name}: {} states", walked.states);
        assert_eq!(
            (walked.stuck, &walked.steps_missed, &walked.ends_missed),
            (0, &vec![], &vec![]),
            "{name}"
        );
        assert!(walked.states > definition.steps.len(), "{name}");
        for step in &definition.steps {
            assert!(
                step.public.is_some() && step.due.is_some(),
                "{name}: {} tells the resident nothing",
                step.key
            );
        }
        assert!(definition.ends.iter().all(|end| end.public.is_some()), "{name}");
        let map = crate::map::draw(&definition);
        assert_eq!(map.boxes.len(), definition.steps.len() + definition.ends.len());
        for line in &map.lines {
            for (x, y) in &line.points {
                assert!((0..=map.size.0).contains(x) && (0..=map.size.1).contains(y), "{name}: {line:?}");
            }
        }
    }
}

const GOOD: &str = r#"
code = "prov"
case_type = "vig"
name = "Prov"

[[step]]
key = "fraga"
name = "Fråga"
due = "2 arbetsdagar"
[[step.field]]
key = "ja_eller_nej"
label = "Ja eller nej?"
type = "yes_no"
required = true
[[step.field]]
key = "hemligt"
label = "Namn"
type = "text"
sensitive = true
[[step.next]]
when = "ja_eller_nej"
to = ["a", "b"]
[[step.next]]
to = "fraga"
at_most = 3
[[step.next]]
to = "slut"

[[step]]
key = "a"
name = "A"
[[step.next]]
to = "samla"

[[step]]
key = "b"
name = "B"
kind = "letter"
to = ["{hemligt}"]
subject = "Hej"
body = "Ditt nummer är {case_number}."
[[step.next]]
to = "samla"

[[step]]
key = "samla"
name = "Samla"
gather = true
[[step.next]]
to = "slut"

[[end]]
key = "slut"
name = "Slut"
outcome = "solved"
"#;

/// The faults of the good definition with one thing changed, with the line of the change's first row.
fn faults(from: &str, to: &str) -> (usize, Vec<Fault>) {
    assert!(GOOD.contains(from), "{from}");
    let line = 1 + GOOD[..GOOD.find(from).unwrap()].matches('\n').count();
    let text = GOOD.replacen(from, to, 1);
    (line, read(&text, Some(&vikhamn())).map(|_| Vec::new()).unwrap_or_else(|faults| faults))
}

#[track_caller]
fn one(from: &str, to: &str, is: impl Fn(&FaultKind) -> bool) {
    let (line, faults) = faults(from, to);
    assert!(
        faults.iter().any(|fault| is(&fault.kind) && fault.line.abs_diff(line) <= 2),
        "{line}: {faults:#?}"
    );
}

#[test]
fn the_good_one_is_good() {
    let definition = read(GOOD, Some(&vikhamn())).unwrap();
    assert_eq!(definition.steps.len(), 4);
    assert_eq!(definition.steps[0].line, 6);
    assert!(walk(&definition, "2026-11-02T09:00:00Z".parse().unwrap()).steps_missed.is_empty());
}

#[test]
fn each_fault_is_named_where_it_is() {
    use FaultKind as F;
    one("name = \"Prov\"", "name = Prov", |f| matches!(f, F::Syntax(_)));
    one(
        "name = \"Prov\"",
        "nmae = \"Prov\"",
        |f| matches!(f, F::UnknownKey { near: Some(n), .. } if n == "name"),
    );
    one("name = \"Prov\"", "name = \"\"", |f| matches!(f, F::Missing { key: "name" }));
    one("name = \"Prov\"", "name = 7", |f| matches!(f, F::WrongSort { key: "name", wanted: "text" }));
    one("code = \"prov\"", "code = \"Prov 1\"", |f| matches!(f, F::NotAKey { .. }));
    one("due = \"2 arbetsdagar\"", "due = \"snart\"", |f| matches!(f, F::NotATerm { .. }));
    one("due = \"2 arbetsdagar\"", "due = \"900 dagar\"", |f| matches!(f, F::OutOfRange { .. }));
    one("due = \"2 arbetsdagar\"", "resource = \"rum\"", |f| matches!(f, F::NotForKind { kind: "form", .. }));
    one("type = \"yes_no\"", "type = \"ja_nej\"", |f| matches!(f, F::NotAWord { key: "type", .. }));
    one(
        "to = \"slut\"\n\n[[step]]\nkey = \"a\"",
        "to = \"slutt\"\n\n[[step]]\nkey = \"a\"",
        |f| matches!(f, F::UnknownTarget { near: Some(n), .. } if n == "slut"),
    );
    one(
        "when = \"ja_eller_nej\"",
        "when = \"ja_eler_nej\"",
        |f| matches!(f, F::Condition(crate::condition::ConditionFault::UnknownField(_, Some(n))) if n == "ja_eller_nej"),
    );
    one("at_most = 3", "", |f| matches!(f, F::NeverTaken { .. }));
    one("at_most = 3", "at_most = 30", |f| matches!(f, F::OutOfRange { key: "at_most", .. }));
    one("key = \"b\"\nname", "key = \"a\"\nname", |f| matches!(f, F::Twice { what: "step", .. }));
    one("{case_number}", "{case_nummer}", |f| matches!(f, F::UnknownBlank { .. } | F::OpenBrace));
    one("kind = \"letter\"\nto", "kind = \"letter\"\ndelivery = \"message\"\nto", |f| {
        matches!(f, F::SensitiveTravels { .. })
    });
    one("outcome = \"solved\"", "outcome = \"löst\"", |f| matches!(f, F::NotAWord { key: "outcome", .. }));
}

#[test]
fn faults_of_the_ways_are_found() {
    use FaultKind as F;
    let kinds =
        |from: &str, to: &str| -> Vec<FaultKind> { faults(from, to).1.into_iter().map(|f| f.kind).collect() };
    let has = |from: &str, to: &str, is: fn(&F) -> bool| {
        let found = kinds(from, to);
        assert!(found.iter().any(is), "{found:#?}");
    };
    has("gather = true", "", |f| matches!(f, F::SideBySide { .. }));
    has(
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"slut\"",
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"fraga\"",
        |f| matches!(f, F::Endless { .. }),
    );
    has(
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"slut\"",
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"fraga\"\nat_most = 1\n[[step.next]]\nto = \"slut\"",
        |f| matches!(f, F::GatherInRound { .. }),
    );
    has(
        "to = [\"a\", \"b\"]",
        "to = \"a\"",
        |f| matches!(f, F::Unreachable { what: "step", key } if key == "b"),
    );
    has(
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"slut\"",
        "key = \"samla\"\nname = \"Samla\"\ngather = true",
        |f| matches!(f, F::NoWayOn { .. }),
    );
    has(
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nto = \"slut\"",
        "key = \"samla\"\nname = \"Samla\"\ngather = true\n[[step.next]]\nwhen = \"ja_eller_nej\"\nto = \"slut\"",
        |f| matches!(f, F::DeadEnd { .. }),
    );
    has("due = \"2 arbetsdagar\"", "due = \"2 arbetsdagar efter b\"", |f| matches!(f, F::TermFrom { .. }));
    has("case_type = \"vig\"", "case_type = \"vigg\"", |f| matches!(f, F::Unknown { what: "case_type", .. }));
    // A question that is asked only in a branch beside cannot be asked about here.
    has(
        "key = \"a\"\nname = \"A\"\n[[step.next]]\nto = \"samla\"",
        "key = \"a\"\nname = \"A\"\n[[step.field]]\nkey = \"sen\"\nlabel = \"Sen\"\ntype = \"yes_no\"\n[[step.next]]\nto = \"samla\"\n\n[[step]]\nkey = \"c\"\nname = \"C\"\n[[step.next]]\nto = \"slut\"",
        |f| matches!(f, F::Unreachable { .. }),
    );
    has("when = \"ja_eller_nej\"\nto = [\"a\", \"b\"]", "when = \"sen\"\nto = [\"a\", \"b\"]", |f| {
        matches!(f, F::Condition(_))
    });
}

#[test]
fn every_fault_is_said_in_both_languages_without_a_hole() {
    let (_, several) = faults("name = \"Prov\"", "nmae = 1\nextra = true");
    assert!(several.len() >= 3, "all faults are told at once: {several:#?}");
    for language in vocabulary::Language::ALL {
        for fault in &several {
            let said = crate::words::fault(*language, &fault.kind);
            assert!(!said.contains("fault-") && !said.contains('$') && said.len() > 10, "{said}");
        }
    }
}

#[test]
fn malformed_texts_are_refused_and_never_fall() {
    let huge = "[[step]]\n".repeat(500);
    for text in [
        "",
        "\u{0}",
        "[[step]]",
        "step = 1",
        "[step]\nkey=1",
        "[[step]]\nnext = 1\nfield = [1]",
        "code = [",
        &huge,
    ] {
        let faults = read(text, Some(&vikhamn())).unwrap_err();
        assert!((1..=FAULTS_MAX).contains(&faults.len()), "{text}");
    }
    let long = format!("code = \"{}\"", "a".repeat(crate::limits::SOURCE_BYTES_MAX));
    assert_eq!(read(&long, None).unwrap_err(), [Fault { line: 1, kind: FaultKind::TooLarge }]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(150) })]

    /// Any line of a real definition taken away, doubled or cut: refused with lines that are there, or sound.
    #[test]
    fn a_damaged_definition_is_refused_or_sound(which in 0_usize..8, line in 0_usize..400, damage in 0_u8..3) {
        static READ: std::sync::OnceLock<(Known, Vec<(String, String)>)> = std::sync::OnceLock::new();
        let (known, shipped) = READ.get_or_init(|| (vikhamn(), shipped()));
        let text = &shipped[which].1;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = line % lines.len();
        match damage {
            0 => drop(lines.remove(line)),
            1 => lines.insert(line, lines[line].clone()),
            _ => {
                let half = lines[line].chars().count() / 2;
                lines[line] = lines[line].chars().take(half).collect();
            }
        }
        let text = lines.join("\n");
        match read(&text, Some(known)) {
            Err(faults) => proptest::prop_assert!(faults.iter().all(|f| f.line >= 1 && f.line <= lines.len() + 1)),
            Ok(definition) => {
                let walked = walk(&definition, "2026-11-02T09:00:00Z".parse().unwrap());
                proptest::prop_assert_eq!(walked.stuck, 0);
            }
        }
    }
}
