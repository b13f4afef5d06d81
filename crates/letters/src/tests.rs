//! Whole letters, as programs and servers write them.

use crate::*;
use proptest::prelude::*;

const ID: &str = "0198c0de-0000-7000-8000-000000000001";

fn own() -> Own {
    Own {
        addresses: vec!["kc@vikhamn.example".to_owned(), "svara-inte@vikhamn.example".to_owned()],
        message_id_domain: "vikhamn.example".to_owned(),
    }
}

fn letter(raw: &str) -> Letter {
    read(raw.replace('\n', "\r\n").as_bytes(), &Limits::default(), &own())
}

#[test]
fn an_outlook_letter_with_an_inline_picture_and_a_file() {
    let raw = "From: Kim Ek <kim@example.se>
To: kc@vikhamn.example
Subject: SV: Gatan
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"m\"

--m
Content-Type: multipart/related; boundary=\"r\"; type=\"multipart/alternative\"

--r
Content-Type: multipart/alternative; boundary=\"a\"

--a
Content-Type: text/plain; charset=\"iso-8859-1\"
Content-Transfer-Encoding: quoted-printable

H=E4r =E4r bilden.
[cid:bild1]

Fr=E5n: Kontaktcenter <kc@vikhamn.example>
Skickat: den 3 november 2026 10:12
Till: Kim Ek
=C4mne: Gatan

Skicka en bild.
--a
Content-Type: text/html; charset=\"iso-8859-1\"
Content-Transfer-Encoding: quoted-printable

<html><body><p>H=E4r =E4r bilden.</p><img src=3D\"cid:bild1\" width=3D\"100\"></body></html>
--a--

--r
Content-Type: image/png; name=\"bild.png\"
Content-Disposition: inline; filename=\"bild.png\"
Content-ID: <bild1>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--r--

--m
Content-Type: application/pdf; name=\"=?iso-8859-1?Q?r=E4kning.pdf?=\"
Content-Disposition: attachment
Content-Transfer-Encoding: base64

JVBERi0=
--m
Content-Type: application/octet-stream
Content-Disposition: attachment; filename=\"spel.exe\"
Content-Transfer-Encoding: base64

TVqQAAM=
--m--
";
    let read = letter(raw);
    assert_eq!(read.reply, "Här är bilden.\n[cid:bild1]");
    assert!(read.text.contains("Skicka en bild."));
    assert!(read.html.unwrap().contains("<img src=\"cid:bild1\" width=\"100\">"));
    let parts: Vec<_> = read.parts.iter().map(|p| (p.name.as_str(), p.inline, p.bytes.len())).collect();
    assert_eq!(parts, [("bild.png", true, 8), ("räkning.pdf", false, 5)]);
    assert_eq!(read.parts[0].content_id.as_deref(), Some("bild1"));
    assert_eq!(read.refused, [RefusedPart { name: "spel.exe".to_owned(), reason: Refused::Dangerous }]);
    assert_eq!(read.kind, Kind::Person);
}

#[test]
fn html_alone_becomes_text_and_a_blank_plain_part_does_not_hide_it() {
    let page = "<p>Hej, det är <b>halt</b> på gatan.</p><blockquote>Ert brev</blockquote>";
    let alone = letter(&format!("From: a@b.se\nContent-Type: text/html; charset=utf-8\n\n{page}"));
    assert_eq!(alone.text, "Hej, det är halt på gatan.\n\n> Ert brev");
    assert_eq!(alone.reply, "Hej, det är halt på gatan.");
    let both = letter(&format!(
        "From: a@b.se\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n{page}\n--b--\n"
    ));
    assert_eq!(both.reply, alone.reply);
}

#[test]
fn a_letter_within_a_letter_is_a_file_and_what_is_in_it_stays_there() {
    let read = letter(
        "From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSe bifogat.\n--b\nContent-Type: message/rfc822\n\nSubject: Inre ärende\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nInre\n--c--\n--b--\n",
    );
    assert_eq!(read.text, "Se bifogat.");
    assert_eq!(read.parts.len(), 1);
    assert_eq!(
        (read.parts[0].name.as_str(), read.parts[0].media_type.as_str()),
        ("Inre ärende.eml", "message/rfc822")
    );
}

