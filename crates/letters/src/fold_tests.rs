//! Answers as people's programs write them: what was written just now is left, and nothing else.

use crate::fold;

/// What is written; what is left when it is folded.
const LETTERS: &[(&str, &str)] = &[
    // Outlook, Swedish and English.
    (
        "Det är klart nu.\n\nFrån: KC <kc@v.example>\nSkickat: den 3 november 2026 10:12\nTill: Åsa\nÄmne: Gatan\n\nKan ni titta?",
        "Det är klart nu.",
    ),
    (
        "Done.\n\n________________________________\nFrom: KC <kc@v.example>\nSent: Tuesday, November 3, 2026 10:12 AM\nTo: Åsa\nSubject: Gatan\n\nText",
        "Done.",
    ),
    ("Klart!\n\n*Från:* KC\n*Skickat:* den 3 november\n*Till:* Åsa\n*Ämne:* x\n\nText", "Klart!"),
    ("Ja.\n\n-----Ursprungligt meddelande-----\nFrån: KC\nTill: mig\n\nFråga?", "Ja."),
    ("Yes.\n-----Original Message-----\nFrom: x\n\ny", "Yes."),
    // Gmail, Apple, Thunderbird, Yahoo.
    (
        "Tack!\n\nDen tis 3 nov. 2026 kl 10:12 skrev Kontaktcenter <kc@vikhamn.example>:\n\n> Hej,\n> välkommen.\n",
        "Tack!",
    ),
    (
        "Tack!\n\nDen tis 3 nov. 2026 kl 10:12 skrev Kontaktcenter Vikhamn <\nkc@vikhamn.example>:\n\n> Hej\n",
        "Tack!",
    ),
    (
        "Thanks\n\nOn Tue, Nov 3, 2026 at 10:12 AM Kontaktcenter <kc@vikhamn.example> wrote:\n> Hej\n",
        "Thanks",
    ),
    ("Okej\n\nSkickat från min iPhone\n\n3 nov. 2026 kl. 10:12 skrev KC <kc@v.example>:\n\n> Hej", "Okej"),
    ("Okej\n\nDen 2026-11-03 kl. 10:12, skrev KC:\n> Hej\n> på dig", "Okej"),
    ("Okej\n\nPå tisdag 3 november 2026 10:12:00 CET, KC <kc@v.example> skrev:\n\nHej på dig", "Okej"),
    // Answers below and between.
    (
        "Den 3 nov. 2026 kl. 10:12 skrev KC <kc@v.example>:\n> Vilken gata?\n\nStorgatan.\n\n> Vilket nummer?\n\nTre.",
        "Storgatan.\n\nTre.",
    ),
    // Signatures.
    ("Klart.\n\n-- \nÅsa Öberg\nVA-enheten", "Klart."),
    (
        "Klart.\n\nMed vänlig hälsning\nÅsa Öberg\nDriftingenjör\nTel: 0123-45 60 12\nwww.vikhamn.example",
        "Klart.\n\nMed vänlig hälsning\nÅsa Öberg",
    ),
    ("Klart.\n\nMvh\nÅsa", "Klart.\n\nMvh\nÅsa"),
    ("Hej!\nDet är halt.\nHämta Outlook för iOS", "Hej!\nDet är halt."),
    // Disclaimers.
    (
        "Klart.\n\nMvh Åsa\n\nDetta e-postmeddelande är endast avsett för adressaten och kan innehålla konfidentiell information.",
        "Klart.\n\nMvh Åsa",
    ),
    (
        "Klart.\n\nNär du skickar e-post till oss behandlar vi dina personuppgifter enligt dataskyddsförordningen.\nLäs mer på vår webb.",
        "Klart.",
    ),
    ("Klart.\n\nTänk på miljön innan du skriver ut det här mejlet", "Klart."),
    // What looks like it and is not.
    (
        "Den 3 november kl 10:12 skrev jag till er:\nVarför svarar ingen?",
        "Den 3 november kl 10:12 skrev jag till er:\nVarför svarar ingen?",
    ),
    (
        "Från: Storgatan 1\nvill jag flytta till Lillgatan.",
        "Från: Storgatan 1\nvill jag flytta till Lillgatan.",
    ),
    (
        "Hej\n\nNi behandlar mina personuppgifter fel. Jag vill ha rättelse.",
        "Hej\n\nNi behandlar mina personuppgifter fel. Jag vill ha rättelse.",
    ),
    ("Punkt ett --\npunkt två", "Punkt ett --\npunkt två"),
    ("Mätvärden > 5\n5 > 4", "Mätvärden > 5\n5 > 4"),
    // A forwarded letter says nothing itself and is left whole.
    (
        "\n---------- Forwarded message ---------\nFrån: Kim <kim@e.se>\nÄmne: Hål i gatan\n\nDet är ett hål.",
        "---------- Forwarded message ---------\nFrån: Kim <kim@e.se>\nÄmne: Hål i gatan\n\nDet är ett hål.",
    ),
    ("> bara citat\n> inget annat", "> bara citat\n> inget annat"),
    (
        "Skriv ovanför den här raden när du svarar\n\ntext",
        "Skriv ovanför den här raden när du svarar\n\ntext",
    ),
    ("Klart.\n\n--- Svara ovanför den här raden ---\n\ntext", "Klart."),
    ("👍\n\nDen 3 nov. 2026 kl. 10:12 skrev KC <kc@v.example>:\n> Passar torsdag?", "👍"),
    ("", ""),
];

#[test]
fn what_was_written_just_now_is_left() {
    for (written, left) in LETTERS {
        assert_eq!(fold(written), *left, "of:\n{written}");
    }
}

#[test]
fn folding_what_is_folded_changes_nothing() {
    for (_, left) in LETTERS {
        assert_eq!(fold(left), *left);
    }
}
