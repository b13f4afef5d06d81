//! Both ways: nothing personal is left, and ordinary questions stay as they are.

use super::{Names, lists, masked};
use proptest::prelude::*;

fn mask(text: &str) -> String {
    masked(text, Names::built_in())
}

#[track_caller]
fn assert_masked(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| mask(text) != *expected)
        .map(|(text, expected)| format!("{text:?} became {:?}, not {expected:?}", mask(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn personal_numbers_in_every_form() {
    for number in [
        "19850101-1234",
        "850101-1234",
        "8501011234",
        "198501011234",
        "850101 1234",
        "19850101 1234",
        "850101+1234",
        "850101 - 1234",
        "850101–1234",
        "85 01 01 12 34",
        "85 01 01 1234",
        "1985 01 01 1234",
        "1985-01-01-1234",
        "19 85 01 01 12 34",
        "850161-1234",
        "19850191 1234",
        "20210504-1234",
        "850101/1234",
        "850101-TF12",
        "850101",
        "19850101",
        "850101-",
        "850101-1",
        "850101-12",
        "850101 123",
        "1985-01-01",
        "85-01-01",
        "８５０１０１-１２３４",
        "٨٥٠١٠١-١٢٣٤",
        "850\u{200b}101-1234",
    ] {
        let got = mask(&format!("förskola {number}"));
        assert!(got.starts_with("förskola «personnummer»"), "{number}: {got}");
        assert!(!got.chars().any(|c| c.is_numeric()), "{number}: {got}");
    }
    assert_masked(&[
        ("mitt barn är född 2021-05-04", "mitt barn är född «personnummer»"),
        ("född den 17 maj 1985", "född den «personnummer»"),
        ("sonen född 3/11 2019 förskola", "sonen född «personnummer» förskola"),
        ("pnr 26-01-05", "pnr «personnummer»"),
        ("personnummer:850101-1234.", "personnummer:«personnummer»."),
        ("850101-1234 och 900202-4321", "«personnummer» och «personnummer»"),
        ("organisationsnummer 556677-8899", "organisationsnummer «nummer»"),
        ("851301-1234", "«nummer»"),
    ]);
}

#[test]
fn telephone_numbers_in_every_form() {
    for number in [
        "070-174 06 05",
        "0701740605",
        "070 174 06 05",
        "070-1740605",
        "+46701740605",
        "+46 70 174 06 05",
        "+46 (0)70-174 06 05",
        "0046701740605",
        "0046 70 174 06 05",
        "46701740605",
        "08-123 45 67",
        "08 12345678",
        "0980-31 92 00",
        "0980/319200",
        "031-3900600",
        "070.174.06.05",
        "070 17 40 605",
        "070174",
        "0701-74",
        "07017",
        "+4670",
        "(070) 174 06 05",
        "0 7 0 1 7 4 0 6 0 5",
        "70 174 06 05",
    ] {
        let got = mask(&format!("ring {number} tack"));
        assert!(!got.chars().any(|c| c.is_ascii_digit()), "{number}: {got}");
        assert!(got.starts_with("ring ") && got.ends_with(" tack"), "{number}: {got}");
    }
}

#[test]
fn addresses_of_mail_and_plates_and_cards() {
    assert_masked(&[
        ("anna.andersson@gmail.com faktura", "«e-post» faktura"),
        ("min mejl är Anna_99@example.se.", "min mejl är «e-post»."),
        ("skicka till anna@gmail", "skicka till «e-post»"),
        ("anna.andersson@", "«e-post»"),
        ("anna @ gmail.com", "«e-post»"),
        ("anna.a (at) example.com", "«e-post»"),
        ("faktura annaa snabela example.com", "faktura «e-post»"),
        ("bil ABC123 står i vägen", "bil «regnr» står i vägen"),
        ("abc12d felparkerad", "«regnr» felparkerad"),
        ("felparkerad bil ABC 123", "felparkerad bil «regnr»"),
        ("regnr abc 12d", "regnr «regnr»"),
        ("kort 4581 1234 5678 9012", "kort «nummer»"),
        ("4581123456789012", "«nummer»"),
        ("konto 8327-9, 123 456 789-0", "konto 8327-9, «nummer»"),
        ("SE35 5000 0000 0549 1000 0003", "«nummer»"),
        ("bankgiro 123-4567", "bankgiro «nummer»"),
        ("ärende KC-26110042", "ärende «ärende»"),
        ("hur går det med kc 26110042", "hur går det med «ärende»"),
        ("fastigheten Viken 2:14", "fastigheten Viken «adress»"),
    ]);
}

#[test]
fn streets_stay_and_their_numbers_go() {
    assert_masked(&[
        ("lampan trasig Storgatan 14", "lampan trasig Storgatan «adress»"),
        ("storgatan 14b lampa", "storgatan «adress» lampa"),
        ("Storgatan 14 B, lgh 1203", "Storgatan «adress», lgh «adress»"),
        ("snöröjning östervik byväg 3", "snöröjning östervik byväg «adress»"),
        ("sopor Sankt Eriksgatan 102", "sopor Sankt Eriksgatan «adress»"),
        ("bor på solvik 12 vilken skola", "bor på solvik «adress» vilken skola"),
        ("tullhusgränd 7", "tullhusgränd «adress»"),
    ]);
}

#[test]
fn names_in_free_text() {
    assert_masked(&[
        ("anna andersson förskola", "«namn» förskola"),
        ("ANNA ANDERSSON", "«namn»"),
        ("Anna-Karin Lindqvist faktura", "«namn» faktura"),
        ("förskola för Annas son", "förskola för «namn» son"),
        ("jag heter zbigniew wojtaszek och vill ha bygglov", "jag heter «namn» och vill ha bygglov"),
        ("jag heter sten", "jag heter «namn»"),
        ("mitt namn är Gran Lind", "mitt namn är «namn»"),
        ("min son ahmadreza behöver skolskjuts", "min son «namn» behöver skolskjuts"),
        ("min son björn behöver skolskjuts", "min son «namn» behöver skolskjuts"),
        ("min dotter Linnea går i skolan", "min dotter «namn» går i skolan"),
        ("min mamma Viktoria Berg hemtjänst", "min mamma «namn» hemtjänst"),
        ("Mohammed Abdullahi färdtjänst", "«namn» färdtjänst"),
        ("fatima al-hassan bostad", "«namn» bostad"),
        ("kontakta handläggare Per Åker om bygglov", "kontakta handläggare «namn» om bygglov"),
        ("telefonnummer till Björn Lind på kommunen", "telefonnummer till «namn» på kommunen"),
        ("har ni numret till Kseniya Drahomirova", "har ni numret till «namn»"),
        ("J. Svensson faktura", "«namn» faktura"),
        ("carl von essen bygglov", "«namn» bygglov"),
        ("hans johansson", "«namn»"),
        ("anna svenss", "«namn»"),
        ("hälsningar Stig", "hälsningar «namn»"),
        ("Erik Gustafssons bygglov", "«namn» bygglov"),
        ("«anna andersson»", "««namn»»"),
        ("maj-britt söker hemtjänst", "«namn» söker hemtjänst"),
        ("Nguyen Thi Hoa simskola", "«namn» simskola"),
        ("vår granne Olle Ek eldar", "vår granne «namn» eldar"),
        ("anna berg", "«namn»"),
        ("anna åker skolskjuts", "«namn» åker skolskjuts"),
        ("linnea viktoria berg", "«namn»"),
        ("Björn Berg", "«namn»"),
        ("bygglovshandläggare Åker", "bygglovshandläggare «namn»"),
        ("JAG HETER PER ÅKER", "JAG HETER «namn»"),
        ("min son Dag behöver", "min son «namn» behöver"),
        (
            "Lars Lind, Storgatan 3, 070-1234567, lars@lind.se",
            "«namn», Storgatan «adress», «telefon», «e-post»",
        ),
    ]);
}

/// Questions as residents put them: nothing in them is anybody's. Words that are also names are among them on purpose.
const ORDINARY: &[&str] = &[
    "när kommer sopbilen",
    "bygglov altan hur stor får den vara",
    "Hur ansöker jag om bygglov för altan?",
    "ANSÖKAN OM BYGGLOV",
    "Ansök Om Förskoleplats",
    "öppettider simhallen lördag 10-14",
    "öppet 07.30-16.00 vardagar",
    "kl 08:00-17:00",
    "0730-1600",
    "vecka 44 45 46 47",
    "v. 44 2026",
    "höstlov 2026-10-26 till 2026-10-30",
    "lov 26/10 2026",
    "läsåret 2025/2026",
    "2025-2026",
    "sommarlov 2027",
    "avgift 12 000 kr",
    "bygglovsavgift 2 500 000 kr",
    "inkomst 450 000 kronor barnomsorg",
    "taxa 1500-2000 kr",
    "ring 112",
    "1177 vårdguiden",
    "114 14 polisen",
    "hund i park koppel maj till augusti",
    "får jag fälla en gran på tomten",
    "fälla björk och lind på kommunens mark",
    "sten på vägen",
    "stig genom skogen vid berget",
    "björn i skogen vem ringer man",
    "lo sedd vid skolan",
    "åker bussen i maj",
    "rosa soptunna",
    "klass 7 skolval",
    "klassen har lov",
    "rut-avdrag trädgård",
    "vad gäller i maj",
    "hall att hyra för fest",
    "hans och hennes toalett",
    "min man behöver hemtjänst",
    "min mamma är dement",
    "min son behöver skolskjuts",
    "min dotter har autism",
    "min fru åker färdtjänst",
    "mina barn ska byta skola",
    "min granne eldar i trädgården",
    "vad heter chefen för skolan",
    "vad heter kommunalrådet",
    "bor på landet slamtömning",
    "bor i villa vatten",
    "flytta till Södra Vikhamn",
    "sjukhuset i Västra Götaland",
    "Region Skåne tandvård",
    "hur långt är det till Nya Lundens förskola",
    "badplats vid Lilla Torget",
    "Gustav Adolfs torg parkering",
    "Astrid Lindgrens skola",
    "Sankt Olofs kyrka",
    "gustav adolfs torg",
    "väg 222 avstängd",
    "riksväg 40 hastighet",
    "E4 olycka",
    "detaljplan 123",
    "plan 3 stadshuset",
    "parkering max 2 timmar",
    "stranden 2 toaletter",
    "rum 204",
    "rum 123",
    "buss 123",
    "lag 2018:585",
    "elbil laddstolpe 22 kW",
    "altan 15 kvm bygglov 3,5 meter",
    "friggebod 15 m2",
    "pool 100000 liter fylla",
    "bidrag 100000 kr",
    "ukrainsk flykting sfi",
    "hyra lokal 50 personer",
    "moped 15 år",
    "barn 1-5 år",
    "0-6 år öppen förskola",
    "förskola kö 3 månader",
    "sol och vind tillstånd solceller",
    "storm träd på väg",
    "vatten avstängt kajgatan",
    "snöröjning storgatan",
    "kulturskolan dans",
    "borgerlig vigsel lördag",
    "gravsatt kyrkogård",
    "god man arvode",
    "svartbygge anmäla",
    "val 2026 förtidsrösta",
    "liv och hälsa kurs",
    "jag vill klara körkort",
    "rita karta över tomten",
    "sänka hastigheten på vår gata",
    "vem plogar vår väg",
    "Hej! Jag undrar när soporna hämtas i jul?",
    "Kan man bada i sjön? Hur är vattnet?",
    "Trasig lampa vid Stortorget",
    "var ligger Medborgarhuset",
    "Jag är arbetslös och behöver pengar",
    "jag är student",
    "hur mår bina",
    "fiskekort laxar",
];

#[test]
fn ordinary_questions_stay_whole() {
    let changed: Vec<String> = ORDINARY
        .iter()
        .filter(|question| mask(question) != **question)
        .map(|question| format!("{question:?} became {:?}", mask(question)))
        .collect();
    assert!(changed.is_empty(), "{} of {} changed:\n{}", changed.len(), ORDINARY.len(), changed.join("\n"));
}

/// The demo town's own questions and answers hold officials' names here and there; of the articles' titles and keywords hardly
/// any may change.
#[test]
fn what_the_town_writes_about_stays_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../town/vikhamn/articles");
    let (mut lines, mut changed) = (0_usize, Vec::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            let told = line
                .split_once(" = ")
                .filter(|(key, _)| matches!(key.trim(), "title" | "public_title" | "keywords"));
            let Some((_, told)) = told else { continue };
            for part in told.trim_matches('"').split(',').map(str::trim).filter(|part| !part.is_empty()) {
                lines += 1;
                if mask(part) != part {
                    changed.push(format!("{part} -> {}", mask(part)));
                }
            }
        }
    }
    assert!(lines > 100, "{lines}");
    assert!(changed.len() * 100 <= lines, "{} of {lines}:\n{}", changed.len(), changed.join("\n"));
}

#[test]
fn nonsense_is_answered_with_itself() {
    for text in ["", "   ", "?!", "@", "+", "-", "«»", "«namn»", "0", "(", "a@", "\u{0}\u{1}"] {
        let _ = mask(text);
    }
    assert_eq!(mask("  två   ord \n"), "två ord");
    assert_eq!(mask(&"å".repeat(5_000)).chars().count(), super::TYPED_CHARS_MAX);
}

fn given() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(lists::GIVEN.split_whitespace().collect::<Vec<_>>())
}

