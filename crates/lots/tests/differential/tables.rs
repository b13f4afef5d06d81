//! Every table, row by row.

use std::path::Path;
use storage::{FromValue, Mismatch, Row, Session, Statement, StorageError, Value, params, sql};

macro_rules! tables {
    ($($name:literal by $key:literal),* $(,)?) => {
        &[$(($name, || sql!(concat!("SELECT * FROM ", $name, " ORDER BY ", $key)))),*]
    };
}

/// A statement that is only made where it is asked for.
type Make = fn() -> &'static Statement;

/// All tables, each with a statement that reads it in the order of its key.
pub const TABLES: &[(&str, Make)] = tables![
    "answer_groups" by "id",
    "api_keys" by "id",
    "article_comments" by "id",
    "article_feedback" by "id",
    "article_files" by "id",
    "article_version_files" by "article_id, number, place",
    "article_version_types" by "article_id, number, place",
    "article_versions" by "article_id, number",
    "articles" by "id",
    "assignment_coverage" by "version_id, case_type_id",
    "assignment_links" by "id",
    "assignment_substitutes" by "case_type_id, place",
    "assignment_terms" by "case_type_id",
    "assignment_versions" by "id",
    "assignments" by "id",
    "blobs" by "sha256",
    "board_access" by "holder_id, board",
    "booking_closed_days" by "resource_id, day",
    "booking_resources" by "id",
    "bookings" by "id",
    "bulk_changes" by "bulk_id, case_id",
    "card_merge_rows" by "merge_id, kind, row_id",
    "card_merges" by "id",
    "case_links" by "from_id, to_id, kind",
    "case_merge_rows" by "merge_id, kind, row_id",
    "case_merges" by "id",
    "case_notes" by "id",
    "case_types" by "id",
    "case_words" by "word, case_id",
    "call_in_answers" by "call_in_id, person_id",
    "call_in_people" by "id",
    "call_ins" by "id",
    "cases" by "id",
    "contacts" by "id",
    "contractors" by "id",
    "conversation_participants" by "conversation_id, email",
    "conversations" by "id",
    "counters" by "name",
    "crises" by "id",
    "crisis_messages" by "id",
    "crisis_sounds" by "message_id",
    "crisis_templates" by "code",
    "departments" by "id",
    "desk_queues" by "letter",
    "disposal_counts" by "disposal_id, board, case_type, arrival_year",
    "disposal_items" by "disposal_id, case_id",
    "disposals" by "id",
    "documents" by "id",
    "errand_notes" by "note_id",
    "errand_stakeholders" by "stakeholder_id",
    "errands" by "case_id",
    "follow_ups" by "id",
    "jobs" by "id",
    "knowledge_tasks" by "id",
    "letter_parts" by "id",
    "letters" by "id",
    "links" by "id",
    "mail_acknowledged" by "mailbox_id, sender_sha256, day",
    "mail_drafts" by "conversation_id, version",
    "mail_senders" by "mailbox_id, sender_sha256",
    "mail_taken_in" by "mailbox_id, raw_digest",
    "mail_waits" by "id",
    "mail_writers" by "conversation_id, user_id",
    "mailbox_cursors" by "mailbox_id, folder",
    "mailboxes" by "id",
    "message_attachments" by "message_id, place",
    "messages" by "id",
    "officer_absences" by "id",
    "officer_calls" by "id",
    "officer_links" by "id",
    "officer_mails" by "message_id, follow_up_id",
    "officers" by "id",
    "open311_requests" by "case_id",
    "open311_updates" by "case_id, update_id",
    "calendar_entries" by "source_id, uid, recurrence",
    "calendar_feeds" by "id",
    "calendar_sources" by "id",
    "event_confirmations" by "event_id, text_version, user_id",
    "meeting_actions" by "id",
    "meeting_guests" by "meeting_id, officer_id",
    "meeting_items" by "id",
    "meeting_series" by "id",
    "meetings" by "id",
    "planned_event_articles" by "event_id, article_id",
    "planned_event_questions" by "event_id, place",
    "planned_event_versions" by "event_id, version",
    "planned_events" by "id",
    "outside_marks" by "subject_id",
    "process_acts" by "process_id, seq",
    "process_links" by "id",
    "process_steps" by "process_id, step",
    "process_types" by "case_type_id",
    "process_versions" by "id",
    "processes" by "id",
    "protected_openings" by "id",
    "referrals" by "id",
    "reply_templates" by "id",
    "resident_challenges" by "id",
    "resident_choices" by "case_id",
    "resident_codes" by "case_id",
    "resident_sessions" by "token_hash",
    "residents" by "id",
    "retention_holds" by "id",
    "retention_rules" by "code",
    "routing_journal" by "seq",
    "saved_filters" by "id",
    "search_counts" by "week_day, place, form",
    "search_gap_actions" by "gap_id, kind, subject_id",
    "search_gaps" by "id",
    "searches" by "id",
    "sessions" by "id",
    "settings" by "name",
    "spike_proposals" by "id",
    "spikes" by "proposal_id, stream",
    "stakeholders" by "id",
    "standard_checks" by "point",
    "survey_answers" by "response_id, parameter",
    "survey_invitations" by "id",
    "survey_responses" by "id",
    "survey_shuffle" by "response_id, parameter",
    "synonyms" by "id",
    "tasks" by "id",
    "telephones" by "id",
    "text_parts" by "message_id, part",
    "throttles" by "key_hash",
    "timeline" by "seq",
    "user_groups" by "user_id, answer_group_id",
    "user_shortcuts" by "user_id, command",
    "users" by "id",
    "visits" by "id",
    "webhook_deliveries" by "id",
    "webhooks" by "id",
];

/// A value of any sort, told as both engines tell it.
struct Any(String);

impl FromValue for Any {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        Ok(Self(match value {
            Value::Null => "NULL".to_owned(),
            // SQLite has no sort of its own for these two.
            Value::Boolean(yes) => i64::from(yes).to_string(),
            Value::Uuid(id) => format!("{:?}", id.as_bytes()),
            Value::Bigint(number) => number.to_string(),
            Value::Double(number) => format!("{number:?}"),
            Value::Text(text) => format!("{text:?}"),
            Value::Bytes(bytes) => format!("{bytes:?}"),
            Value::Unfit(why) => why.to_owned(),
        }))
    }
}

fn columns(r: &Row<'_>) -> Vec<String> {
    (0..).map_while(|column| r.get::<Any>(column).ok()).map(|any| any.0).collect()
}

/// The rows of a table in the order of its key.
pub fn rows(s: &mut Session<'_>, make: Make) -> Result<Vec<Vec<String>>, StorageError> {
    s.rows(make(), params![], |r| Ok(columns(r)))
}

/// The names of the tables the migrations leave behind.
pub fn of_the_migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut tables = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if let Some(rest) = line.trim().strip_prefix("CREATE TABLE ") {
                tables.push(rest.split([' ', '(']).next().unwrap().to_owned());
            } else if let Some(rest) = line.trim().strip_prefix("DROP TABLE ") {
                tables.retain(|table| table != rest.trim_end_matches(';'));
            }
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    tables
}
