use super::*;
use crate::form::Choice;
use proptest::prelude::*;

fn field(key: &str, kind: FieldKind) -> Field {
    let label = key.to_owned();
    Field { key: key.to_owned(), label, hint: None, kind, required: false, sensitive: false, line: 1 }
}

fn fields() -> Vec<Field> {
    let choice = |key: &str| Choice { key: key.to_owned(), label: key.to_owned() };
    vec![
        field("intyg", FieldKind::YesNo),
        field("antal", FieldKind::Number { min: -100, max: 100 }),
        field("plats", FieldKind::Choice(vec![choice("kommunhuset"), choice("fyren")])),
        field("dag", FieldKind::Date),
        field("ort", FieldKind::Text { lines: false, chars_max: 20 }),
    ]
}

fn read(text: &str) -> Result<Condition, ConditionFault> {
    let fields = fields();
    Condition::read(text, &fields.iter().collect::<Vec<_>>())
}

fn answers() -> Answers {
    [
        ("intyg", Answer::YesNo(true)),
        ("antal", Answer::Number(3)),
        ("plats", Answer::Choice("fyren".to_owned())),
        ("dag", Answer::Date("2026-11-03".parse().unwrap())),
    ]
    .into_iter()
    .map(|(key, answer)| (key.to_owned(), answer))
    .collect()
}

#[test]
fn conditions_say_what_they_say() {
    for (text, holds) in [
        ("intyg", true),
        ("intyg = nej", false),
        ("inte intyg = nej", true),
        ("antal > 2 och antal <= 3", true),
        ("antal < 3 eller plats = fyren", true),
        ("antal < 3 och plats = fyren or intyg", true),
        ("antal < 3 and (plats = fyren or intyg)", false),
        ("plats i (kommunhuset, fyren)", true),
        ("plats in (kommunhuset)", false),
        ("dag >= 2026-11-03 och dag < 2026-11-04", true),
        ("ort = \"Vikhamn\"", false),
        ("ort != \"Vikhamn\"", false),
        ("inte ort = \"Vikhamn\"", true),
        ("antal > -1", true),
    ] {
        assert_eq!(read(text).unwrap().holds(&answers()), holds, "{text}");
    }
}

#[test]
fn faults_are_named() {
    use ConditionFault as F;
    assert_eq!(read("  "), Err(F::Length));
    assert_eq!(read("intyg och"), Err(F::Unexpected(None)));
    assert_eq!(read("intyg intyg"), Err(F::Unexpected(Some("intyg".to_owned()))));
    assert_eq!(read("intyg; 1"), Err(F::Unexpected(Some(";".to_owned()))));
    assert_eq!(read("ort = \"Vik"), Err(F::OpenQuote));
    assert_eq!(read("intig"), Err(F::UnknownField("intig".to_owned(), Some("intyg".to_owned()))));
    assert_eq!(read("antal"), Err(F::NotYesNo("antal".to_owned())));
    assert_eq!(read("plats > fyren"), Err(F::NotBySize("plats".to_owned())));
    assert_eq!(read("plats i kommunhuset"), Err(F::Unexpected(Some("kommunhuset".to_owned()))));
    assert!(matches!(read("antal = många"), Err(F::WrongValue { .. })));
    assert!(matches!(read("ort = Vikhamn"), Err(F::WrongValue { .. })));
    assert!(matches!(read("plats = torget"), Err(F::WrongValue { can, .. }) if can == "kommunhuset, fyren"));
    assert_eq!(read(&"(".repeat(100)), Err(F::TooDeep));
    assert_eq!(read(&"inte ".repeat(90)), Err(F::TooDeep));
    assert_eq!(read(&format!("intyg{}", " och intyg".repeat(100))), Err(F::Length));
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let test = prop_oneof![Just(Test::Equal), Just(Test::Different), Just(Test::Less), Just(Test::AtLeast)];
    let leaf = prop_oneof![
        any::<bool>().prop_map(|yes| Condition::Is("intyg".to_owned(), Test::Equal, Answer::YesNo(yes))),
        (test, -100_i64..100).prop_map(|(t, n)| Condition::Is("antal".to_owned(), t, Answer::Number(n))),
        Just(Condition::In(
            "plats".to_owned(),
            vec![Answer::Choice("fyren".to_owned()), Answer::Choice("kommunhuset".to_owned())]
        )),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Condition::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Condition::Or(Box::new(a), Box::new(b))),
            inner.prop_map(|a| Condition::Not(Box::new(a))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn what_is_written_reads_back_to_the_same(condition in any_condition()) {
        let text = condition.to_string();
        prop_assume!(text.chars().count() <= crate::limits::CONDITION_CHARS_MAX);
        prop_assert_eq!(read(&text), Ok(condition));
    }

    #[test]
    fn nothing_makes_the_reader_fall(text in "\\PC{0,60}|[a-z()=<>!,\" ]{0,60}") {
        drop(read(&text));
    }
}
