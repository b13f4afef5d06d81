//! What a process is: steps, what is asked in them, and the ways on. A definition is a TOML file that a manager reads
//! and edits; [`read`] takes it in whole or tells everything that is wrong with it, line by line.

mod check;
mod due;
mod fault;
mod graph;
mod read;
mod table;

pub use due::{Due, Unit};
pub use fault::{Fault, FaultKind};
pub use read::read;

use crate::condition::Condition;
use crate::form::Field;
use crate::template::Template;
use vocabulary::CaseOutcome;

/// A process, checked: every step can be reached, every way leads to an end, nothing goes round for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its code; the same in every version.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the case type whose cases run through it.
    pub case_type: String,
    /// What it is for.
    pub description: String,
    /// The steps, as they stand in the file; the first is where a case begins.
    pub steps: Vec<Step>,
    /// The ends.
    pub ends: Vec<End>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Unique among steps and ends.
    pub key: String,
    /// Its name, as guides read it.
    pub name: String,
    /// What is done in it.
    pub kind: StepKind,
    /// Who does it.
    pub who: Who,
    /// What helps the one who does it.
    pub help: Option<String>,
    /// What the resident reads while it is open. Tells nothing personal.
    pub public: Option<String>,
    /// By when it is done, if there is a term.
    pub due: Option<Due>,
    /// Whether it may be left out, with a reason.
    pub skippable: bool,
    /// Whether it waits until nothing that is under way leads to it any more.
    pub gather: bool,
    /// What is asked.
    pub fields: Vec<Field>,
    /// The ways on: the first whose condition holds is taken. The last has none.
    pub arrows: Vec<Arrow>,
    /// Where it stands in its file; counted from 1.
    pub line: usize,
}

/// What is done in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Something is filled in, checked, decided or carried out.
    Form,
    /// A time is booked.
    Booking {
        /// The code of what is booked.
        resource: String,
        /// How many days before the time the resident is reminded; none is not reminded.
        remind_days: Option<u16>,
    },
    /// A letter or document is sent.
    Letter(Letter),
    /// Something is handed out at the desk, to somebody whose identity has been checked.
    HandOut {
        /// What is handed out.
        document: String,
    },
    /// A contractor is called out.
    CallOut {
        /// Their codes, in the order they are tried.
        contractors: Vec<String>,
        /// How long each has to acknowledge, in minutes.
        answer_minutes: u16,
        /// What they are told.
        message: Template,
    },
}

impl StepKind {
    /// The word in the file.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Booking { .. } => "booking",
            Self::Letter(_) => "letter",
            Self::HandOut { .. } => "hand_out",
            Self::CallOut { .. } => "call_out",
        }
    }
}

/// A letter or document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// How it goes.
    pub delivery: Delivery,
    /// The lines of the address, for the window of an envelope.
    pub to: Vec<Template>,
    /// Its heading.
    pub subject: Template,
    /// Its text.
    pub body: Template,
}

vocabulary::words! {
    /// How a letter goes.
    Delivery, "delivery" {
        /// Printed and put in an envelope.
        Post = "post",
        /// As a message to the resident's address of choice.
        Message = "message",
    }
}

/// Who does a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A guide in the contact centre.
    Guide,
    /// Somebody in a department: an officer by e-mail address, a department by its code, or the case type's officer.
    Department(Option<String>),
    /// The resident; the guide notes it when it has come.
    Resident,
}

impl Who {
    /// The word in the file.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Department(_) => "department",
            Self::Resident => "resident",
        }
    }
}

/// A way on from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it leads; several are begun side by side.
    pub to: Vec<Node>,
    /// When it is taken.
    pub when: Option<Condition>,
    /// How often it may be taken in one process; what leads back has this.
    pub at_most: Option<u8>,
    /// Where it stands in its file; counted from 1.
    pub line: usize,
}

/// A step or an end, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A step.
    Step(usize),
    /// An end.
    End(usize),
}

/// An end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Unique among steps and ends.
    pub key: String,
    /// Its name, as guides read it.
    pub name: String,
    /// How the case ends.
    pub outcome: CaseOutcome,
    /// What the resident reads. Tells nothing personal.
    pub public: Option<String>,
    /// Whether it breaks off whatever else is under way.
    pub cancels: bool,
    /// Where it stands in its file; counted from 1.
    pub line: usize,
}

/// What a definition may point to: the municipality as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The codes of the case types in use.
    pub case_types: Vec<String>,
    /// The codes of the departments.
    pub departments: Vec<String>,
    /// The e-mail addresses of active officers.
    pub officers: Vec<String>,
    /// The codes of what can be booked.
    pub resources: Vec<String>,
    /// The codes of the contractors.
    pub contractors: Vec<String>,
}

impl Definition {
    /// The place of the step with that key.
    #[must_use]
    pub fn step(&self, key: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.key == key)
    }

    /// Every field of the process.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The field with that key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }

    /// A step's or end's name.
    #[must_use]
    pub fn name_of(&self, node: Node) -> &str {
        match node {
            Node::Step(place) => &self.steps[place].name,
            Node::End(place) => &self.ends[place].name,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
