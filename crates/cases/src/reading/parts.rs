//! An e-mail's parts: what is quoted, what is for the contact centre, what is for the resident.

/// A line above what is meant for the resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// What follows is an answer.
    Answer,
    /// What follows is a question.
    Question,
}

/// An e-mail taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Everything that is not quoted.
    pub own: String,
    /// What is above the marker, or all of `own`, and what comes after the public part.
    pub internal: String,
    /// What is below the marker; empty without one.
    pub public: String,
    /// The marker, if there is one; an error if one cannot tell.
    pub marker: Result<Option<Marker>, ()>,
    /// Whether somebody wrote between quoted lines.
    pub interleaved: bool,
}

const ANSWER_MARKERS: &[&str] =
    &["svar till invanaren", "svar till invanare", "answer to the resident", "reply to the resident"];
const QUESTION_MARKERS: &[&str] =
    &["fraga till invanaren", "fraga till invanare", "question to the resident"];
/// A line that takes back what the marker said: from here on it is internal again.
const INTERNAL_MARKERS: &[&str] =
    &["internt", "intern", "intern anteckning", "till kontaktcenter", "internal", "to the contact centre"];
/// How people end a letter. What comes after is a name, a telephone number, a disclaimer: not for the resident.
const SIGN_OFFS: &[&str] = &[
    "mvh",
    "vh",
    "hals",
    "halsar",
    "halsningar",
    "halsning",
    "med vanlig halsning",
    "med vanliga halsningar",
    "vanlig halsning",
    "vanliga halsningar",
    "med halsning",
    "med basta halsningar",
    "basta halsningar",
    "hjartliga halsningar",
    "vanligen",
    "best",
    "best regards",
    "kind regards",
    "regards",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
];
/// Words of a line that is a sign-off and a name: "Hälsningar Maja Åhlström, VA".
const SIGN_OFF_WORDS_MAX: usize = 6;
/// What a mail program writes below a letter by itself.
const PROGRAM_LINES: &[&str] = &[
    "skickat fran",
    "sent from",
    "hamta outlook",
    "get outlook",
    "skickades fran",
    "skickad fran",
    "ladda ner outlook",
];
/// How many lines a quoted letter's head may be away from its first one.
const HEAD_LINES: usize = 5;

impl Parts {
    pub fn of(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(clean).collect();
        let end = lines.iter().enumerate().position(|(at, _)| quoted_from(&lines, at)).unwrap_or(lines.len());
        let interleaved = lines[end..].iter().any(|line| line.starts_with('>')) && {
            let mut after = lines[end..].iter().skip_while(|line| !line.starts_with('>'));
            after.any(|line| !line.is_empty() && !line.starts_with('>'))
        };
        let own = if interleaved { &lines[..] } else { &lines[..end] };
        let mut parts = Self {
            own: joined(own),
            internal: String::new(),
            public: String::new(),
            marker: Ok(None),
            interleaved,
        };
        parts.divide(own);
        parts
    }

    fn divide(&mut self, lines: &[String]) {
        let mut found = Vec::new();
        let mut unclear = false;
        for (at, line) in lines.iter().enumerate() {
            match marker(line) {
                Some(Ok(marker)) => found.push((at, marker)),
                Some(Err(())) => unclear = true,
                None => {}
            }
        }
        self.internal = joined(lines);
        match (found.as_slice(), unclear) {
            ([], false) => {}
            ([(at, marker)], false) => {
                let below = &lines[at + 1..];
                let end = below.iter().position(|line| ends_public(line)).unwrap_or(below.len());
                self.marker = Ok(Some(*marker));
                self.public = joined(&below[..end]);
                let (above, after) = (joined(&lines[..*at]), joined(&below[end..]));
                self.internal = if after.is_empty() { above } else { format!("{above}\n\n{after}") };
            }
            _ => self.marker = Err(()),
        }
        if self.internal.trim().is_empty() {
            self.internal = String::new();
        }
    }
}

/// A line without what cannot be seen and without spaces around it.
fn clean(line: &str) -> String {
    let seen =
        line.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'));
    let plain: String =
        seen.map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control()).collect();
    plain.trim().to_owned()
}

fn joined(lines: &[String]) -> String {
    lines.join("\n").trim().to_owned()
}

/// A text as compared: small letters, no marks on them (in Swedish å, ä, ö become a, a, o), no decoration.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'å' | 'ä' | 'à' | 'á' => folded.push('a'),
            'ö' | 'ø' => folded.push('o'),
            'é' | 'è' | 'ë' => folded.push('e'),
            'ü' => folded.push('u'),
            // What a letter written with a mark of its own leaves behind, and apostrophes: "it's".
            '\u{300}'..='\u{36f}' | '\'' | '’' | '`' | '´' => {}
            '\u{a0}' | '\t' => folded.push(' '),
            other => folded.push(other),
        }
    }
    folded
}

