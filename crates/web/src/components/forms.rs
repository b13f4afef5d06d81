//! Fields, with their hints and what was wrong with them.

use crate::{t, visit::Visit, words::Words};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// What was wrong, by field name.
#[derive(Clone, Debug, Default)]
pub struct Faults(BTreeMap<&'static str, String>);

impl Faults {
    /// Nothing wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One field is wrong.
    #[must_use]
    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, message);
        faults
    }

    /// Another field is wrong; the first fault of a field stays.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| message.into());
    }

    /// What is wrong with `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// The first of what is wrong.
    #[must_use]
    pub fn any(&self) -> Option<&str> {
        self.0.values().next().map(String::as_str)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The hidden field that says that the form is our own.
#[must_use]
pub fn token(visit: &Visit) -> Markup {
    html! { @if let Some(token) = &visit.csrf { input type="hidden" name="csrf" value=(token); } }
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// A password one has.
    Password,
    /// A password one is choosing.
    NewPassword,
    /// A day.
    Day,
    /// Several lines.
    Text,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// The name sent; the id is the form's prefix and this.
    pub name: &'static str,
    /// What keeps ids apart where a page has several forms.
    pub prefix: &'static str,
    /// What is asked for.
    pub label: String,
    /// What helps to answer.
    pub hint: Option<String>,
    /// What stands in it.
    pub value: &'a str,
    /// How it is asked for.
    pub kind: Kind,
    /// Whether it must be filled in.
    pub required: bool,
    /// Most characters.
    pub chars_max: usize,
}

impl<'a> Field<'a> {
    /// A required line.
    #[must_use]
    pub fn line(prefix: &'static str, name: &'static str, label: String, value: &'a str) -> Self {
        Self { name, prefix, label, hint: None, value, kind: Kind::Line, required: true, chars_max: 200 }
    }

    /// Of another kind.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// With room for so many characters.
    #[must_use]
    pub fn room(mut self, chars_max: usize) -> Self {
        self.chars_max = chars_max;
        self
    }

    /// The field with its label, hint and fault.
    #[must_use]
    pub fn show(&self, words: &Words, faults: &Faults) -> Markup {
        let id = format!("{}-{}", self.prefix, self.name);
        let fault = faults.of(self.name);
        let described = described_by(&id, self.hint.is_some(), fault.is_some());
        let (kind, complete) = match self.kind {
            Kind::Line | Kind::Text => ("text", "off"),
            Kind::Email => ("email", "off"),
            Kind::Telephone => ("tel", "off"),
            Kind::Password => ("password", "current-password"),
            Kind::NewPassword => ("password", "new-password"),
            Kind::Day => ("date", "off"),
        };
        html! {
            div .field {
                label for=(id) { (self.label) @if !self.required { " " span .optional { (t!(words, "optional")) } } }
                (notes(&id, self.hint.as_deref(), fault))
                @if self.kind == Kind::Text {
                    textarea id=(id) name=(self.name) required[self.required] maxlength=(self.chars_max)
                        aria-describedby=[described] aria-invalid=[fault.map(|_| "true")] { (self.value) }
                } @else {
                    input id=(id) name=(self.name) type=(kind) value=(self.value) required[self.required]
                        maxlength=(self.chars_max) autocomplete=(complete)
                        aria-describedby=[described] aria-invalid=[fault.map(|_| "true")];
                }
            }
        }
    }
}

/// Hint and fault, each with the id by which its field points to it.
#[must_use]
pub fn notes(id: &str, hint: Option<&str>, fault: Option<&str>) -> Markup {
    html! {
        @if let Some(hint) = hint { p .hint id=(format!("{id}-hint")) { (hint) } }
        @if let Some(fault) = fault { p .field-error id=(format!("{id}-fault")) { (fault) } }
    }
}

/// The ids of a field's hint and fault, for `aria-describedby`.
#[must_use]
pub fn described_by(id: &str, hint: bool, fault: bool) -> Option<String> {
    match (hint, fault) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-fault")),
        (true, true) => Some(format!("{id}-hint {id}-fault")),
    }
}

