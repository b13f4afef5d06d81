//! From TOML to a definition.

use super::table::{Source, Table, is_key};
use super::{
    Arrow, Definition, Delivery, Due, End, Fault, FaultKind, Known, Letter, Node, Step, StepKind, Who,
};
use super::{check, graph};
use crate::condition::Condition;
use crate::form::{Choice, Field, FieldKind};
use crate::limits::{
    ANSWER_CHARS_MAX, ARROWS_MAX, CONDITION_CHARS_MAX, CONTRACTORS_MAX, DUE_DAYS_MAX, DUE_MINUTES_MAX,
    ENDS_MAX, FIELDS_MAX, KEY_CHARS_MAX, LETTER_CHARS_MAX, NAME_CHARS_MAX, OPTIONS_MAX, REPEATS_MAX,
    SIDE_BY_SIDE_MAX, SOURCE_BYTES_MAX, STEPS_MAX, TEXT_CHARS_MAX,
};
use crate::near::nearest;
use crate::template::Template;
use std::str::FromStr as _;
use toml::de::DeTable;
use vocabulary::CaseOutcome;

/// Lines of an address.
const ADDRESS_LINES_MAX: usize = 8;
/// Characters of a line of text, where nothing else is said.
const LINE_CHARS_MAX: usize = 200;
/// What only some kinds of steps have.
const OF_SOME_KINDS: &[&str] = &[
    "resource",
    "remind_days",
    "delivery",
    "to",
    "subject",
    "body",
    "document",
    "contractors",
    "answer_minutes",
    "message",
];

/// Reads and checks a definition. Without what is `known`, nothing it points to in the municipality is looked for: a
/// version in use is read so, since an officer may have left after it was published.
///
/// # Errors
/// Everything that is wrong with it, by line; at most [`crate::limits::FAULTS_MAX`].
pub fn read(text: &str, known: Option<&Known>) -> Result<Definition, Vec<Fault>> {
    if text.len() > SOURCE_BYTES_MAX {
        return Err(vec![Fault { line: 1, kind: FaultKind::TooLarge }]);
    }
    let mut source = Source::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| source.line(span.start));
        source.fault(line, FaultKind::Syntax(why(error.message())));
    }
    if !errors.is_empty() {
        return sorted(source);
    }
    let raw = process(&mut source, document.get_ref());
    let definition = raw.finish(&mut source);
    check::parts(&mut source, &definition, known);
    // Where ways lead nowhere, or a step has none, what can be reached from where says nothing.
    let broken = |fault: &Fault| {
        use FaultKind as F;
        matches!(
            fault.kind,
            F::UnknownTarget { .. } | F::NoWayOn { .. } | F::Twice { .. } | F::Missing { .. }
        )
    };
    if !source.faults.iter().any(broken) {
        let before = source.faults.len();
        graph::check(&mut source, &definition);
        if source.faults.len() == before {
            check::order(&mut source, &definition);
        }
    }
    if source.faults.is_empty() { Ok(definition) } else { sorted(source) }
}

fn sorted(source: Source<'_>) -> Result<Definition, Vec<Fault>> {
    let mut faults = source.faults;
    faults.sort_by_key(|fault| fault.line);
    Err(faults)
}

/// What a TOML reader's message is about, as a word for [`crate::words`].
fn why(message: &str) -> &'static str {
    let message = message.to_lowercase();
    let about = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if about(&["duplicate"]) {
        "duplicate"
    } else if about(&["quote", "string"]) {
        "quote"
    } else if about(&["`=`", "missing value", "key with no value", "extra `=`"]) {
        "equals"
    } else if about(&["bracket", "`]`", "`[`", "array", "brace", "`}`"]) {
        "bracket"
    } else {
        "other"
    }
}

/// A way on before it is known what its target is.
struct RawArrow {
    to: Vec<(String, usize)>,
    when: Option<(String, usize)>,
    at_most: Option<u8>,
    line: usize,
}

struct Raw {
    definition: Definition,
    arrows: Vec<Vec<RawArrow>>,
}

