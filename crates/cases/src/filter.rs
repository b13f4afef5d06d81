//! Which cases a list holds: a question, and what narrows it. Written as words and ids, as in a list's address and in a
//! saved filter; read back strictly, so that what cannot be asked is not kept either.

use crate::limits::FILTER_CHARS_MAX;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use vocabulary::civil::Date;
use vocabulary::{AnswerGroupId, CaseStatus, CaseTypeId, Channel, DepartmentId, Priority, UserId};

vocabulary::words! {
    /// The question a list answers.
    View, "view" {
        /// What have I to do? Open cases assigned to me, or registered by me and assigned to nobody.
        Mine = "mine",
        /// What has my group to do?
        Group = "group",
        /// What is late: an officer's answer, or what the resident was promised.
        Overdue = "overdue",
        /// What waits for a department?
        Waiting = "waiting",
        /// What is open?
        Open = "open",
        /// Everything, open or not.
        All = "all",
    }
}

/// Who is to have a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Whoever looks.
    Me,
    /// Nobody yet.
    Nobody,
    /// This guide.
    User(UserId),
}

/// A piece of the map, in degrees (WGS 84). North is not below south, east not below west.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its southern edge, −90 to 90.
    pub south: f64,
    /// Its western edge, −180 to 180.
    pub west: f64,
    /// Its northern edge, −90 to 90.
    pub north: f64,
    /// Its eastern edge, −180 to 180.
    pub east: f64,
}

impl Area {
    /// An area, if its edges are on the earth and in order.
    #[must_use]
    pub fn new(south: f64, west: f64, north: f64, east: f64) -> Option<Self> {
        let on_earth = [south, north].iter().all(|d| (-90.0..=90.0).contains(d))
            && [west, east].iter().all(|d| (-180.0..=180.0).contains(d));
        (on_earth && south <= north && west <= east).then_some(Self { south, west, north, east })
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Five decimals are about a metre.
        write!(f, "{:.5},{:.5},{:.5},{:.5}", self.south, self.west, self.north, self.east)
    }
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filter {
    /// The question.
    pub view: View,
    /// Which of one's groups, in [`View::Group`]; all of them if none.
    pub group: Option<AnswerGroupId>,
    /// Where they stand.
    pub status: Option<CaseStatus>,
    /// What they are about.
    pub case_type: Option<CaseTypeId>,
    /// The department they are with.
    pub department: Option<DepartmentId>,
    /// How soon they should be taken up.
    pub priority: Option<Priority>,
    /// Who has them.
    pub whose: Option<Whose>,
    /// How they came in.
    pub channel: Option<Channel>,
    /// First received on this day or later.
    pub arrived_from: Option<Date>,
    /// First received on this day or earlier.
    pub arrived_to: Option<Date>,
    /// Where they lie.
    pub area: Option<Area>,
}

impl Default for Filter {
    fn default() -> Self {
        Self::of(View::Open)
    }
}

/// A part of a filter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part} is not a part of a filter, or says nothing it can say")]
pub struct FilterError {
    /// Which part, by its name in the address; what somebody else has written is not repeated.
    pub part: &'static str,
}

fn read<T: FromStr>(part: &'static str, value: &str) -> Result<Option<T>, FilterError> {
    value.parse().map(Some).map_err(|_| FilterError { part })
}

fn area(value: &str) -> Option<Area> {
    let degrees: Vec<f64> = value.split(',').map(|d| d.trim().parse().ok()).collect::<Option<_>>()?;
    match degrees.as_slice() {
        [south, west, north, east] => Area::new(*south, *west, *north, *east),
        _ => None,
    }
}

impl Filter {
    /// A question with nothing narrowing it.
    #[must_use]
    pub const fn of(view: View) -> Self {
        Self {
            view,
            group: None,
            status: None,
            case_type: None,
            department: None,
            priority: None,
            whose: None,
            channel: None,
            arrived_from: None,
            arrived_to: None,
            area: None,
        }
    }

    /// Reads a filter from the parts of an address or a form. Blank parts, which forms send, say nothing; parts that are
    /// not a filter's own (a page mark) are left to others.
    ///
    /// # Errors
    /// A part says what it cannot say, or the first day lies after the last.
    pub fn read<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (name, value) in parts {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match name {
                // "filter" is what the question was called in addresses that people may have kept.
                "view" | "filter" => filter.view = value.parse().map_err(|_| FilterError { part: "view" })?,
                "group" => filter.group = read("group", value)?,
                "status" => filter.status = read("status", value)?,
                "type" => filter.case_type = read("type", value)?,
                "department" => filter.department = read("department", value)?,
                "priority" => filter.priority = read("priority", value)?,
                "assignee" => {
                    filter.whose = Some(match value {
                        "me" => Whose::Me,
                        "nobody" => Whose::Nobody,
                        id => Whose::User(id.parse().map_err(|_| FilterError { part: "assignee" })?),
                    });
                }
                "channel" => filter.channel = read("channel", value)?,
                "from" => filter.arrived_from = read("from", value)?,
                "to" => filter.arrived_to = read("to", value)?,
                "area" => filter.area = Some(area(value).ok_or(FilterError { part: "area" })?),
                _ => {}
            }
        }
        match (filter.arrived_from, filter.arrived_to) {
            (Some(from), Some(to)) if from > to => Err(FilterError { part: "from" }),
            _ => Ok(filter),
        }
    }

