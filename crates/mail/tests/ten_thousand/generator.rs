//! Letters with their truth: what each is, and where it has to end up.

use crate::town::{ADDRESS, Sent};
use crate::writing::{base64, multipart, part, pick, sentences, subject};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use vocabulary::{CaseId, Chance, MessageId, SeededChance};

/// What a letter is known by: the digest of its bytes, as the IMAP server hands them over.
pub type Key = [u8; 32];

/// Where a letter has to end up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// The word of what is made of it.
    pub filed: &'static str,
    /// The case that is told.
    pub case: Option<CaseId>,
    /// The letter whose conversation it goes on in.
    pub joins: Option<Key>,
    /// Its subject, where that can be read.
    pub subject: Option<String>,
    /// What its sender wrote, without quotes and signature.
    pub reply: Option<String>,
    /// How many files are taken in, and how many are not.
    pub files: Option<(usize, usize)>,
    /// The letter of ours that did not arrive.
    pub undelivered: Option<MessageId>,
}

/// All letters, in the order in which they come, and the truth about them.
#[derive(Default)]
pub struct Post {
    pub letters: Vec<Vec<u8>>,
    pub truth: BTreeMap<Key, Truth>,
    pub sorts: BTreeMap<&'static str, usize>,
}

/// What the server hands over: every line ends as on the wire, and no byte is zero.
pub fn on_the_wire(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 64);
    let mut before = 0;
    for byte in raw {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(if *byte == 0 { 0x80 } else { *byte });
        before = *byte;
    }
    out
}

/// What stands in letters that must never be told to a resident.
pub const INTERNAL: &str = "INTERNT-SKRIVET";

pub struct Generator<'a> {
    chance: SeededChance,
    sent: &'a [Sent],
    /// Letters that began a conversation: whom they are from, their Message-ID and their key.
    begun: Vec<(String, String, Key)>,
    /// Letters of ours that have been reported as undelivered; nobody answers those.
    gone: Vec<MessageId>,
    post: Post,
    number: usize,
}

impl<'a> Generator<'a> {
    pub fn new(seed: u64, sent: &'a [Sent]) -> Self {
        Self {
            chance: SeededChance::new(seed),
            sent,
            begun: Vec::new(),
            gone: Vec::new(),
            post: Post::default(),
            number: 0,
        }
    }

    pub fn letters(mut self, count: usize) -> Post {
        while self.post.truth.len() < count {
            self.number += 1;
            match self.chance.below(100) {
                0..22 => self.new_letter(),
                22..40 => self.answer_about_case(),
                40..46 => self.stranger_about_case(),
                46..56 => self.officer(),
                56..59 => self.officer_from_elsewhere(),
                59..68 => self.goes_on(),
                68..76 => self.machine(),
                76..80 => self.bounce(),
                80..84 => self.comes_back(),
                84..91 => self.with_files(),
                91..98 => self.broken(),
                _ => self.again(),
            }
        }
        self.post
    }

    fn keep(&mut self, sort: &'static str, raw: Vec<u8>, truth: Truth) -> Key {
        let key: Key = Sha256::digest(on_the_wire(&raw)).into();
        *self.post.sorts.entry(sort).or_default() += 1;
        self.post.letters.push(raw);
        assert!(self.post.truth.insert(key, truth).is_none(), "{sort}: two letters are alike");
        key
    }

    /// One of many: whoever answers us forty times in an hour is taken for a machine.
    fn stranger(&self) -> String {
        format!("obehorig{}@example.net", self.number)
    }

    fn own_id(&self) -> String {
        format!("brev-{}@example.se", self.number)
    }

    fn a_letter_to(&self, resident: bool) -> Option<Sent> {
        let fits: Vec<&Sent> = self
            .sent
            .iter()
            .filter(|sent| sent.reply_to.is_none() == resident && !self.gone.contains(&sent.id))
            .filter(|sent| sent.recipient.starts_with(if resident { "boende" } else { "asa" }))
            .collect();
        (!fits.is_empty()).then(|| (*pick(&self.chance, &fits)).clone())
    }

    fn head(&self, from: &str, to: &str, subject_text: &str, more: &str) -> Vec<u8> {
        let name = *pick(
            &self.chance,
            &["Kim Ek", "=?utf-8?Q?=C3=85sa_=C3=96?=", "=?iso-8859-1?Q?=D6rjan?=", "\"Ek, Kim\""],
        );
        let mut head = format!(
            "Return-Path: <{from}>\r\nDelivered-To: {to}\r\nFrom: {name} <{from}>\r\nTo: {to}\r\nMessage-ID: <{}>\r\n{more}",
            self.own_id()
        )
        .into_bytes();
        head.extend(subject(&self.chance, subject_text));
        head.extend_from_slice(b"Date: Tue, 3 Nov 2026 10:12:00 +0100\r\nMIME-Version: 1.0\r\n");
        head
    }

