//! Reports that a letter did not arrive: those by the standard (RFC 3464), and those by servers that never read it.

use crate::automatic::return_path;
use crate::body::text_of;
use crate::head::{address, ids_in};
use crate::structure::{Head, Node, Sort, Tree, head_end};
use crate::{Bounce, Letter, Limits, Own};

/// What a letter reports.
pub(crate) enum Report {
    /// Nothing: it is no report.
    None,
    /// That a letter arrived, was read, or was passed on.
    Receipt,
    /// That it did not arrive, or not yet.
    Undelivered(Bounce),
}

/// Bytes of a report that are searched for what it is about.
const SEARCHED_BYTES_MAX: usize = 256 << 10;

/// What `letter` reports.
pub(crate) fn report(tree: &Tree<'_>, letter: &Letter, own: &Own) -> Report {
    let has = |kind: &str| tree.nodes.iter().find(|node| node.media_type == kind);
    if has("message/disposition-notification").is_some() {
        return Report::Receipt;
    }
    if let Some(status) = has("message/delivery-status").or_else(|| has("message/global-delivery-status")) {
        return standard(&words_of(status), original_id(tree, letter, own));
    }
    if is_from_server(&tree.root().head, letter) { by_its_words(tree, letter, own) } else { Report::None }
}

fn words_of(node: &Node<'_>) -> String {
    let bytes = node.content();
    let text = crate::charset::decode(&bytes[..bytes.len().min(SEARCHED_BYTES_MAX)], None);
    text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
}

/// Reads the fields of a delivery status. One letter of ours goes to one recipient; of several in a report, one that
/// failed counts before one that is late.
fn standard(text: &str, original_message_id: Option<String>) -> Report {
    let mut worst: Option<Bounce> = None;
    let mut delivered = false;
    for block in text.split("\n\n") {
        let field = |wanted: &str| {
            block.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        let Some(action) = field("Action") else { continue };
        let action = action.to_lowercase();
        let status = field("Status").and_then(|status| status_in(&status));
        let recipient = field("Original-Recipient").or_else(|| field("Final-Recipient"));
        let recipient = recipient.and_then(|said| {
            let said = said.rsplit_once(';').map_or(said.as_str(), |(_, address)| address).trim().to_owned();
            address(None, &said).map(|address| address.email)
        });
        let (failed, delayed) = (action.starts_with("fail"), action.starts_with("delay"));
        if !failed && !delayed {
            delivered = true;
            continue;
        }
        let bounce =
            Bounce { original_message_id: original_message_id.clone(), recipient, permanent: failed, status };
        if worst.as_ref().is_none_or(|worst| failed && !worst.permanent) {
            worst = Some(bounce);
        }
    }
    match (worst, delivered) {
        (Some(bounce), _) => Report::Undelivered(bounce),
        (None, true) => Report::Receipt,
        // A report in the standard's form that says nothing: late is the careful reading.
        (None, false) => Report::Undelivered(Bounce { original_message_id, ..Bounce::default() }),
    }
}

/// A status of three figures (RFC 3463): `5.1.1`.
fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_matches('.');
        let mut figures = word.split('.');
        let class = figures.next()?;
        let fits = |figure: &str| (1..=3).contains(&figure.len());
        let (subject, detail) = (figures.next()?, figures.next()?);
        let is_status =
            matches!(class, "2" | "4" | "5") && fits(subject) && fits(detail) && figures.next().is_none();
        is_status.then(|| word.to_owned())
    })
}

/// The Message-ID of the letter it is about: from the head that came back; else from an address of ours that names it;
/// else from what the report answers.
fn original_id(tree: &Tree<'_>, letter: &Letter, own: &Own) -> Option<String> {
    let returned = tree.nodes.iter().skip(1).find_map(|node| {
        let heads = ["text/rfc822-headers", "message/rfc822-headers", "message/global-headers"];
        if node.sort == Sort::Message {
            let bytes = node.content();
            return Head::read(&bytes[..head_end(&bytes)]).all("Message-ID").next().map(str::to_owned);
        }
        heads.contains(&node.media_type.as_str()).then(|| id_in_heads(&words_of(node))).flatten()
    });
    let answered = || {
        let named = letter.in_reply_to.iter().chain(letter.references.iter().rev());
        let named: Vec<&String> = named.collect();
        named.iter().find(|id| own.wrote(id)).or(named.first()).map(|id| (*id).clone())
    };
    let plain = |id: String| id.trim_matches(['<', '>', ' ']).to_owned();
    returned.map(plain).or_else(|| own.named_in_address(letter)).or_else(answered)
}

fn id_in_heads(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.trim_start_matches(['>', ' ', '\t', '|']).split_once(':')?;
        let is_id = name.trim().eq_ignore_ascii_case("message-id")
            || name.trim().eq_ignore_ascii_case("meddelande-id");
        is_id.then(|| ids_in(value).into_iter().next()).flatten()
    })
}

