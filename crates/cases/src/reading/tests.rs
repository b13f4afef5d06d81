//! Letters as officers write them, and what becomes of them.

use super::*;
use proptest::prelude::*;
use vocabulary::civil::date;

/// Tuesday.
const TODAY: Date = date(2026, 11, 24);

fn swedish(text: &str) -> Reading {
    read(text, TODAY, Language::Swedish)
}

fn doubt(text: &str) -> Option<Doubt> {
    match swedish(text).meaning {
        Meaning::Uncertain(doubt) => Some(doubt),
        _ => None,
    }
}

#[test]
fn done_is_read_from_its_own_words() {
    for text in [
        "Klart",
        "KLART!",
        "klart.",
        "Hej!\n\nKlart.\nGropen lagades i går.",
        "Hej Anna,\nDet är klart. Vi var där 20/11.",
        "Ärendet är klart",
        "Åtgärdat.",
        "  *Klart*  ",
        "Klart, gropen är lagad",
        "Klart - lampan är bytt",
        "Hi\nDone. Replaced the lamp.",
        "KLART\r\n\r\nMvh\r\nMaja",
        "A\u{30a}tga\u{308}rdat",
        "Klart\n\n> ##- Skriv ditt svar ovanför den här raden -##\n> MER TID TILL",
        "Klart nu",
    ] {
        let read = swedish(text);
        assert_eq!((read.meaning, read.public), (Meaning::Done, None), "{text}");
    }
}

#[test]
fn what_is_not_plainly_done_is_for_a_person() {
    for text in [
        "",
        "   \n \n",
        "Klart på fredag",
        "Klart senast 1/12",
        "Inte klart",
        "Klart? Nej, inte än.",
        "Klart. Men det är inte klart med asfalten.",
        "Klart. Resten görs 1/12.",
        "Klart. Kan ni ringa invånaren?",
        "Klart nästan",
        "Klarar inte det här",
        "Vi tittar på det",
        "Tack för påminnelsen",
        "Klart\nFel mottagare",
        "Hej! Jag är på semester till 1/12. Vid brådskande ärenden, ring växeln.",
        "Autosvar: Klart",
        "Gropen är lagad",
        "Klart. Delvis i alla fall.",
        "Hej\nJag ska kolla detta närmare med kollegorna\nKlart",
    ] {
        let read = swedish(text);
        assert!(matches!(read.meaning, Meaning::Uncertain(_)), "{text}: {:?}", read.meaning);
        assert_eq!(read.public, None);
    }
}

#[test]
fn a_day_is_read_in_the_usual_ways() {
    for (text, day) in [
        ("Mer tid till 2026-12-01", date(2026, 12, 1)),
        ("MER TID TILL 1/12", date(2026, 12, 1)),
        ("Mer tid till 1/12-26", date(2026, 12, 1)),
        ("Mer tid till 1/12 2026", date(2026, 12, 1)),
        ("Jag behöver mer tid, till den 1 december.", date(2026, 12, 1)),
        ("Behöver mer tid till 1 dec", date(2026, 12, 1)),
        ("Mer tid till 1 dec. Har mycket nu.", date(2026, 12, 1)),
        ("Mer tid\n\nSvar kommer 1:a december 2026", date(2026, 12, 1)),
        ("Mer tid till 20261201", date(2026, 12, 1)),
        ("Mer tid till 1.12.2026.", date(2026, 12, 1)),
        ("Mer tid till fredag", date(2026, 11, 27)),
        ("Vi behöver mer tid, senast på fredag", date(2026, 11, 27)),
        ("Mer tid till måndag", date(2026, 11, 30)),
        ("Mer tid till fredag den 4 december", date(2026, 12, 4)),
        ("Mer tid till fredag 4/12", date(2026, 12, 4)),
        ("Mer tid till fredag nästa vecka", date(2026, 12, 4)),
        ("Mer tid till nästa vecka på fredag", date(2026, 12, 4)),
        ("Mer tid till fredag v. 49", date(2026, 12, 4)),
        ("Mer tid till fredag vecka 2", date(2027, 1, 15)),
        ("Mer tid till i morgon", date(2026, 11, 25)),
        ("Mer tid, svarar i övermorgon", date(2026, 11, 26)),
        ("Mer tid, svarar om två veckor", date(2026, 12, 8)),
        ("Mer tid, klart om 3 dagar", date(2026, 11, 27)),
        ("Mer tid till 15/1", date(2027, 1, 15)),
        ("Mer tid till 1/12. Besiktningen gjordes 2026-11-02.", date(2026, 12, 1)),
        ("Mer tid till 1/12. Ring inte före dess.", date(2026, 12, 1)),
        ("Mer tid till 1/12, alltså 1 december", date(2026, 12, 1)),
        ("Mer tid till tisdag 1/12", date(2026, 12, 1)),
    ] {
        assert_eq!(swedish(text).meaning, Meaning::MoreTime(day), "{text}");
    }
    for (text, day) in [
        ("More time until 1 December", date(2026, 12, 1)),
        ("I need more time until Dec 1st, 2026", date(2026, 12, 1)),
        ("More time until Friday", date(2026, 11, 27)),
        ("We need more time. You will have it tomorrow.", date(2026, 11, 25)),
        ("More time until 24/12", date(2026, 12, 24)),
        ("More time until 12/12", date(2026, 12, 12)),
    ] {
        assert_eq!(read(text, TODAY, Language::English).meaning, Meaning::MoreTime(day), "{text}");
    }
}