    /// What was written, and the letter's text with a signature or a quote below it.
    fn text(&self) -> (String, String) {
        let said = format!("{}\nMärkt {}.", sentences(&self.chance), self.number);
        let below = *pick(
            &self.chance,
            &[
                "",
                "\n\nSkickat från min iPhone",
                "\n\n-- \nKim Ek\nTelefon 0123-45 60 00",
                "\n\nFrån: Kontaktcenter <kc@vikhamn.example>\nSkickat: den 2 november 2026 09:00\nTill: Kim Ek\nÄmne: Ditt ärende\n\nVi har skickat det vidare.",
                "\n\nDen mån 2 nov. 2026 kl 09:00 skrev Kontaktcenter <kc@vikhamn.example>:\n\n> Hej,\n> vi har skickat det vidare.",
                "\n\n-----Ursprungligt meddelande-----\nFrån: KC\nTill: Kim\n\nHej",
            ],
        );
        (said.clone(), format!("{said}{below}"))
    }

    fn new_letter(&mut self) {
        let from = format!("nagon{}@example.se", self.chance.below(3_000));
        let about = format!("Fråga om gången {}", self.number);
        // A subject that looks like a case's own changes nothing.
        let about =
            if self.chance.below(4) == 0 { format!("SV: Ärende KC-26110001 {about}") } else { about };
        let (said, text) = self.text();
        let raw = [self.head(&from, ADDRESS, &about, ""), part(&self.chance, &text)].concat();
        let truth = Truth { filed: "new", subject: Some(about), reply: Some(said), ..Truth::default() };
        let key = self.keep("new", raw, truth);
        self.begun.push((from, self.own_id(), key));
    }

    fn thread_of(&self, message_id: &str) -> String {
        match self.chance.below(4) {
            0 => format!("In-Reply-To: <{message_id}>\r\n"),
            1 => format!("References: <annat@example.net>\r\n\t<{message_id}>\r\n"),
            2 => {
                format!("In-Reply-To: <{message_id}> (Kontaktcenters brev)\r\nReferences: <{message_id}>\r\n")
            }
            _ => format!("in-reply-to:\r\n <{message_id}>\r\n"),
        }
    }

    fn answer_about_case(&mut self) {
        let Some(sent) = self.a_letter_to(true) else { return };
        let about = (*pick(
            &self.chance,
            &["SV: Ditt ärende", "Helt annat ämne", "Re: Re: Ärende KC-99999999", "Vs: å ä ö"],
        ))
        .to_owned();
        let (said, text) = self.text();
        let from =
            if self.chance.below(3) == 0 { sent.recipient.to_uppercase() } else { sent.recipient.clone() };
        let head = self.head(&from, ADDRESS, &about, &self.thread_of(&sent.message_id));
        let raw = [head, part(&self.chance, &text)].concat();
        let truth = Truth {
            filed: "joined_case",
            case: Some(sent.case),
            subject: Some(about),
            reply: Some(said),
            ..Truth::default()
        };
        self.keep("answer about a case", raw, truth);
    }

    fn stranger_about_case(&mut self) {
        let Some(sent) = self.a_letter_to(self.chance.below(2) == 0) else { return };
        let head = self.head(&self.stranger(), ADDRESS, "SV: Ditt ärende", &self.thread_of(&sent.message_id));
        let text = format!("{INTERNAL} av en främling {}", self.number);
        let raw = [head, part(&self.chance, &text)].concat();
        self.keep(
            "stranger about a case",
            raw,
            Truth { filed: "stranger", reply: Some(text), ..Truth::default() },
        );
    }

    fn officer_text(&self) -> String {
        let number = self.number;
        match self.chance.below(6) {
            0 => format!("Klart.\n{INTERNAL} {number}"),
            1 => format!("{INTERNAL} {number}: vi tittar på det, men jag vet inte när."),
            2 => format!(
                "Klart.\n{INTERNAL} {number}\n\nSVAR TILL INVÅNAREN\nVattnet är avstängt, nr {number}."
            ),
            3 => format!("Fel mottagare.\n{INTERNAL} {number}, fråga VA-enheten."),
            4 => format!("Mer tid, till 2030-03-04.\n{INTERNAL} {number}"),
            _ => format!("Är det inte klart?\n{INTERNAL} {number}"),
        }
    }