#[test]
fn machines_are_known_by_their_heads_and_people_are_left_alone() {
    let kind = |head: &str| letter(&format!("From: kim@example.se\nSubject: Hej\n{head}\n\nText")).kind;
    for machine in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "List-Id: Nyheter <nyheter.example.org>",
        "List-Unsubscribe: <https://example.org/u>",
    ] {
        assert_eq!(kind(machine), Kind::AutoReply, "{machine}");
    }
    for person in [
        "X-Mailer: x",
        "Auto-Submitted: no",
        "Precedence: normal",
        "List-Id: Kontaktcenter <kc.vikhamn.example>",
        "Return-Path: <kim@example.se>",
        "X-Priority: 1",
    ] {
        assert_eq!(kind(person), Kind::Person, "{person}");
    }
    let said = |subject: &str, head: &str| {
        letter(&format!("From: kim@example.se\nSubject: {subject}\n{head}\n\nText")).kind
    };
    assert_eq!(said("Frånvaro: Gatan", "In-Reply-To: <x@y>"), Kind::AutoReply, "two hints");
    assert_eq!(said("Frånvaro i skolan: hur anmäler jag?", "X-Mailer: x"), Kind::Person, "one is none");
    assert_eq!(said("Frånvaro av vatten", "In-Reply-To: <x@y>"), Kind::Person, "no program writes so");
    assert_eq!(said("Semester i juli", "X-Mailer: x"), Kind::Person);
}

#[test]
fn what_is_ours_and_comes_back_is_known() {
    let kind = |head: &str| letter(&format!("{head}\nSubject: Hej\n\nText")).kind;
    assert_eq!(kind("From: kc@vikhamn.example"), Kind::Loop);
    assert_eq!(kind("From: kim@example.se\nX-Loop: vikhamn.example"), Kind::Loop);
    assert_eq!(kind(&format!("From: kim@example.se\nMessage-ID: <{ID}@vikhamn.example>")), Kind::Loop);
    assert_eq!(
        kind(&format!("From: kim@example.se\n{}", "Received: by x; now\n".repeat(60).trim_end())),
        Kind::Loop
    );
    assert_eq!(kind(&format!("From: kim@example.se\nIn-Reply-To: <{ID}@vikhamn.example>")), Kind::Person);
    assert_eq!(kind("From: kim@example.se\nX-Loop: annat.example"), Kind::Person);
}

fn bounce(raw: &str) -> Bounce {
    match letter(raw).kind {
        Kind::Bounce(bounce) => bounce,
        other => panic!("no bounce: {other:?}"),
    }
}

#[test]
fn a_report_by_the_standard() {
    let report = |action: &str, status: &str| {
        format!(
            "Return-Path: <>
From: MAILER-DAEMON@mx.example.se (Mail Delivery System)
To: svara-inte@vikhamn.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"

--b

This is the mail system at host mx.example.se.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.se

Final-Recipient: rfc822; kim@example.se
Original-Recipient: rfc822;kim@example.se
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <kim@example.se>: Recipient address rejected:
    User unknown

--b
Content-Type: text/rfc822-headers

Subject: Ditt ärende
Message-ID: <{ID}@vikhamn.example>
--b--
"
        )
    };
    let failed = bounce(&report("failed", "5.1.1"));
    assert_eq!(
        failed,
        Bounce {
            original_message_id: Some(format!("{ID}@vikhamn.example")),
            recipient: Some("kim@example.se".to_owned()),
            permanent: true,
            status: Some("5.1.1".to_owned()),
        }
    );
    assert!(!bounce(&report("delayed", "4.4.1")).permanent);
    assert_eq!(letter(&report("delivered", "2.0.0")).kind, Kind::AutoReply, "a receipt");
}

#[test]
fn reports_in_nobodys_form() {
    let qmail = bounce(&format!(
        "Return-Path: <>
From: MAILER-DAEMON@example.se
To: svara-inte@vikhamn.example
Subject: failure notice

Hi. This is the qmail-send program at example.se.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<kim@example.se>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <svara-inte@vikhamn.example>
Message-ID: <{ID}@vikhamn.example>
Subject: Hej
"
    ));
    assert_eq!(qmail.original_message_id.unwrap(), format!("{ID}@vikhamn.example"));
    assert_eq!(
        (qmail.recipient.as_deref(), qmail.status.as_deref(), qmail.permanent),
        (Some("kim@example.se"), Some("5.1.1"), true)
    );

    let exim = bounce(&format!(
        "From: Mail Delivery System <Mailer-Daemon@mx.example>
To: svara-inte@vikhamn.example
X-Failed-Recipients: kim@example.se
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
References: <{ID}@vikhamn.example>

A message that you sent could not be delivered to one or more of its recipients.
"
    ));
    assert_eq!(exim.original_message_id.unwrap(), format!("{ID}@vikhamn.example"));
    assert_eq!((exim.recipient.as_deref(), exim.permanent), (Some("kim@example.se"), true));

    let exchange = bounce(&format!(
        "From: <postmaster@vaxholm.example>
To: studs+{ID}@vikhamn.example
Subject: Olevererbart: Ditt ärende
Return-Path: <>

Leveransen misslyckades till dessa mottagare: kim@example.se
Det gick inte att leverera meddelandet.
"
    ));
    assert_eq!(
        exchange.original_message_id.unwrap(),
        format!("{ID}@vikhamn.example"),
        "by the address it came to"
    );

    let late = bounce(
        "From: MAILER-DAEMON@mx.example\nSubject: Delivery delayed (Warning: message still undelivered after 4 hours)\n\nWill continue to try.",
    );
    assert!(!late.permanent);
    let person = letter(
        "From: kim@example.se\nSubject: Undelivered Mail Returned to Sender\n\nJag fick det här, varför?",
    );
    assert_eq!(person.kind, Kind::Person, "somebody who asks about one");
}

