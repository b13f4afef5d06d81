//! What somebody has written just now, without what they answer and without their signature.
//!
//! Folding hides, it never deletes: the whole text is kept beside it. So a rule may be wrong for a strange letter, but it
//! must not hide what was written just now; each asks for more than one sign. What is recognised:
//!
//! - lines that begin with `>`, together with the line that says who wrote them; what stands below them is kept, since
//!   many answer below;
//! - everything from a separator (`-----Ursprungligt meddelande-----`), from an Outlook head (`Från: … Skickat: …`), or
//!   from `Den 3 nov. 2026 kl. 10:12 skrev Anna <anna@…>:` whose quote is not marked;
//! - signatures after `-- `, after a greeting followed by telephone numbers and addresses, what telephones add, and
//!   disclaimers at the end.
//!
//! A letter that says nothing itself (a forwarded one) is not folded at all.

/// Characters in which something is looked for; the rest of a longer text is kept as it is.
const BYTES_MAX: usize = 1 << 20;

/// `text` without quotes, signature and disclaimer; all of it if nothing would be left.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.len() > BYTES_MAX {
        return text.to_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    let own = without_quotes(&lines);
    let own = without_signature(&own);
    let own = without_disclaimers(&own);
    let folded = joined(&own);
    // A thumb up above a quoted letter is an answer; blanks and dashes are none.
    let says_something = folded.chars().any(|c| c.is_alphanumeric() || u32::from(c) >= 0x2190);
    if says_something { folded } else { joined(&lines) }
}

fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut empty = 0;
    for line in lines {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty > 1 || (out.is_empty() && empty > 0) {
            continue;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// The lines that are no quotes.
fn without_quotes<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let mut own = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if is_separator(line) || is_head_of_quote(&lines[at..]) {
            // The line that Outlook draws above it goes with it.
            while own.last().is_some_and(|last: &&str| last.trim().is_empty() || is_rule(last)) {
                own.pop();
            }
            return own;
        }
        if let Some(taken) = attribution(&lines[at..]) {
            let next = next_filled(lines, at + taken);
            match next {
                Some(next) if is_quoted(lines[next]) => {
                    at = next;
                    continue;
                }
                // Nothing marks the quote, so nothing tells where it would end.
                _ => return own,
            }
        }
        if is_quoted(line) {
            let mut end = at;
            while end < lines.len() && (is_quoted(lines[end]) || lines[end].trim().is_empty()) {
                end += 1;
            }
            at = end;
            own.push("");
            continue;
        }
        own.push(line);
        at += 1;
    }
    own
}

fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    // ">" of a shell or a table of prices is followed by no blank and no letter; "|" by a blank.
    line.starts_with('>')
}

fn next_filled(lines: &[&str], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].trim().is_empty())
}

/// A line of dashes or underscores alone.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '—' | '–' | '=' | '*'))
}

/// What programs and case systems put above what they quote.
fn is_separator(line: &str) -> bool {
    const WORDS: [&str; 18] = [
        "ursprungligt meddelande",
        "originalmeddelande",
        "ursprungligt brev",
        "original message",
        "ursprünglihe nachricht",
        "ursprüngliche nachricht",
        "message d'origine",
        "alkuperäinen viesti",
        "oprindelig meddelelse",
        "opprinnelig melding",
        "vidarebefordrat meddelande",
        "vidarebefordrat brev",
        "forwarded message",
        "begin forwarded message",
        "vidarebefordrat mejl",
        "svarat meddelande",
        "citerad text",
        "reply message",
    ];
    let plain = line.trim().to_lowercase();
    if plain.contains("ovanför den här raden")
        || plain.contains("ovanför denna rad")
        || plain.contains("above this line")
    {
        return plain.chars().count() < 120;
    }
    let inside =
        plain.trim_matches(|c: char| matches!(c, '-' | '_' | '=' | '*' | '—' | '–' | ' ' | ':' | '>'));
    if inside.chars().count() > 60 {
        return false;
    }
    let dashed = plain.starts_with("--")
        || plain.starts_with("__")
        || plain.starts_with("==")
        || plain.starts_with('*');
    let mut exact = WORDS.iter().filter(|word| inside == **word || (dashed && inside.starts_with(**word)));
    exact.next().is_some() && (dashed || plain.ends_with(':'))
}