    fn officer(&mut self) {
        let Some(sent) = self.a_letter_to(false) else { return };
        let Some(reply_to) = sent.reply_to.clone() else { return };
        let to = if self.chance.below(4) == 0 { reply_to.to_uppercase() } else { reply_to };
        // The signed address says whose question it is; the thread need not, and the subject never does.
        let thread = if self.chance.below(2) == 0 { self.thread_of(&sent.message_id) } else { String::new() };
        let head = self.head(&sent.recipient, &to, "Frånvaro av vatten", &thread);
        let raw = [head, part(&self.chance, &self.officer_text())].concat();
        self.keep("officer", raw, Truth { filed: "officer", case: Some(sent.case), ..Truth::default() });
    }

    fn officer_from_elsewhere(&mut self) {
        let Some(sent) = self.a_letter_to(false) else { return };
        let Some(reply_to) = sent.reply_to.clone() else { return };
        let head = self.head("hemma@example.net", &reply_to, "SV: Fråga", "");
        let text = format!("Klart.\n\nSVAR TILL INVÅNAREN\n{INTERNAL} {} från fel avsändare", self.number);
        let raw = [head, part(&self.chance, &text)].concat();
        self.keep(
            "officer from elsewhere",
            raw,
            Truth { filed: "officer", case: Some(sent.case), ..Truth::default() },
        );
    }

    fn goes_on(&mut self) {
        if self.begun.is_empty() {
            return;
        }
        let (from, message_id, key) = pick(&self.chance, &self.begun).clone();
        let (said, text) = self.text();
        let stranger = self.chance.below(5) == 0;
        let writer = if stranger { self.stranger() } else { from };
        let head = self.head(&writer, ADDRESS, "Komplettering", &self.thread_of(&message_id));
        let raw = [head, part(&self.chance, &text)].concat();
        let truth = if stranger {
            Truth { filed: "stranger", reply: Some(said), ..Truth::default() }
        } else {
            Truth { filed: "joined", joins: Some(key), reply: Some(said), ..Truth::default() }
        };
        self.keep("goes on", raw, truth);
    }

    fn machine(&mut self) {
        let resident = self.chance.below(2) == 0;
        let Some(sent) = self.a_letter_to(resident) else { return };
        let marks = [
            ("Auto-Submitted: auto-replied\r\n", "Autosvar: Ditt ärende"),
            ("X-Auto-Response-Suppress: All\r\n", "Frånvaro: semester"),
            ("Precedence: bulk\r\n", "Automatiskt svar"),
            ("X-Autoreply: yes\r\n", "Re: Ditt ärende"),
            ("Auto-Submitted: auto-generated (vacation)\r\n", "Out of office"),
            ("List-Id: <nyheter.example.org>\r\nPrecedence: list\r\n", "Nyhetsbrev"),
        ];
        let (mark, about) = *pick(&self.chance, &marks);
        let thread = format!("{mark}{}", self.thread_of(&sent.message_id));
        let to = sent.reply_to.as_deref().unwrap_or(ADDRESS);
        let head = self.head(&sent.recipient, to, about, &thread);
        let text = format!("Jag är borta. {INTERNAL} {}", self.number);
        let raw = [head, part(&self.chance, &text)].concat();
        self.keep("machine", raw, Truth { filed: "quiet", ..Truth::default() });
    }

