//! From content lines to components: what stands between BEGIN and END.

use super::lines::{Property, unfolded};
use super::{Fault, FaultKind};

/// Deepest nesting that is read. A calendar has two levels, alarms a third.
const DEPTH_MAX: usize = 8;
/// Most components in one file.
const COMPONENTS_MAX: usize = 50_000;

/// What stands between a BEGIN and its END.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, in capitals: `VEVENT`.
    pub name: String,
    /// The line of its BEGIN.
    pub line: usize,
    /// Its own lines.
    pub properties: Vec<Property>,
    /// What stands inside it.
    pub components: Vec<Component>,
}

impl Component {
    /// The first property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The property of that name, of which there may be one only.
    pub(super) fn only(&self, name: &str) -> Result<Option<&Property>, Fault> {
        let mut all = self.properties.iter().filter(|property| property.name == name);
        let first = all.next();
        match all.next() {
            // The same line twice says one thing, and some programs write it.
            Some(second) if first.is_none_or(|first| first.value != second.value) => {
                Err(second.fault(FaultKind::Twice))
            }
            _ => Ok(first),
        }
    }

    /// Every property of that name.
    pub(super) fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }
}

/// The calendars in a file; several may follow each other.
///
/// # Errors
/// There is none; a line is not a content line; what was begun is not ended, or the reverse.
pub fn parse(file: &[u8]) -> Result<Vec<Component>, Fault> {
    let mut calendars: Vec<Component> = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    let (mut count, mut last_line) = (0_usize, 1);
    let lines = unfolded(file)?;
    let begins = lines.first().is_some_and(|p| p.name == "BEGIN" && is(&p.value, "VCALENDAR"));
    if !begins {
        let (line, found) = lines.first().map_or((1, ""), |p| (p.line, p.name.as_str()));
        return Err(Fault::new(line, FaultKind::NoCalendar, found));
    }
    for property in lines {
        last_line = property.line;
        match property.name.as_str() {
            "BEGIN" => {
                count += 1;
                if count > COMPONENTS_MAX || open.len() >= DEPTH_MAX {
                    return Err(property.fault(FaultKind::TooMany));
                }
                let name = property.value.trim().to_ascii_uppercase();
                if open.is_empty() != (name == "VCALENDAR") {
                    return Err(property.fault(FaultKind::Unbalanced));
                }
                open.push(Component {
                    name,
                    line: property.line,
                    properties: Vec::new(),
                    components: Vec::new(),
                });
            }
            "END" => {
                let Some(ended) = open.pop().filter(|ended| is(&property.value, &ended.name)) else {
                    return Err(property.fault(FaultKind::Unbalanced));
                };
                match open.last_mut() {
                    Some(outer) => outer.components.push(ended),
                    None => calendars.push(ended),
                }
            }
            _ => match open.last_mut() {
                Some(component) => component.properties.push(property),
                None => return Err(property.fault(FaultKind::Unbalanced)),
            },
        }
    }
    match open.last() {
        Some(unended) => Err(Fault::new(
            last_line,
            FaultKind::CutOff,
            &format!("BEGIN:{} ({})", unended.name, unended.line),
        )),
        None => Ok(calendars),
    }
}

fn is(value: &str, name: &str) -> bool {
    value.trim().eq_ignore_ascii_case(name)
}