/// The fields of a quoted letter's head, in the languages that residents' programs speak here.
const FROM: [&str; 7] = ["från", "from", "fra", "von", "de", "lähettäjä", "avsändare"];
const OTHERS: [&str; 30] = [
    "skickat",
    "sent",
    "sendt",
    "datum",
    "date",
    "dato",
    "gesendet",
    "envoyé",
    "lähetetty",
    "till",
    "to",
    "til",
    "an",
    "à",
    "vastaanottaja",
    "kopia",
    "cc",
    "kopi",
    "ämne",
    "subject",
    "emne",
    "betreff",
    "objet",
    "aihe",
    "svar till",
    "reply-to",
    "prioritet",
    "bifogade filer",
    "skickad",
    "mottagare",
];

fn field(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['*', ' ', '\t', '|']);
    let (name, _) = line.split_once(':')?;
    let name = name.trim_matches(['*', ' ']);
    (name.chars().count() <= 15).then(|| name.to_lowercase())
}

/// Whether a quoted letter's head begins here: `Från:` and, close below, at least two of its other fields.
fn is_head_of_quote(lines: &[&str]) -> bool {
    let Some(first) = lines.first().and_then(|line| field(line)) else { return false };
    let begins_from = FROM.contains(&first.as_str());
    let begins_otherwise =
        matches!(first.as_str(), "datum" | "date" | "skickat" | "sent" | "ämne" | "subject" | "till");
    if !begins_from && !begins_otherwise {
        return false;
    }
    let mut others = 0;
    let mut has_from = begins_from;
    let mut seen: Vec<String> = vec![first];
    for line in lines.iter().skip(1).take(9) {
        let Some(name) = field(line) else { continue };
        if seen.contains(&name) {
            continue;
        }
        has_from |= FROM.contains(&name.as_str());
        others += usize::from(OTHERS.contains(&name.as_str()));
        seen.push(name);
    }
    has_from && others >= if begins_from { 2 } else { 1 }
}

/// How many lines an attribution takes that begins here: `Den tis 3 nov. 2026 kl 10:12 skrev Anna Ek <anna@…>:`, which
/// programs wrap after 70 characters or so.
fn attribution(lines: &[&str]) -> Option<usize> {
    const LINES_MAX: usize = 4;
    const CHARS_MAX: usize = 300;
    let first = lines.first()?.trim();
    if first.is_empty() || is_quoted(first) || !begins_as_attribution(first) {
        return None;
    }
    let mut whole = String::new();
    for (count, line) in lines.iter().take(LINES_MAX).enumerate() {
        let line = line.trim();
        if line.is_empty() || (count > 0 && is_quoted(line)) {
            return None;
        }
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(line);
        if whole.chars().count() > CHARS_MAX {
            return None;
        }
        if is_attribution(&whole) {
            let next = next_filled(lines, count + 1);
            let quotes = next.is_some_and(|next| is_quoted(lines[next]));
            return (quotes || is_certain(&whole)).then_some(count + 1);
        }
    }
    None
}

fn begins_as_attribution(line: &str) -> bool {
    const BEGINNINGS: [&str; 24] = [
        "den ", "på ", "on ", "am ", "le ", "el ", "mån ", "tis ", "ons ", "tors ", "tor ", "fre ", "lör ",
        "sön ", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag", "op ", "dne ",
        "citerar ",
    ];
    let plain = line.trim_start_matches(['*', '"', ' ']).to_lowercase();
    plain.starts_with(|c: char| c.is_ascii_digit())
        || BEGINNINGS.iter().any(|beginning| plain.starts_with(beginning))
        || ["skrev", "wrote", "schrieb"].iter().any(|wrote| plain.contains(wrote))
}

const WROTE: [&str; 8] =
    [" skrev", " wrote", " schrieb", " a écrit", " skreiv", " kirjoitti", " escribió", " har skrivit"];