/// A choice in a select.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub name: String,
    /// Words that also lead to it, in a type-ahead.
    pub keywords: String,
    /// What stands beside it, in a type-ahead.
    pub aside: String,
    /// Under which heading it stands, in an ordinary select.
    pub group: Option<String>,
}

impl Choice {
    /// A plain choice.
    #[must_use]
    pub fn new(value: impl ToString, name: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            name: name.into(),
            keywords: String::new(),
            aside: String::new(),
            group: None,
        }
    }
}

/// A select.
#[derive(Clone, Debug)]
pub struct Select<'a> {
    /// The name sent.
    pub name: &'static str,
    /// What keeps ids apart.
    pub prefix: &'static str,
    /// What is asked for.
    pub label: String,
    /// What can be chosen.
    pub choices: &'a [Choice],
    /// What is chosen.
    pub chosen: &'a str,
    /// What stands first, for nothing; without one, something is always chosen.
    pub nothing: Option<String>,
    /// Whether something must be chosen.
    pub required: bool,
    /// In a type-ahead: where the focus goes when one has been taken.
    pub type_ahead_next: Option<&'static str>,
}

impl Select<'_> {
    /// The select with its label and fault.
    #[must_use]
    pub fn show(&self, words: &Words, faults: &Faults) -> Markup {
        let id = format!("{}-{}", self.prefix, self.name);
        let fault = faults.of(self.name);
        let type_ahead = self.type_ahead_next.is_some();
        let mut group: Option<&str> = None;
        let grouped: Vec<(Option<&str>, Vec<&Choice>)> =
            self.choices.iter().fold(Vec::new(), |mut groups, choice| {
                let own = choice.group.as_deref();
                if groups.is_empty() || own != group {
                    groups.push((own, Vec::new()));
                    group = own;
                }
                if let Some((_, choices)) = groups.last_mut() {
                    choices.push(choice);
                }
                groups
            });
        html! {
            div .field {
                label for=(id) { (self.label) @if !self.required { " " span .optional { (t!(words, "optional")) } } }
                (notes(&id, None, fault))
                select id=(id) name=(self.name) required[self.required] data-type-ahead[type_ahead]
                    data-next=[self.type_ahead_next] data-empty=[type_ahead.then(|| t!(words, "type-ahead-nothing"))]
                    aria-describedby=[described_by(&id, false, fault.is_some())]
                    aria-invalid=[fault.map(|_| "true")] {
                    @if let Some(nothing) = &self.nothing { option value="" { (nothing) } }
                    @for (heading, choices) in &grouped {
                        @if let Some(heading) = heading {
                            optgroup label=(heading) { @for choice in choices { (self.option(choice)) } }
                        } @else {
                            @for choice in choices { (self.option(choice)) }
                        }
                    }
                }
            }
        }
    }

    fn option(&self, choice: &Choice) -> Markup {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        html! {
            option value=(choice.value) selected[choice.value == self.chosen]
                data-keywords=[some(&choice.keywords)] data-aside=[some(&choice.aside)] { (choice.name) }
        }
    }
}

/// A box to tick.
#[must_use]
pub fn tick(prefix: &str, name: &str, label: &str, ticked: bool) -> Markup {
    let id = format!("{prefix}-{name}");
    html! {
        div .check {
            input type="checkbox" id=(id) name=(name) value="yes" checked[ticked];
            label for=(id) { (label) }
        }
    }
}

/// A form of one button, for what is done with one press.
#[must_use]
pub fn button(visit: &Visit, action: &str, class: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (token(visit))
            button type="submit" class=(class) { (label) }
        }
    }
}

/// What is said above a form that was not accepted.
#[must_use]
pub fn refused(message: &str) -> Markup {
    html! { div .notice .bad role="alert" { p { (message) } } }
}