/// The clauses of a line, folded, each with single spaces between its words and nothing around it.
pub(super) fn clauses(line: &str) -> impl Iterator<Item = String> {
    fold(line)
        .split(['.', ',', '!', '?', ';', ':', '(', ')', '–', '—'])
        .flat_map(|clause| clause.split(" - "))
        .map(bare)
        .filter(|clause| !clause.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Words with single spaces, without decoration (stars, lines, quotation marks) around them.
fn bare(text: &str) -> String {
    let words =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| "*_=~#\"”“«»-/|<>".contains(c)));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a line is a marker: one alone on its line, or an error if it says more than the marker.
fn marker(line: &str) -> Option<Result<Marker, ()>> {
    let folded = bare(&fold(line).replace([':', '.', '!', ',', '(', ')', '[', ']', '{', '}'], " "));
    let markers = ANSWER_MARKERS
        .iter()
        .map(|words| (words, Marker::Answer))
        .chain(QUESTION_MARKERS.iter().map(|words| (words, Marker::Question)));
    let mut begins = None;
    for (words, marker) in markers {
        if folded == **words {
            return Some(Ok(marker));
        }
        // "Svar till invånaren: vänta med det" may be an order to us as well as an answer to them.
        if folded.strip_prefix(words).is_some_and(|rest| rest.starts_with(' ')) {
            begins = Some(Err(()));
        }
    }
    begins
}

fn ends_public(line: &str) -> bool {
    let folded = bare(&fold(line).replace([':', '.', '!', ',', '/'], " "));
    if INTERNAL_MARKERS.contains(&folded.as_str()) || line == "--" {
        return true;
    }
    // "Internt: ..." takes it back too, whatever follows on the line.
    let said = fold(line);
    if INTERNAL_MARKERS.iter().any(|m| bare(&said).strip_prefix(m).is_some_and(|rest| rest.starts_with(':')))
    {
        return true;
    }
    folded.split(' ').count() <= SIGN_OFF_WORDS_MAX
        && SIGN_OFFS.iter().any(|sign_off| {
            folded.strip_prefix(sign_off).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

/// Whether what is quoted, or written by the mail program, begins with the line at `at`.
fn quoted_from(lines: &[String], at: usize) -> bool {
    let line = &lines[at];
    let folded = fold(line);
    let next = lines.get(at + 1).map(|next| fold(next)).unwrap_or_default();
    line.starts_with('>')
        || (line.contains("##-") && line.contains("-##"))
        || line == "--"
        || is_rule(line)
        || PROGRAM_LINES.iter().any(|words| folded.starts_with(words))
        || original_message(&folded)
        || introduces(&folded)
        || (begins_introduction(&folded) && !folded.ends_with(':') && introduces(&format!("{folded} {next}")))
        || heads(lines, at)
}

/// A line of nothing but lines, as some programs put above what they quote.
fn is_rule(line: &str) -> bool {
    line.chars().count() >= 10 && line.chars().all(|c| "_-=*─━".contains(c))
}

fn original_message(folded: &str) -> bool {
    let words = bare(folded);
    folded.starts_with("--")
        && [
            "ursprungligt meddelande",
            "originalmeddelande",
            "original message",
            "forwarded message",
            "vidarebefordrat",
        ]
        .iter()
        .any(|said| words.contains(said))
}

fn begins_introduction(folded: &str) -> bool {
    let first = folded.split(' ').next().unwrap_or_default();
    ["den", "on", "man", "mon", "tis", "ons", "tors", "fre", "lor", "son"]
        .contains(&first.trim_end_matches(['.', ',']))
        || folded.starts_with(|c: char| c.is_ascii_digit())
        || folded.contains('@')
}

/// "Den 2 november 2026 skrev Kontaktcenter:", "On Mon, 2 Nov 2026 at 10:00, X wrote:".
fn introduces(folded: &str) -> bool {
    let words = || folded.split(|c: char| !c.is_alphanumeric());
    folded.ends_with(':')
        && words().any(|word| word == "skrev" || word == "wrote")
        && (folded.contains('@') || folded.contains(|c: char| c.is_ascii_digit()))
}

/// "Från: ... Skickat: ... Till: ... Ämne: ...", the head of a quoted letter.
fn heads(lines: &[String], at: usize) -> bool {
    let field = |line: &String| {
        let folded = bare(&fold(line));
        let name = folded.split(':').next().unwrap_or_default().trim_matches('*').trim().to_owned();
        if folded.contains(':') { name } else { String::new() }
    };
    let first = field(&lines[at]);
    (first == "fran" || first == "from")
        && lines[at + 1..].iter().take(HEAD_LINES).any(|line| {
            ["skickat", "sent", "datum", "date", "till", "to", "amne", "subject"]
                .contains(&field(line).as_str())
        })
}