fn is_attribution(whole: &str) -> bool {
    let plain = whole.trim_end_matches(['*', ' ']).to_lowercase();
    let Some(wrote) = WROTE.iter().filter_map(|word| plain.rfind(word).map(|at| at + word.len())).max()
    else {
        return false;
    };
    // "Den 3 november skrev jag till er:" is somebody telling, not a program.
    let told = [" jag", " vi ", " ni ", " du ", " man ", " i ", " we ", " you "];
    let after = format!("{} ", plain[wrote..].trim_end_matches(':'));
    let before = &plain[..wrote];
    let tells = told.iter().any(|word| after.starts_with(word))
        || before.ends_with(" i wrote")
        || before.ends_with("jag skrev");
    plain.ends_with(':') && !tells && (plain.contains(|c: char| c.is_ascii_digit()) || plain.contains('@'))
}

/// Whether only a program writes so: with an address, or with a time of the day beside a date.
fn is_certain(whole: &str) -> bool {
    let address = whole.split_whitespace().any(|word| {
        let word = word.trim_matches(['<', '>', '(', ')', ':', '"', '[', ']', ',']);
        word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    });
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let chars: Vec<char> = whole.chars().collect();
    let time = (1..chars.len()).any(|at| {
        matches!(chars[at], ':' | '.')
            && digit(chars.get(at - 1))
            && digit(chars.get(at + 1))
            && digit(chars.get(at + 2))
    });
    let year = whole
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && number.starts_with("20"));
    address || (time && year)
}

/// What telephones and programs add by themselves.
fn is_added_by_program(line: &str) -> bool {
    const BEGINNINGS: [&str; 24] = [
        "skickat från min ",
        "skickat från mitt ",
        "skickat från outlook",
        "skickat från e-post",
        "skickat från yahoo",
        "skickat från samsung",
        "skickat från proton",
        "skickat från android",
        "skickat från gmail",
        "skickat med ",
        "skickad från min ",
        "skickades från ",
        "hämta outlook för",
        "skaffa outlook för",
        "sent from my ",
        "sent from mail for",
        "sent from outlook",
        "sent from yahoo",
        "sent from samsung",
        "sent from proton",
        "sent with ",
        "sent via ",
        "get outlook for",
        "von meinem ",
    ];
    let plain = line.trim().trim_start_matches(['*', '<', '-', ' ']).to_lowercase();
    plain.chars().count() <= 100 && BEGINNINGS.iter().any(|beginning| plain.starts_with(beginning))
}

/// The longest signature, in lines.
const SIGNATURE_LINES_MAX: usize = 20;

fn without_signature<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let lines: Vec<&str> = lines.iter().copied().filter(|line| !is_added_by_program(line)).collect();
    let filled = lines.iter().filter(|line| !line.trim().is_empty()).count();
    let mut seen = 0;
    for (at, line) in lines.iter().enumerate() {
        let left = filled - seen - usize::from(!line.trim().is_empty());
        let marked = *line == "-- " || (matches!(line.trim(), "--" | "—") && left <= SIGNATURE_LINES_MAX);
        // At the very start it marks no signature.
        if marked && seen > 0 && left <= 2 * SIGNATURE_LINES_MAX {
            return lines[..at].to_vec();
        }
        if is_greeting(line) && left <= SIGNATURE_LINES_MAX {
            return greeted(&lines, at);
        }
        seen += usize::from(!line.trim().is_empty());
    }
    lines
}

/// A closing greeting on a line of its own.
fn is_greeting(line: &str) -> bool {
    const GREETINGS: [&str; 22] = [
        "med vänlig hälsning",
        "med vänliga hälsningar",
        "vänlig hälsning",
        "vänliga hälsningar",
        "vänligen",
        "hälsningar",
        "bästa hälsningar",
        "många hälsningar",
        "med bästa hälsningar",
        "med hälsning",
        "mvh",
        "m v h",
        "m.v.h",
        "vh",
        "hälsn",
        "best regards",
        "kind regards",
        "regards",
        "sincerely",
        "yours sincerely",
        "med vennlig hilsen",
        "mit freundlichen grüßen",
    ];
    let plain = line.trim().trim_matches(['*', ',', '!', '.', '/', '-', ' ']).to_lowercase();
    GREETINGS.contains(&plain.as_str())
}