    fn bounce(&mut self) {
        // Few letters are lost for good, or nobody would be left to answer.
        let late = self.chance.below(3) > 0 || self.gone.len() * 5 > self.sent.len();
        let Some(sent) = self.a_letter_to(self.chance.below(2) == 0) else { return };
        let (id, to) = (&sent.message_id, &sent.recipient);
        let head = format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.se\r\nTo: svara-inte@vikhamn.example\r\nMessage-ID: <{}>\r\n",
            self.own_id()
        );
        let (action, status) = if late { ("delayed", "4.4.1") } else { ("failed", "5.1.1") };
        let standard = multipart(
            "report; report-type=delivery-status",
            "rapport",
            &[
                b"\r\nDet gick inte.".to_vec(),
                format!("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}").into_bytes(),
                format!("Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nSubject: x").into_bytes(),
            ],
        );
        let qmail = format!(
            "Subject: failure notice\r\n\r\nHi. This is the qmail-send program.\r\n\r\n<{to}>:\r\nNo mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy.\r\n\r\nMessage-ID: <{id}>\r\n"
        );
        let exim = format!(
            "X-Failed-Recipients: {to}\r\nReferences: <{id}>\r\nSubject: Mail delivery failed: returning message to sender\r\n\r\nA message that you sent could not be delivered. 550 5.1.1\r\n"
        );
        let body = match self.chance.below(3) {
            1 if !late => qmail.into_bytes(),
            2 if !late => exim.into_bytes(),
            _ => [b"Subject: Undelivered Mail\r\nMIME-Version: 1.0\r\n".to_vec(), standard].concat(),
        };
        let truth = if late {
            Truth { filed: "quiet", ..Truth::default() }
        } else {
            self.gone.push(sent.id);
            Truth {
                filed: "undelivered",
                case: Some(sent.case),
                undelivered: Some(sent.id),
                ..Truth::default()
            }
        };
        self.keep("bounce", [head.into_bytes(), body].concat(), truth);
    }

    fn comes_back(&mut self) {
        let Some(sent) = self.a_letter_to(true) else { return };
        let number = self.number;
        let head = match self.chance.below(3) {
            0 => format!("From: {ADDRESS}\r\nMessage-ID: <varv{number}@x>\r\n"),
            1 => {
                format!("From: kim@example.se\r\nMessage-ID: <varv{number}@x>\r\nX-Loop: vikhamn.example\r\n")
            }
            _ => format!("From: kim@example.se\r\nMessage-ID: <{}>\r\nX-Varv: {number}\r\n", sent.message_id),
        };
        let raw = format!("{head}To: {ADDRESS}\r\nSubject: Varv {number}\r\n\r\n{INTERNAL} {number}\r\n");
        self.keep("comes back", raw.into_bytes(), Truth { filed: "quiet", ..Truth::default() });
    }

    fn with_files(&mut self) {
        let about = format!("Med bilagor {}", self.number);
        let (said, text) = self.text();
        let content: Vec<u8> =
            self.number.to_le_bytes().repeat(1 + usize::try_from(self.chance.below(2_000)).unwrap());
        let file = |head: &str, bytes: &[u8]| {
            [head.as_bytes(), b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", &base64(bytes)].concat()
        };
        let parts = [
            part(&self.chance, &text),
            file("Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename*=iso-8859-1''g%E5ngen.jpg", &content),
            file("Content-Type: application/ms-tnef; name=winmail.dat", &content),
            file("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"faktura.pdf.exe\"", &content),
            b"Content-Type: message/rfc822\r\n\r\nSubject: Inre\r\nFrom: x@example.net\r\nIn-Reply-To: <y@z>\r\n\r\nInre text".to_vec(),
        ];
        let raw =
            [self.head("fil@example.se", ADDRESS, &about, ""), multipart("mixed", "----=_Part_1", &parts)]
                .concat();
        let truth = Truth {
            filed: "new",
            subject: Some(about),
            reply: Some(said),
            files: Some((3, 1)),
            ..Truth::default()
        };
        self.keep("with files", raw, truth);
    }

    fn broken(&mut self) {
        let number = self.number;
        let head =
            format!("From: trasig{number}@example.se\r\nTo: {ADDRESS}\r\nSubject: Trasigt {number}\r\n");
        let text = format!("Trasigt men läsbart {number}.");
        let (body, said) = match self.chance.below(12) {
            0 => (
                format!(
                    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
                ),
                true,
            ),
            1 => (format!("Content-Type: multipart/mixed\r\n\r\n{text}"), true),
            2 => (format!("Content-Type: ; ; =\r\nContent-Transfer-Encoding: kanske\r\n\r\n{text}"), true),
            3 => (
                format!(
                    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}"
                ),
                true,
            ),
            4 => (String::new(), false),
            5 => ("\r\n".to_owned(), false),
            6 => (
                (0..80)
                    .map(|n| format!("Content-Type: multipart/mixed; boundary=d{n}\r\n\r\n--d{n}\r\n"))
                    .collect(),
                false,
            ),
            7 => (
                format!(
                    "Content-Type: multipart/mixed; boundary=v\r\n\r\n{}",
                    "--v\r\nContent-Type: text/plain; name=a.txt\r\n\r\nx\r\n".repeat(1_500)
                ),
                false,
            ),
            8 => (format!("References: {}\r\n\r\n{text}", "<a@b>\r\n ".repeat(5_000)), true),
            9 => (format!("X-Lang: {}\r\n\r\n{text}", "å".repeat(60_000)), true),
            10 => (format!("Content-Type: text/html\r\n\r\n{}{text}", "<b><i>".repeat(20_000)), true),
            _ => (
                format!(
                    "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--a--\r\n"
                ),
                true,
            ),
        };
        let truth = Truth {
            filed: "new",
            subject: Some(format!("Trasigt {number}")),
            reply: said.then_some(text),
            ..Truth::default()
        };
        self.keep("broken", [head.into_bytes(), body.into_bytes()].concat(), truth);
    }

    /// A letter that is delivered a second time.
    fn again(&mut self) {
        if let Some(raw) =
            (!self.post.letters.is_empty()).then(|| pick(&self.chance, &self.post.letters).clone())
        {
            *self.post.sorts.entry("delivered twice").or_default() += 1;
            self.post.letters.push(raw);
        }
    }
}