fn process(source: &mut Source<'_>, table: &DeTable<'_>) -> Raw {
    let mut top = Table::new(table, 1);
    let mut definition = Definition {
        code: top.key(source, "code"),
        name: top.needed(source, "name", NAME_CHARS_MAX),
        case_type: top.needed(source, "case_type", KEY_CHARS_MAX),
        description: top.text(source, "description", TEXT_CHARS_MAX).unwrap_or_default(),
        steps: Vec::new(),
        ends: Vec::new(),
    };
    let mut arrows = Vec::new();
    for table in top.tables(source, "step", STEPS_MAX) {
        let (step, ways) = step(source, table);
        definition.steps.push(step);
        arrows.push(ways);
    }
    for table in top.tables(source, "end", ENDS_MAX) {
        definition.ends.push(end(source, table));
    }
    for (key, missing) in [("step", definition.steps.is_empty()), ("end", definition.ends.is_empty())] {
        if missing && !top.has(key) {
            source.fault(1, FaultKind::Missing { key });
        }
    }
    top.done(source, "process", &[]);
    Raw { definition, arrows }
}

fn step(source: &mut Source<'_>, mut t: Table<'_, '_>) -> (Step, Vec<RawArrow>) {
    let kind = kind(source, &mut t);
    let step = Step {
        key: t.key(source, "key"),
        name: t.needed(source, "name", NAME_CHARS_MAX),
        who: who(source, &mut t),
        help: t.text(source, "help", TEXT_CHARS_MAX),
        public: t.text(source, "public", TEXT_CHARS_MAX),
        due: due(source, &mut t),
        skippable: t.yes(source, "skippable").unwrap_or(false),
        gather: t.yes(source, "gather").unwrap_or(false),
        fields: t.tables(source, "field", FIELDS_MAX).into_iter().map(|table| field(source, table)).collect(),
        arrows: Vec::new(),
        line: t.line,
        kind,
    };
    let ways = t.tables(source, "next", ARROWS_MAX).into_iter().map(|table| arrow(source, table)).collect();
    let word = step.kind.word();
    t.done(source, word, OF_SOME_KINDS);
    (step, ways)
}

fn word(
    source: &mut Source<'_>,
    t: &mut Table<'_, '_>,
    key: &'static str,
    allowed: &[&str],
) -> Option<String> {
    let text = t.text(source, key, KEY_CHARS_MAX)?;
    if allowed.contains(&text.as_str()) {
        return Some(text);
    }
    let line = t.line_of(source, key);
    source.fault(line, FaultKind::NotAWord { key, text, allowed: allowed.join(", ") });
    None
}