/// Keeps the greeting and the name below it; drops the rest if it is a business card.
fn greeted<'t>(lines: &[&'t str], at: usize) -> Vec<&'t str> {
    let below = &lines[at + 1..];
    let is_name = |line: &&str| {
        let plain = line.trim();
        !plain.is_empty()
            && plain.chars().count() <= 40
            && !plain.contains(|c: char| c.is_ascii_digit() || c == '@')
    };
    let Some(name) = below.iter().position(|line| !line.trim().is_empty()) else { return lines.to_vec() };
    let kept = if is_name(&below[name]) { name + 1 } else { 0 };
    let card = &below[kept..];
    let short = card.iter().all(|line| line.chars().count() <= 90);
    let sentences = card
        .iter()
        .filter(|line| line.trim_end().ends_with(['.', '?', '!']) && line.split_whitespace().count() > 5);
    if card.iter().any(|line| is_contact(line)) && short && sentences.count() == 0 {
        lines[..at + 1 + kept].to_vec()
    } else {
        lines.to_vec()
    }
}

/// A line of a business card: a telephone number, an address, a website.
fn is_contact(line: &str) -> bool {
    let plain = line.trim().to_lowercase();
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let numbers = plain.chars().all(|c| c.is_ascii_digit() || " +-()/:.,|tlfnmobväxledirkax".contains(c));
    (digits >= 6 && numbers)
        || plain.starts_with("www.")
        || plain.starts_with("http")
        || (plain.contains('@') && !plain.contains(' '))
        || [
            "tel",
            "tfn",
            "telefon",
            "mobil",
            "växel",
            "e-post",
            "epost",
            "direkt",
            "phone",
            "mobile",
            "email",
            "besöksadress",
            "postadress",
        ]
        .iter()
        .any(|word| plain.starts_with(word) && (plain.contains(':') || digits >= 5))
}

/// What lawyers and printers have added at the end: whole paragraphs, from the last one upwards.
fn without_disclaimers<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let mut end = lines.len();
    loop {
        while end > 0 && (lines[end - 1].trim().is_empty() || is_rule(lines[end - 1])) {
            end -= 1;
        }
        let start = (0..end)
            .rev()
            .find(|at| lines[*at].trim().is_empty() || is_rule(lines[*at]))
            .map_or(0, |at| at + 1);
        if start == 0 || start >= end || !is_disclaimer(&lines[start..end].join(" ")) {
            return lines[..end].to_vec();
        }
        end = start;
    }
}

fn is_disclaimer(paragraph: &str) -> bool {
    /// Signs that need no other.
    const CERTAIN: [&str; 12] = [
        "tänk på miljön innan du skriver ut",
        "consider the environment before printing",
        "think before you print",
        "behandlar vi dina personuppgifter",
        "behandlar dina personuppgifter",
        "behandling av personuppgifter",
        "behandlar personuppgifter",
        "om du inte är rätt mottagare",
        "if you are not the intended recipient",
        "if you have received this e-mail in error",
        "om du har fått detta meddelande av misstag",
        "om ni har fått detta meddelande av misstag",
    ];
    /// Of these it takes two.
    const SIGNS: [&str; 18] = [
        "detta e-postmeddelande",
        "detta meddelande",
        "denna e-post",
        "detta mejl",
        "detta mail",
        "bifogade filer",
        "eventuella bilagor",
        "konfidentiell",
        "sekretess",
        "avsedd för",
        "avsett för",
        "endast för",
        "adressaten",
        "obehörig",
        "this e-mail",
        "this email",
        "confidential",
        "intended for",
    ];
    let plain = paragraph.to_lowercase();
    // A resident who writes about their personal data asks; a disclaimer states.
    if plain.contains('?') {
        return false;
    }
    let first_person = [" jag ", "jag ", " min ", " mitt ", " mina "].iter().any(|word| plain.contains(word));
    !first_person
        && (CERTAIN.iter().any(|sign| plain.contains(sign))
            || SIGNS.iter().filter(|sign| plain.contains(**sign)).count() >= 2)
}
