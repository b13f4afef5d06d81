//! A calendar as RFC 5545 wants it written: folded at 75 octets, escaped, with stable names and instants in UTC, so that
//! no time zone need be described.

use crate::Position;
use vocabulary::civil::Date;
use vocabulary::{Timestamp, local_day};

/// Longest line without its end, in octets (RFC 5545, 3.1).
const LINE_OCTETS_MAX: usize = 75;

/// A calendar to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// `PUBLISH` for what is fetched, `REQUEST` and `CANCEL` for invitations (RFC 5546).
    pub method: &'static str,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// How certain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// It will be so.
    Confirmed,
    /// It will not be.
    Cancelled,
}

/// One thing in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name, the same for ever, such as `id@host`.
    pub uid: String,
    /// What happens.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// Where; may be empty.
    pub place: String,
    /// Where on the map.
    pub position: Option<Position>,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when, not included; none: until further notice.
    pub ends_at: Option<Timestamp>,
    /// Whether it is about whole Swedish days.
    pub all_day: bool,
    /// How certain it is.
    pub status: EntryStatus,
    /// How many times it has been changed since it was first written.
    pub sequence: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// What sort of thing, in words people read; may be empty.
    pub category: String,
    /// Where more is to be read.
    pub url: Option<String>,
    /// Who invites: name and e-mail address; for invitations.
    pub organizer: Option<(String, String)>,
    /// Who is invited: name and e-mail address.
    pub guests: Vec<(String, String)>,
}

/// The calendar as a file, with the line ends the standard wants.
#[must_use]
pub fn write(calendar: &Calendar) -> String {
    let mut out = Out::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Lots//Lots//SV");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", calendar.method);
    if calendar.method == "PUBLISH" {
        out.text("NAME", &calendar.name);
        out.text("X-WR-CALNAME", &calendar.name);
        out.line("X-WR-TIMEZONE", vocabulary::TIME_ZONE_NAME);
        out.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        out.line("X-PUBLISHED-TTL", "PT1H");
    }
    for entry in &calendar.entries {
        event(&mut out, entry);
    }
    out.line("END", "VCALENDAR");
    out.0
}

fn event(out: &mut Out, entry: &Entry) {
    out.line("BEGIN", "VEVENT");
    out.text("UID", &entry.uid);
    out.line("DTSTAMP", &utc(entry.changed_at));
    out.line("LAST-MODIFIED", &utc(entry.changed_at));
    out.line("SEQUENCE", &entry.sequence.to_string());
    if entry.all_day {
        out.line("DTSTART;VALUE=DATE", &day(local_day(entry.begins_at)));
        // The end is not included, here as there.
        if let Some(ends) = entry.ends_at {
            out.line("DTEND;VALUE=DATE", &day(local_day(ends)));
        }
    } else {
        out.line("DTSTART", &utc(entry.begins_at));
        if let Some(ends) = entry.ends_at {
            out.line("DTEND", &utc(ends));
        }
    }
    out.text("SUMMARY", &entry.title);
    for (name, text) in
        [("DESCRIPTION", &entry.text), ("LOCATION", &entry.place), ("CATEGORIES", &entry.category)]
    {
        if !text.is_empty() {
            out.text(name, text);
        }
    }
    if let Some(at) = entry.position {
        out.line("GEO", &format!("{:.6};{:.6}", at.latitude, at.longitude));
    }
    let status = match entry.status {
        EntryStatus::Confirmed => "CONFIRMED",
        EntryStatus::Cancelled => "CANCELLED",
    };
    out.line("STATUS", status);
    // Invitations take one's time; works in a street do not.
    out.line("TRANSP", if entry.organizer.is_some() { "OPAQUE" } else { "TRANSPARENT" });
    if let Some(url) = &entry.url {
        out.line("URL", url);
    }
    if let Some((name, address)) = &entry.organizer {
        out.line(&format!("ORGANIZER;CN={}", parameter(name)), &format!("mailto:{address}"));
    }
    for (name, address) in &entry.guests {
        let head =
            format!("ATTENDEE;CN={};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE", parameter(name));
        out.line(&head, &format!("mailto:{address}"));
    }
    out.line("END", "VEVENT");
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A parameter's value in quotation marks, with the escapes of RFC 6868.
fn parameter(value: &str) -> String {
    let plain: String = value
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .map(|c| match c {
            '^' => "^^".to_owned(),
            '"' => "^'".to_owned(),
            '\n' => "^n".to_owned(),
            other => other.to_string(),
        })
        .collect();
    format!("\"{plain}\"")
}

#[derive(Default)]
struct Out(String);

impl Out {
    /// A TEXT: backslashes, semicolons, commas and line ends escaped; other signs that steer are left out.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        let value = value.replace("\r\n", "\n");
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' | '\r' => escaped.push_str("\\n"),
                '\t' => escaped.push(' '),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.line(name, &escaped);
    }

    /// A content line, folded between characters so that no line is longer than 75 octets.
    fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if octets + c.len_utf8() > LINE_OCTETS_MAX {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