#[test]
fn an_unclear_day_is_no_promise() {
    for text in [
        "Mer tid till nästa vecka",
        "Mer tid till vecka 49",
        "Mer tid till v49",
        "Mer tid till nästa fredag",
        "Mer tid till tisdag",
        "Mer tid, troligen till 1/12",
        "Mer tid till ca 1/12",
        "Mer tid, inte till 1/12",
        "Mer tid till 1/12 eller 5/12",
        "Mer tid till 1-5 december",
        "Mer tid till 1-5/12",
        "Mer tid till torsdag 4/12",
        "Mer tid till 30/2",
        "Mer tid till 2026-02-30",
        "Mer tid till 2026-13-01",
        "Mer tid. Borta till 1/12, svarar 5/12.",
        "Mer tid till efter 1/12",
        "Mer tid till december",
        "Mer tid till månadsskiftet",
        "Mer tid, om tio arbetsdagar",
        "Mer tid till 1/12/2",
        "Mer tid till början av december",
    ] {
        assert_eq!(doubt(text), Some(Doubt::UnclearDay), "{text}: {:?}", swedish(text).meaning);
    }
    for text in
        ["Mer tid", "Mer tid tack", "Behöver mer tid, återkommer", "Mer tid till 1/11", "Mer tid, 1/2 dag"]
    {
        assert_eq!(doubt(text), Some(Doubt::NoDay), "{text}: {:?}", swedish(text).meaning);
    }
    assert_eq!(doubt("Mer tid till 1/12. Går det bra?"), Some(Doubt::Question));
    let either = read("More time until 3/12", TODAY, Language::English).meaning;
    assert_eq!(either, Meaning::Uncertain(Doubt::UnclearDay), "March or December");
}

#[test]
fn the_wrong_recipient_says_why() {
    for text in [
        "Fel mottagare",
        "FEL MOTTAGARE och det är Olle som har vägarna",
        "Hej,\nInte mitt ärende. Prova VA-enheten?",
        "Fel förvaltning",
        "Wrong recipient, ask the water works.",
        "Not my case.",
    ] {
        assert_eq!(swedish(text).meaning, Meaning::WrongRecipient, "{text}");
    }
    for text in ["Fel på lampan är åtgärdat", "Fel", "Inte mitt fel", "Inte fel mottagare"] {
        assert_eq!(doubt(text), Some(Doubt::NoKeyWord), "{text}");
    }
    assert_eq!(doubt("Fel mottagare\nSVAR TILL INVÅNAREN\nRing VA."), Some(Doubt::TwoMeanings));
}