fn surname() -> impl Strategy<Value = String> {
    let listed = proptest::sample::select(lists::SURNAMES.split_whitespace().collect::<Vec<_>>());
    prop_oneof![
        listed.prop_map(str::to_owned),
        given()
            .prop_map(|name| format!("{name}sson"))
            .prop_filter("long enough", |name| name.chars().count() > 6),
    ]
}

fn in_any_case(text: String) -> impl Strategy<Value = String> {
    let title = text
        .split(' ')
        .map(|word| {
            word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ");
    prop_oneof![Just(text.to_lowercase()), Just(text.to_uppercase()), Just(title)]
}

fn question() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "förskola {}",
        "{} vill ha bygglov",
        "faktura till {}",
        "när hämtas soporna hos {} igen",
        "hej {}!",
        "{}",
        "kontakta {}, tack",
    ])
}

/// A personal number: any date, any co-ordination, any grouping.
fn personal_number() -> impl Strategy<Value = String> {
    let date = (1900..2026_u32, 1..=12_u32, 1..=28_u32, proptest::bool::ANY, 0..10_000_u32);
    (date, 0..8_u8).prop_map(|((year, month, day, coordination, last), form)| {
        let day = if coordination { day + 60 } else { day };
        let short = format!("{:02}{month:02}{day:02}", year % 100);
        match form {
            0 => format!("{short}-{last:04}"),
            1 => format!("{short}{last:04}"),
            2 => format!("{year}{month:02}{day:02}-{last:04}"),
            3 => format!("{year}{month:02}{day:02}{last:04}"),
            4 => format!("{short} {last:04}"),
            5 => format!("{short}+{last:04}"),
            6 => format!("{year} {month:02} {day:02} {last:04}"),
            _ => format!("{:02} {month:02} {day:02} {:02} {:02}", year % 100, last / 100, last % 100),
        }
    })
}