    /// The parts of which this filter is made, in their order in an address; what does not narrow is left out.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |value: Option<&dyn fmt::Display>| value.map(ToString::to_string);
        let whose = self.whose.map(|whose| match whose {
            Whose::Me => "me".to_owned(),
            Whose::Nobody => "nobody".to_owned(),
            Whose::User(id) => id.to_string(),
        });
        [
            ("view", Some(self.view.to_string())),
            ("group", text(self.group.as_ref().map(|v| v as _))),
            ("status", text(self.status.as_ref().map(|v| v as _))),
            ("type", text(self.case_type.as_ref().map(|v| v as _))),
            ("department", text(self.department.as_ref().map(|v| v as _))),
            ("priority", text(self.priority.as_ref().map(|v| v as _))),
            ("assignee", whose),
            ("channel", text(self.channel.as_ref().map(|v| v as _))),
            ("from", text(self.arrived_from.as_ref().map(|v| v as _))),
            ("to", text(self.arrived_to.as_ref().map(|v| v as _))),
            ("area", text(self.area.as_ref().map(|v| v as _))),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The filter as an address holds it: `view=open&priority=high`. Words, ids, days and numbers need no escaping.
    #[must_use]
    pub fn query(&self) -> String {
        self.parts().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// Reads a filter that was kept as [`Filter::query`] wrote it. Stricter than [`Filter::read`]: every part must be
    /// one of a filter's own, once.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn from_query(query: &str) -> Result<Self, FilterError> {
        if query.len() > FILTER_CHARS_MAX {
            return Err(FilterError { part: "query" });
        }
        let mut parts = BTreeMap::new();
        for part in query.split('&') {
            let (name, value) = part.split_once('=').ok_or(FilterError { part: "query" })?;
            if parts.insert(name, value).is_some() {
                return Err(FilterError { part: "query" });
            }
        }
        let filter = Self::read(parts.iter().map(|(name, value)| (*name, *value)))?;
        let written = filter.parts();
        let whole = written.len() == parts.len()
            && written.iter().all(|(name, value)| parts.get(name).is_some_and(|own| own == value));
        if whole { Ok(filter) } else { Err(FilterError { part: "query" }) }
    }

    /// Whether anything narrows the question.
    #[must_use]
    pub fn narrows(&self) -> bool {
        *self != Self { group: self.group, ..Self::of(self.view) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::civil::date;
    use vocabulary::{NewId as _, SeededChance};

    #[test]
    fn blank_parts_and_page_marks_say_nothing() {
        let parts = [("view", "mine"), ("status", ""), ("after", "17.x"), ("priority", " high ")];
        let filter = Filter::read(parts).unwrap();
        assert_eq!(filter, Filter { priority: Some(Priority::High), ..Filter::of(View::Mine) });
        assert_eq!(filter.query(), "view=mine&priority=high");
        assert!(filter.narrows() && !Filter::of(View::Mine).narrows());
    }

    #[test]
    fn what_cannot_be_asked_is_not_read() {
        for (name, value) in [
            ("view", "theirs"),
            ("type", "1"),
            ("priority", "highest"),
            ("assignee", "anna"),
            ("from", "2026-02-30"),
            ("area", "1,2,3"),
            ("area", "59,18,58,19"),
            ("area", "nan,18,58,19"),
            ("area", "59,18,95,19"),
        ] {
            assert!(Filter::read([(name, value)]).is_err(), "{name}={value}");
        }
        assert!(Filter::read([("from", "2026-11-03"), ("to", "2026-11-02")]).is_err());
        for query in ["", "view", "view=mine&view=all", "view=mine&evil=1", "status=", "view=mine&"] {
            assert!(Filter::from_query(query).is_err(), "{query:?}");
        }
        assert!(Filter::from_query(&format!("view={}", "m".repeat(2_000))).is_err());
    }

    fn filters() -> impl Strategy<Value = Filter> {
        let some = |n: usize| proptest::option::of(0..n);
        let words = (
            0..View::ALL.len(),
            some(CaseStatus::ALL.len()),
            some(Priority::ALL.len()),
            some(Channel::ALL.len()),
        );
        (words, some(3), any::<[bool; 4]>(), some(300), some(300)).prop_map(
            |((view, status, priority, channel), whose, ids, from, days)| {
                let chance = SeededChance::new(7);
                let day = |n: usize| date(2026, 1, 1) + vocabulary::SignedDuration::from_hours(24 * n as i64);
                Filter {
                    view: View::ALL[view],
                    group: ids[0].then(|| AnswerGroupId::untimed(&chance)),
                    status: status.map(|n| CaseStatus::ALL[n]),
                    case_type: ids[1].then(|| CaseTypeId::untimed(&chance)),
                    department: ids[2].then(|| DepartmentId::untimed(&chance)),
                    priority: priority.map(|n| Priority::ALL[n]),
                    whose: whose
                        .map(|n| [Whose::Me, Whose::Nobody, Whose::User(UserId::untimed(&chance))][n]),
                    channel: channel.map(|n| Channel::ALL[n]),
                    arrived_from: from.map(day),
                    arrived_to: from.and_then(|from| days.map(|days| day(from + days))),
                    area: ids[3].then(|| Area::new(59.75, 18.5, 59.875, 18.75).unwrap()),
                }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_is_kept_reads_back(filter in filters()) {
            prop_assert_eq!(Filter::from_query(&filter.query()), Ok(filter));
            let query = filter.query();
            prop_assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || b"=&-_.,".contains(&b)), "{}", query);
        }

        #[test]
        fn nothing_that_is_typed_makes_it_fall(text in ".{0,60}") {
            let _ = Filter::from_query(&text);
            let _ = Filter::read([("area", text.as_str()), ("from", text.as_str())]);
        }
    }
}