#[test]
fn only_what_stands_below_the_marker_is_for_the_resident() {
    let read = swedish(
        "Hej!\nKlart.\nHan var arg i telefon.\n\nSVAR TILL INVÅNAREN\nGropen är lagad.\nHör av dig om den kommer tillbaka.\n\nMvh\nMaja Åhlström\n070-111 22 33",
    );
    assert_eq!(read.meaning, Meaning::Done);
    assert_eq!(read.public.as_deref(), Some("Gropen är lagad.\nHör av dig om den kommer tillbaka."));
    assert!(read.internal.contains("arg") && read.internal.contains("070-111"));
    for marker in [
        "Svar till invånaren:",
        "svar till invanaren",
        "*SVAR TILL INVÅNAREN*",
        "— Svar till invånaren —".replace('—', "-").as_str(),
        "ANSWER TO THE RESIDENT",
        "\u{200b}SVAR\u{a0}TILL INVÅNAREN ",
        "SVAR TILL INVA\u{30a}NAREN",
    ] {
        let read = swedish(&format!("Klart\n{marker}\nLagad."));
        assert_eq!((read.meaning, read.public.as_deref()), (Meaning::Done, Some("Lagad.")), "{marker}");
    }
    let taken_back = swedish("Klart\nSVAR TILL INVÅNAREN\nLagad.\nINTERNT\nEntreprenören fuskade.");
    assert_eq!(taken_back.public.as_deref(), Some("Lagad."));
    assert!(taken_back.internal.contains("fuskade"));
    let more = swedish("Mer tid till 1/12\nSVAR TILL INVÅNAREN\nVi väntar på asfalt.");
    assert_eq!(more.meaning, Meaning::MoreTime(date(2026, 12, 1)));
    assert_eq!(more.public.as_deref(), Some("Vi väntar på asfalt."));
    let day_in_public = swedish("Klart\nSVAR TILL INVÅNAREN\nVi lagar den på fredag.");
    assert_eq!(day_in_public.meaning, Meaning::Done);
}

#[test]
fn an_unclear_marker_makes_nothing_public() {
    for text in [
        "Klart\nSVAR TILL INVÅNAREN: Lagad.",
        "Klart\nSvar till invånaren väntar vi med.",
        "Klart\nSVAR TILL INVÅNAREN\nLagad.\nSVAR TILL INVÅNAREN\nOch sopad.",
        "Klart\nSVAR TILL INVÅNAREN\nLagad.\nFRÅGA TILL INVÅNAREN\nVar?",
    ] {
        let read = swedish(text);
        assert_eq!((read.meaning, read.public), (Meaning::Uncertain(Doubt::UnclearMarker), None), "{text}");
    }
    for text in ["SVAR TILL INVÅNAREN\nLagad.", "Vi har varit där\nSVAR TILL INVÅNAREN\nLagad."] {
        assert_eq!((doubt(text), swedish(text).public), (Some(Doubt::NoKeyWord), None), "{text}");
    }
}

#[test]
fn a_question_to_the_resident_stands_below_its_own_marker() {
    let read = swedish("Hej\n\nFRÅGA TILL INVÅNAREN\nVilken sida av vägen?\n\nHälsningar Maja");
    assert_eq!(read.meaning, Meaning::AskResident);
    assert_eq!(read.public.as_deref(), Some("Vilken sida av vägen?"));
    assert_eq!(doubt("FRÅGA TILL INVÅNAREN\n\n"), Some(Doubt::EmptyQuestion));
    assert_eq!(doubt("Klart\nFRÅGA TILL INVÅNAREN\nVar?"), Some(Doubt::TwoMeanings));
    assert_eq!(doubt("Fråga till invånaren: var?"), Some(Doubt::UnclearMarker));
}

#[test]
fn what_is_quoted_counts_for_nothing_whatever_the_program() {
    let ours = "SVAR TILL INVÅNAREN\nDet du skriver under raden skickas till invånaren.";
    for quote in [
        format!("##- Skriv ditt svar ovanför den här raden -##\n\n{ours}"),
        format!(
            "Från: Kontaktcenter <svar@kc.example>\nSkickat: den 2 november 2026 10:00\nTill: Maja\nÄmne: Ärende\n\n{ours}"
        ),
        format!("*From:* Kontaktcenter\n*Sent:* Monday\n\n{ours}"),
        format!(
            "Den mån 2 nov. 2026 kl 10:00 skrev Kontaktcenter <svar@kc.example>:\n\n> {}",
            ours.replace('\n', "\n> ")
        ),
        format!("On Mon, 2 Nov 2026 at 10:00, Kontaktcenter <svar@kc.example>\nwrote:\n\n{ours}"),
        format!("-----Ursprungligt meddelande-----\n{ours}"),
        format!("________________________________\n{ours}"),
        format!("Skickat från min iPhone\n\n{ours}"),
        format!("-- \nMaja Åhlström\n\n{ours}"),
        format!("> {}", ours.replace('\n', "\n> ")),
    ] {
        let read = swedish(&format!("Klart.\nFixat av Olle.\n\n{quote}"));
        assert_eq!((read.meaning, read.public), (Meaning::Done, None), "{quote}");
        assert_eq!(read.internal, "Klart.\nFixat av Olle.");
    }
    let below = swedish("> Kan ni laga den?\nKlart\n> Var ligger den?\nVid skolan");
    assert_eq!(below.meaning, Meaning::Uncertain(Doubt::Interleaved));
    assert!(below.internal.contains("Vid skolan"), "a person sees all of it");
}