fn telephone() -> impl Strategy<Value = String> {
    let grouped = |prefix: &'static str| {
        (proptest::collection::vec(0..10_u8, 7), 0..4_u8).prop_map(move |(digits, form)| {
            let d: String = digits.iter().map(ToString::to_string).collect();
            match form {
                0 => format!("{prefix}{d}"),
                1 => format!("{prefix}-{} {} {}", &d[..3], &d[3..5], &d[5..]),
                2 => format!("{prefix} {} {} {}", &d[..3], &d[3..5], &d[5..]),
                _ => format!("{prefix}-{d}"),
            }
        })
    };
    prop_oneof![
        grouped("070"),
        grouped("08"),
        grouped("+4673"),
        grouped("+46 76"),
        grouped("004672"),
        grouped("031")
    ]
}

fn has_long_digits(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        if run >= 4 {
            return true;
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_personal_number_gets_through(number in personal_number(), question in question()) {
        let got = mask(&question.replace("{}", &number));
        prop_assert!(!has_long_digits(&got) && got.contains('«'), "{number}: {got}");
    }

    #[test]
    fn no_telephone_number_gets_through(number in telephone(), question in question()) {
        let got = mask(&question.replace("{}", &number));
        prop_assert!(!has_long_digits(&got) && got.contains('«'), "{number}: {got}");
    }

    #[test]
    fn no_known_name_gets_through(
        name in (given(), surname()).prop_flat_map(|(given, surname)| in_any_case(format!("{given} {surname}"))),
        question in question(),
    ) {
        let got = mask(&question.replace("{}", &name)).to_lowercase();
        let parts: Vec<String> = name.to_lowercase().split(' ').map(str::to_owned).collect();
        let words: Vec<&str> = got.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
        prop_assert!(got.contains("«namn»") && !parts.iter().any(|part| words.contains(&part.as_str())), "{name}: {got}");
    }

    #[test]
    fn a_number_half_typed_is_masked_from_the_date_on(number in personal_number()) {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let least = if digits.len() == 12 { 8 } else { 6 };
        for typed in least..=digits.len() {
            let got = mask(&digits[..typed]);
            prop_assert!(!has_long_digits(&got), "{}: {got}", &digits[..typed]);
        }
    }

    #[test]
    fn what_is_masked_stays_as_it_is(text in "[a-zåäöA-ZÅÄÖ0-9@.,+/ «»-]{0,80}") {
        let once = mask(&text);
        prop_assert_eq!(mask(&once), once);
    }

    #[test]
    fn any_text_is_masked_without_panic(text in "\\PC{0,200}") {
        let _ = mask(&text);
    }
}
