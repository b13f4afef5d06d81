//! What other systems may be told of, and the words in which they are.

use serde::Serialize;
use vocabulary::{AnyId, Timestamp};

/// Stands for every event there is.
pub const EVERYTHING: &str = "*";

/// The timeline's words that leave the house. What is not here is told to nobody: who signs in, who opens what, what
/// happens on the telephone.
pub const EVENTS: &[&str] = &[
    "case_registered",
    "case_status_changed",
    "case_forwarded",
    "case_priority_set",
    "case_assigned",
    "case_type_changed",
    "case_place_set",
    "case_due_day_set",
    "case_reworded",
    "case_linked",
    "case_unlinked",
    "case_merged",
    "case_merge_undone",
    "case_split",
    "document_added",
    "note_added",
    "follow_up_answered",
    "follow_up_more_time",
    "follow_up_wrong_recipient",
    "follow_up_withdrawn",
    "follow_up_reminded",
    "follow_up_escalated",
    "follow_up_asked_resident",
    "follow_up_resident_answered",
    "resident_told",
    "resident_written_to",
    "resident_added",
    "process_started",
    "process_ended",
    "contractor_called",
    "booking_made",
    "booking_moved",
    "booking_cancelled",
    "task_created",
    "task_done",
    "message_failed",
];

/// Longest detail that is passed on.
const DETAIL_CHARS_MAX: usize = 100;

/// An entry of the timeline, as far as other systems are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the timeline.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// The word for what it happened to.
    pub subject_kind: String,
    /// To what.
    pub subject_id: AnyId,
    /// What else it concerns.
    pub related_id: Option<AnyId>,
    /// What kind of person or thing did it. Who exactly is not told: a guide's day is nobody else's business.
    pub actor_kind: String,
    /// More, in ids and words.
    pub detail: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_id: Option<AnyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'a str,
    id: AnyId,
}

/// Whether a detail is made of words and ids as the timeline promises. Checked once more on the way out of the house.
fn words_only(detail: &str) -> bool {
    detail.len() <= DETAIL_CHARS_MAX
        && detail.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.:,/ ".contains(&b))
}

fn written(body: &Body<'_>) -> String {
    // Strings and numbers: nothing in it can fail to be written.
    serde_json::to_string(body).unwrap_or_default()
}

impl Event {
    /// The body that tells of it.
    #[must_use]
    pub fn body(&self) -> String {
        written(&Body {
            r#type: &self.kind,
            timestamp: self.at.to_string(),
            data: Data {
                seq: Some(self.seq),
                subject: Some(Subject { kind: &self.subject_kind, id: self.subject_id }),
                related_id: self.related_id,
                actor_kind: Some(&self.actor_kind),
                detail: self.detail.as_deref().filter(|detail| words_only(detail)),
            },
        })
    }
}

/// The word of a test.
pub const PING: &str = "ping";

/// The body of a test.
pub(crate) fn ping_body(at: Timestamp) -> String {
    let data = Data { seq: None, subject: None, related_id: None, actor_kind: None, detail: None };
    written(&Body { r#type: PING, timestamp: at.to_string(), data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(detail: Option<&str>) -> Event {
        Event {
            seq: 7,
            at: "2026-11-02T09:00:00Z".parse().unwrap(),
            kind: "case_registered".to_owned(),
            subject_kind: "case".to_owned(),
            subject_id: AnyId::from_u128(5),
            related_id: None,
            actor_kind: "user".to_owned(),
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn the_body_holds_ids_and_words() {
        assert_eq!(
            event(Some("phone")).body(),
            r#"{"type":"case_registered","timestamp":"2026-11-02T09:00:00Z","data":{"seq":7,"subject":{"kind":"case","id":"00000000-0000-0000-0000-000000000005"},"actor_kind":"user","detail":"phone"}}"#
        );
    }

    #[test]
    fn a_detail_that_is_more_than_words_stays_in_the_house() {
        for personal in ["Kim Ek", "kim@example.se", "0701234567 \u{e5}", &"x".repeat(101)] {
            assert!(!event(Some(personal)).body().contains("detail"), "{personal}");
        }
        assert!(event(Some("new:ongoing")).body().contains(r#""detail":"new:ongoing""#));
    }
}