/// Letters put together from what officers write and what programs add.
fn letters() -> impl Strategy<Value = String> {
    let opening = prop_oneof![
        Just(""),
        Just("Hej!\n"),
        Just("Klart\n"),
        Just("Klart.\n"),
        Just("Mer tid till 1/12\n"),
        Just("Fel mottagare\n"),
        Just("KLART\n\n"),
        Just("Done\n"),
        Just("Vi tittar på det\n"),
    ];
    let marker = prop_oneof![
        4 => Just("SVAR TILL INVÅNAREN\n"), 2 => Just("FRÅGA TILL INVÅNAREN\n"), 1 => Just("Svar till invånaren: "),
        2 => Just("svar till invånaren\n"), 1 => Just("INTERNT\n"), 1 => Just("Mvh Maja\n"), 2 => Just(""),
        1 => Just("> SVAR TILL INVÅNAREN\n"), 1 => Just("Den 2/11 2026 skrev KC:\n"), 1 => Just("-- \n"),
    ];
    let part = (marker, "(in|ut)[0-9]{3}( [a-zåäö?.!]{1,8}){0,4}");
    (opening, proptest::collection::vec(part, 0..6)).prop_map(|(opening, parts)| {
        let rest: String = parts.iter().map(|(marker, words)| format!("{marker}{words}\n")).collect();
        format!("{opening}{rest}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    /// Said slowly and in other words: a public line is one that stands below the first marker, with no second marker
    /// in the letter, and nothing between that ends the public part.
    #[test]
    fn nothing_leaks(letter in letters()) {
        let read = swedish(&letter);
        let Some(public) = read.public else { return Ok(()) };
        prop_assert!(!matches!(read.meaning, Meaning::Uncertain(_) | Meaning::WrongRecipient));
        let lines: Vec<&str> = letter.lines().map(str::trim).collect();
        let is_marker = |l: &&str| {
            let l = l.to_lowercase();
            l == "svar till invånaren" || l == "fråga till invånaren"
        };
        let at = lines.iter().position(is_marker).unwrap();
        for line in public.lines() {
            let below = lines[at + 1..].iter().position(|l| *l == line);
            prop_assert!(below.is_some(), "{line:?} is public in {letter:?}");
            let between = &lines[at + 1..at + 1 + below.unwrap()];
            for ended in ["INTERNT", "Mvh Maja", "-- ", "--", "> SVAR TILL INVÅNAREN", "Den 2/11 2026 skrev KC:"] {
                prop_assert!(!between.contains(&ended), "{line:?} stands below {ended:?} in {letter:?}");
            }
        }
    }

    #[test]
    fn any_text_is_read_without_a_fault(text in "\\PC{0,300}", lines in proptest::collection::vec("[ -~åäöÅÄÖ]{0,40}", 0..12)) {
        for text in [text, lines.join("\n")] {
            let read = swedish(&text);
            prop_assert!(read.public.is_none() || !matches!(read.meaning, Meaning::Uncertain(_)));
        }
    }

    #[test]
    fn every_day_of_a_year_reads_back_as_written(ahead in 1..180_i64, form in 0..7_usize) {
        let day = TODAY.checked_add(jiff::Span::new().days(ahead)).unwrap();
        let months = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
            "november", "december"];
        let month = months[usize::try_from(day.month() - 1).unwrap()];
        let written = match form {
            0 => day.to_string(),
            1 => format!("{}/{}", day.day(), day.month()),
            2 => format!("{} {month}", day.day()),
            3 => format!("den {}:e {month} {}", day.day(), day.year()),
            4 => format!("{}.{}.{}", day.day(), day.month(), day.year()),
            5 => format!("{} {}", day.day(), &month[..3]),
            _ => format!("{}/{}-{}", day.day(), day.month(), day.year() % 100),
        };
        prop_assert_eq!(swedish(&format!("Mer tid till {written}")).meaning, Meaning::MoreTime(day), "{}", written);
    }
}