#[test]
fn a_letter_of_no_form_is_a_letter() {
    for raw in [
        &b""[..],
        b"\n",
        b"Hej",
        b"\0\0\0",
        b":",
        b"From:\n",
        b"\r\n\r\nHej p\xE5 dig",
        b"Content-Type: multipart/mixed; boundary=x",
    ] {
        let _ = read(raw, &Limits::default(), &own());
    }
    assert_eq!(read(b"Hej p\xE5 er\nrad tv\xE5", &Limits::default(), &own()).text, "Hej på er\nrad två");
    let truncated = letter(
        "From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHalva br",
    );
    assert_eq!(truncated.text, "Halva br");
    let unclosed = letter("From: a@b.se\nContent-Type: multipart/mixed\n\nIngen gräns alls");
    assert_eq!(unclosed.text, "Ingen gräns alls");
}

#[test]
fn what_is_too_much_is_said_and_the_rest_taken() {
    let limits =
        Limits { file_bytes_max: 10, text_chars_max: 20, letter_bytes_max: 2_000, ..Limits::default() };
    let raw = format!(
        "From: a@b.se\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{}\r\n--b\r\nContent-Disposition: attachment; filename=stor.txt\r\n\r\n{}\r\n--b--\r\n{}",
        "å".repeat(50),
        "x".repeat(50),
        "y".repeat(4_000)
    );
    let letter = read(raw.as_bytes(), &limits, &own());
    assert_eq!(letter.text, "å".repeat(20));
    let mut reasons: Vec<_> = letter.refused.iter().map(|refused| refused.reason.word()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["text_too_long", "too_large", "too_large"]);
    assert_eq!(letter.from.unwrap().email, "a@b.se");
}

/// Letters of pieces that mean something to the reader, in any order.
fn any_letter() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "From: ",
            "To: ",
            "Subject: ",
            "Message-ID: <",
            "References: ",
            "Content-Type: ",
            "multipart/mixed; boundary=",
            "b",
            "\"",
            "--b",
            "--b--",
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "text/html",
            "message/rfc822",
            "charset=",
            "utf-8",
            "=?utf-8?Q?",
            "=?iso-8859-1?B?",
            "?=",
            "=E5",
            "=\n",
            "<",
            ">",
            "<b>",
            "<!--",
            "&aring;",
            "@",
            ",",
            ";",
            ":",
            "Content-Transfer-Encoding: base64",
            "message/delivery-status",
            "Action: failed",
            "Final-Recipient: rfc822; ",
            "> ",
            "-- ",
            "Från: ",
            "Skickat: ",
            "Ämne: ",
            "Den 3 nov. 2026 kl. 10:12 skrev A <a@b.se>:",
            "Content-Disposition: attachment; filename*0*=",
            "format=flowed",
            "utf-16",
            "Date: ",
            "Tue, 3 Nov 2026 10:12:00 +0100",
            "mailer-daemon@x.se",
            "5.1.1",
            " ",
            "\t",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn whatever_comes_is_read_and_held_within_limits(raw in any_letter()) {
        let limits = Limits { files_max: 3, text_chars_max: 500, ..Limits::default() };
        let letter = read(&raw, &limits, &own());
        prop_assert!(letter.text.chars().count() <= 500 && letter.parts.len() <= 3);
        for line in [&letter.subject].into_iter().chain(letter.parts.iter().map(|part| &part.name)) {
            prop_assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        }
        prop_assert!(!letter.text.contains('\0') && !letter.reply.contains('\0'));
        for address in letter.from.iter().chain(&letter.recipients) {
            prop_assert!(address.email.contains('@') && !address.email.contains(char::is_whitespace));
        }
        if let Some(html) = &letter.html {
            prop_assert!(!html.contains("<script") && !html.contains("style="));
        }
    }

    #[test]
    fn folding_only_leaves_out(text in "(Hej|\n|> |-- \n|Från: a\n|Skickat: b\n|Till: c\n|Ämne: d\n|Mvh\n|0123-45 60 00\n|Den 3 nov 2026 10:12 skrev a@b.se:\n|[a-zå]{1,8} ){0,30}") {
        let folded = fold(&text);
        // Every line of it stands in the text, in the same order.
        let mut lines = text.lines();
        for line in folded.lines().filter(|line| !line.trim().is_empty()) {
            prop_assert!(lines.any(|known| known.trim_end() == line), "{line:?} of {text:?}");
        }
        let says = |text: &str| text.chars().any(char::is_alphanumeric);
        prop_assert_eq!(says(&text), says(&folded));
    }
}