/// Whether a mail server wrote it: it says so in its address, or nobody is to answer it and it speaks as servers do.
fn is_from_server(head: &Head, letter: &Letter) -> bool {
    if head.has("X-Failed-Recipients") {
        return true;
    }
    let local =
        letter.from.as_ref().map(|from| from.email.split('@').next().unwrap_or_default().to_lowercase());
    let daemon = local.is_some_and(|local| {
        ["mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "mdaemon", "microsoftexchange"]
            .iter()
            .any(|name| local.starts_with(name))
    });
    let no_way_back = head.has("Return-Path") && return_path(head).is_none();
    let named = letter.from.as_ref().and_then(|from| from.name.as_deref()).unwrap_or_default().to_lowercase();
    let named = named.contains("mail delivery")
        || named.contains("mailer-daemon")
        || named.contains("e-postleverans");
    (daemon || no_way_back || named) && speaks_of_failure(letter)
}

/// Words by which servers say that a letter did not arrive, in subject or text.
const FAILURES: [&str; 30] = [
    "undeliver",
    "not delivered",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "failure notice",
    "delivery status notification",
    "delivery notification",
    "returned mail",
    "returned to sender",
    "returning message to sender",
    "could not be delivered",
    "couldn't be delivered",
    "was not delivered",
    "unable to deliver",
    "wasn't able to deliver",
    "mail system error",
    "message blocked",
    "permanent error",
    "delivery delayed",
    "user unknown",
    "mailbox unavailable",
    "delayed mail",
    "olevererbar",
    "kunde inte levereras",
    "kan inte levereras",
    "ej levererat",
    "gick inte att leverera",
    "inte kunnat leverera",
    "leveransen misslyckades",
];

fn speaks_of_failure(letter: &Letter) -> bool {
    let start: String = letter.text.chars().take(4_000).collect();
    let said = format!("{}\n{start}", letter.subject).to_lowercase();
    FAILURES.iter().any(|words| said.contains(words))
}

/// Words by which they say that they go on trying.
const DELAYS: [&str; 12] = [
    "delayed",
    "delay)",
    "warning:",
    "will be retried",
    "will continue to try",
    "still trying",
    "has not yet been delivered",
    "temporary failure",
    "temporarily",
    "försenad",
    "försöker igen",
    "inte levererats ännu",
];

/// Reads a report that is in nobody's form.
fn by_its_words(tree: &Tree<'_>, letter: &Letter, own: &Own) -> Report {
    let mut text = letter.text.clone();
    // What came back may lie beside the report as a text.
    for node in tree.nodes.iter().filter(|node| node.sort == Sort::Plain).take(5) {
        text.push('\n');
        text.push_str(&text_of(node, &Limits::default()));
    }
    let end =
        text.char_indices().map(|(at, _)| at).find(|at| *at >= SEARCHED_BYTES_MAX).unwrap_or(text.len());
    text.truncate(end);
    let original_message_id = original_id(tree, letter, own).filter(|id| own.wrote(id));
    let quoted = || id_in_heads(&text);
    let answered = || letter.in_reply_to.first().cloned();
    let original_message_id = original_message_id.or_else(quoted).or_else(answered);

    let failed = tree.root().head.all("X-Failed-Recipients").next();
    let recipient = failed
        .and_then(|said| said.split(',').find_map(|said| address(None, said)))
        .or_else(|| recipient_in(&text, letter, own))
        .map(|address| address.email);
    let status = status_in(&text);
    let said = format!("{}\n{text}", letter.subject).to_lowercase();
    // What came back may say anything; only what stands above it is the server's.
    let own_words: String = said.chars().take(3_000).collect();
    let delayed = status.as_deref().is_some_and(|status| status.starts_with('4'))
        || (DELAYS.iter().any(|words| own_words.contains(words))
            && !status.as_deref().is_some_and(|s| s.starts_with('5')));
    Report::Undelivered(Bounce { original_message_id, recipient, permanent: !delayed, status })
}

/// The first address in the text that is neither ours nor the server's.
fn recipient_in(text: &str, letter: &Letter, own: &Own) -> Option<crate::Address> {
    let server = letter.from.as_ref().map(|from| from.email.as_str());
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | ';' | ','))
        .filter(|word| word.contains('@') && !word.to_lowercase().starts_with("message-id"))
        .take(50)
        .filter_map(|word| address(None, word.trim_matches([':', '.', '\'', '[', ']'])))
        .find(|found| {
            !own.has(&found.email) && Some(found.email.as_str()) != server && !own.wrote(&found.email)
        })
}

impl Own {
    /// Whether a Message-ID is of the form that we give: an id of ours at our domain.
    #[must_use]
    pub fn wrote(&self, message_id: &str) -> bool {
        message_id.split_once('@').is_some_and(|(local, domain)| {
            !self.message_id_domain.is_empty()
                && domain.eq_ignore_ascii_case(&self.message_id_domain)
                && local.parse::<vocabulary::MessageId>().is_ok()
        })
    }

    /// The Message-ID that a recipient's address names: letters of ours may ask to be returned to
    /// `studs+<id>@our.domain`.
    fn named_in_address(&self, letter: &Letter) -> Option<String> {
        letter.recipients.iter().find_map(|recipient| {
            let (local, domain) = recipient.email.split_once('@')?;
            let (_, named) = local.rsplit_once('+')?;
            let id = named.parse::<vocabulary::MessageId>().ok().filter(|_| self.has_domain(domain))?;
            Some(format!("{}@{}", vocabulary::GenericUuid::into_untyped_uuid(id), self.message_id_domain))
        })
    }
}