fn kind(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> StepKind {
    const KINDS: &[&str] = &["form", "booking", "letter", "hand_out", "call_out"];
    match word(source, t, "kind", KINDS).as_deref() {
        Some("booking") => StepKind::Booking {
            resource: t.needed(source, "resource", KEY_CHARS_MAX),
            remind_days: t
                .number(source, "remind_days", 1, i64::from(DUE_DAYS_MAX))
                .and_then(|days| u16::try_from(days).ok()),
        },
        Some("letter") => StepKind::Letter(letter(source, t)),
        Some("hand_out") => StepKind::HandOut { document: t.needed(source, "document", NAME_CHARS_MAX) },
        Some("call_out") => call_out(source, t),
        _ => StepKind::Form,
    }
}

fn letter(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> Letter {
    let delivery = match word(source, t, "delivery", &["post", "message"]) {
        Some(word) => Delivery::from_str(&word).unwrap_or(Delivery::Post),
        None => Delivery::Post,
    };
    let mut to = Vec::new();
    for (line, at) in t.texts(source, "to", (ADDRESS_LINES_MAX, LINE_CHARS_MAX)) {
        match Template::read(&line) {
            Ok(template) => to.push(template),
            Err(_) => source.fault(at, FaultKind::OpenBrace),
        }
    }
    if delivery == Delivery::Post && !t.has("to") {
        source.fault(t.line, FaultKind::Missing { key: "to" });
    }
    Letter {
        delivery,
        to,
        subject: t.template(source, "subject", LINE_CHARS_MAX),
        body: t.template(source, "body", LETTER_CHARS_MAX),
    }
}

fn call_out(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> StepKind {
    let contractors = t.texts(source, "contractors", (CONTRACTORS_MAX, KEY_CHARS_MAX));
    if !t.has("contractors") {
        source.fault(t.line, FaultKind::Missing { key: "contractors" });
    }
    let minutes = t.number(source, "answer_minutes", 1, i64::from(DUE_MINUTES_MAX));
    if !t.has("answer_minutes") {
        source.fault(t.line, FaultKind::Missing { key: "answer_minutes" });
    }
    StepKind::CallOut {
        contractors: contractors.into_iter().map(|(code, _)| code).collect(),
        answer_minutes: minutes.and_then(|minutes| u16::try_from(minutes).ok()).unwrap_or(1),
        message: t.template(source, "message", TEXT_CHARS_MAX),
    }
}

fn who(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> Who {
    let word = word(source, t, "who", &["guide", "department", "resident"]);
    let recipient = t.text(source, "recipient", LINE_CHARS_MAX);
    match word.as_deref() {
        Some("department") => Who::Department(recipient),
        other => {
            if recipient.is_some() {
                let line = t.line_of(source, "recipient");
                let kind = if other == Some("resident") { "resident" } else { "guide" };
                source.fault(line, FaultKind::NotForKind { key: "recipient".to_owned(), kind });
            }
            if other == Some("resident") { Who::Resident } else { Who::Guide }
        }
    }
}

fn due(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> Option<Due> {
    let text = t.text(source, "due", LINE_CHARS_MAX)?;
    Due::read(&text).map_err(|fault| source.fault(t.line_of(source, "due"), fault)).ok()
}

fn field(source: &mut Source<'_>, mut t: Table<'_, '_>) -> Field {
    const TYPES: &[&str] = &["text", "choice", "date", "number", "yes_no"];
    let (key, label) = (t.key(source, "key"), t.needed(source, "label", LINE_CHARS_MAX));
    let named = word(source, &mut t, "type", TYPES);
    if named.is_none() && !t.has("type") {
        source.fault(t.line, FaultKind::Missing { key: "type" });
    }
    let kind = match named.as_deref() {
        Some("choice") => FieldKind::Choice(options(source, &mut t)),
        Some("date") => FieldKind::Date,
        Some("yes_no") => FieldKind::YesNo,
        Some("number") => {
            let min = t.number(source, "min", i64::MIN, i64::MAX).unwrap_or(0);
            let max = t.number(source, "max", i64::MIN, i64::MAX).unwrap_or(1_000_000_000);
            if min > max {
                source.fault(
                    t.line_of(source, "max"),
                    FaultKind::OutOfRange { key: "max", min, max: i64::MAX },
                );
            }
            FieldKind::Number { min, max }
        }
        _ => {
            let lines = t.yes(source, "lines").unwrap_or(false);
            let most = i64::try_from(ANSWER_CHARS_MAX).unwrap_or(i64::MAX);
            let chars = t.number(source, "chars_max", 1, most).and_then(|n| usize::try_from(n).ok());
            FieldKind::Text { lines, chars_max: chars.unwrap_or(if lines { ANSWER_CHARS_MAX } else { 200 }) }
        }
    };
    let field = Field {
        key,
        label,
        hint: t.text(source, "hint", TEXT_CHARS_MAX),
        kind,
        required: t.yes(source, "required").unwrap_or(false),
        sensitive: t.yes(source, "sensitive").unwrap_or(false),
        line: t.line,
    };
    let name = match field.kind {
        FieldKind::Text { .. } => "text",
        FieldKind::Choice(_) => "choice",
        FieldKind::Date => "date",
        FieldKind::Number { .. } => "number",
        FieldKind::YesNo => "yes_no",
    };
    t.done(source, name, &["options", "min", "max", "lines", "chars_max"]);
    field
}

/// Options are written `key` or `key: What people read`.
fn options(source: &mut Source<'_>, t: &mut Table<'_, '_>) -> Vec<Choice> {
    let line = t.line_of(source, "options");
    let mut options: Vec<Choice> = Vec::new();
    for (text, at) in t.texts(source, "options", (OPTIONS_MAX, LINE_CHARS_MAX)) {
        let (key, label) = text
            .split_once(':')
            .map_or((text.as_str(), text.as_str()), |(key, label)| (key.trim(), label.trim()));
        if !is_key(key) || key.len() > KEY_CHARS_MAX || label.is_empty() {
            source.fault(at, FaultKind::NotAKey { text: key.to_owned() });
        }
        if options.iter().any(|option| option.key == key) {
            source.fault(at, FaultKind::Twice { what: "option", key: key.to_owned(), first: line });
        }
        options.push(Choice { key: key.to_owned(), label: label.to_owned() });
    }
    if options.is_empty() && !t.has("options") {
        source.fault(line, FaultKind::Missing { key: "options" });
    }
    options
}

fn arrow(source: &mut Source<'_>, mut t: Table<'_, '_>) -> RawArrow {
    let to = t.texts(source, "to", (SIDE_BY_SIDE_MAX, KEY_CHARS_MAX));
    if !t.has("to") {
        source.fault(t.line, FaultKind::Missing { key: "to" });
    }
    let when = t.text(source, "when", CONDITION_CHARS_MAX).map(|text| (text, t.line_of(source, "when")));
    let at_most =
        t.number(source, "at_most", 1, i64::from(REPEATS_MAX)).and_then(|times| u8::try_from(times).ok());
    let line = t.line;
    t.done(source, "next", &[]);
    RawArrow { to, when, at_most, line }
}

fn end(source: &mut Source<'_>, mut t: Table<'_, '_>) -> End {
    let outcomes: Vec<&str> = CaseOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let outcome = word(source, &mut t, "outcome", &outcomes);
    if outcome.is_none() && !t.has("outcome") {
        source.fault(t.line, FaultKind::Missing { key: "outcome" });
    }
    let end = End {
        key: t.key(source, "key"),
        name: t.needed(source, "name", NAME_CHARS_MAX),
        outcome: outcome.and_then(|word| word.parse().ok()).unwrap_or(CaseOutcome::ALL[0]),
        public: t.text(source, "public", TEXT_CHARS_MAX),
        cancels: t.yes(source, "cancels").unwrap_or(false),
        line: t.line,
    };
    t.done(source, "end", &[]);
    end
}

impl Raw {
    /// Finds out where the ways lead and what their conditions ask.
    fn finish(self, source: &mut Source<'_>) -> Definition {
        let mut definition = self.definition;
        let known: Vec<Field> = definition.fields().cloned().collect();
        let fields: Vec<&Field> = known.iter().collect();
        let mut all = Vec::new();
        for ways in self.arrows {
            let mut arrows = Vec::new();
            for way in ways {
                let to =
                    way.to.iter().filter_map(|(key, line)| target(source, &definition, key, *line)).collect();
                let when = way.when.and_then(|(text, line)| {
                    Condition::read(&text, &fields)
                        .map_err(|fault| source.fault(line, FaultKind::Condition(fault)))
                        .ok()
                });
                arrows.push(Arrow { to, when, at_most: way.at_most, line: way.line });
            }
            all.push(arrows);
        }
        for (step, arrows) in definition.steps.iter_mut().zip(all) {
            step.arrows = arrows;
        }
        definition
    }
}

fn target(source: &mut Source<'_>, definition: &Definition, key: &str, line: usize) -> Option<Node> {
    let end = || definition.ends.iter().position(|end| end.key == key).map(Node::End);
    let node = definition.step(key).map(Node::Step).or_else(end);
    if node.is_none() {
        let keys = definition
            .steps
            .iter()
            .map(|s| s.key.as_str())
            .chain(definition.ends.iter().map(|e| e.key.as_str()));
        let near = nearest(key, keys);
        source.fault(line, FaultKind::UnknownTarget { key: key.to_owned(), near });
    }
    node
}
