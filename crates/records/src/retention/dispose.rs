//! Taking a case away, with all that hangs from it; or everything personal in it. Children go before what they hang
//! from. [`crate::tables`] names every table, and tests hold both this file and that list against the schema.

use storage::blobs::Digest;
use storage::{Session, Statement, StorageError, params, sql};
use vocabulary::{CaseId, Timestamp};

use crate::RecordsError;

/// Statements with the case's id as their only parameter, run in order.
type Steps = Vec<&'static Statement>;

/// What goes whether the case goes or is anonymised: everything anybody has written or sent, and the ways in.
fn contents() -> Steps {
    vec![
        sql!("DELETE FROM process_links WHERE process_id IN (SELECT id FROM processes WHERE case_id = $1)"),
        sql!("DELETE FROM bookings WHERE process_id IN (SELECT id FROM processes WHERE case_id = $1)"),
        sql!("DELETE FROM process_acts WHERE process_id IN (SELECT id FROM processes WHERE case_id = $1)"),
        sql!("DELETE FROM process_steps WHERE process_id IN (SELECT id FROM processes WHERE case_id = $1)"),
        sql!("DELETE FROM processes WHERE case_id = $1"),
        sql!("DELETE FROM resident_challenges WHERE case_id = $1"),
        sql!("DELETE FROM resident_sessions WHERE case_id = $1"),
        sql!("DELETE FROM resident_choices WHERE case_id = $1"),
        sql!("DELETE FROM resident_codes WHERE case_id = $1"),
        sql!("DELETE FROM officer_mails WHERE follow_up_id IN (SELECT id FROM follow_ups WHERE case_id = $1)"),
        // What was sent in the case's own letters belongs to it, also where nobody has said so.
        sql!(
            "UPDATE messages SET case_id = $1 WHERE id IN
                 (SELECT l.outgoing_id FROM letters l JOIN conversations v ON v.id = l.conversation_id
                  WHERE v.case_id = $1)"
        ),
        sql!("UPDATE mail_taken_in SET case_id = NULL, raw_sha256 = NULL WHERE case_id = $1"),
        sql!(
            "UPDATE mail_taken_in SET conversation_id = NULL, raw_sha256 = NULL
             WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"
        ),
        sql!(
            "DELETE FROM letter_parts WHERE letter_id IN
                 (SELECT l.id FROM letters l JOIN conversations v ON v.id = l.conversation_id WHERE v.case_id = $1)"
        ),
        sql!(
            "DELETE FROM letters WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"
        ),
        sql!(
            "UPDATE letters SET outgoing_id = NULL
             WHERE outgoing_id IN (SELECT id FROM messages WHERE case_id = $1)"
        ),
        sql!(
            "DELETE FROM conversation_participants
             WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"
        ),
        sql!("DELETE FROM mail_waits WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"),
        sql!("DELETE FROM mail_drafts WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"),
        sql!("DELETE FROM mail_writers WHERE conversation_id IN (SELECT id FROM conversations WHERE case_id = $1)"),
        sql!("UPDATE conversations SET linked_case_id = NULL WHERE linked_case_id = $1"),
        sql!(
            "UPDATE conversations SET linked_to_id = NULL
             WHERE linked_to_id IN (SELECT id FROM conversations WHERE case_id = $1)"
        ),
        sql!("DELETE FROM conversations WHERE case_id = $1"),
        sql!("DELETE FROM text_parts WHERE message_id IN (SELECT id FROM messages WHERE case_id = $1)"),
        sql!("DELETE FROM message_attachments WHERE message_id IN (SELECT id FROM messages WHERE case_id = $1)"),
        sql!("DELETE FROM messages WHERE case_id = $1"),
        sql!("DELETE FROM documents WHERE case_id = $1"),
        sql!("DELETE FROM open311_updates WHERE case_id = $1"),
        sql!("DELETE FROM open311_requests WHERE case_id = $1"),
        sql!("DELETE FROM errands WHERE case_id = $1"),
        sql!("DELETE FROM errand_notes WHERE note_id IN (SELECT id FROM case_notes WHERE case_id = $1)"),
        sql!(
            "DELETE FROM errand_stakeholders
             WHERE stakeholder_id IN (SELECT id FROM stakeholders WHERE case_id = $1)"
        ),
        sql!("DELETE FROM case_notes WHERE case_id = $1"),
        sql!("DELETE FROM links WHERE case_id = $1"),
        sql!("DELETE FROM stakeholders WHERE case_id = $1"),
        sql!("DELETE FROM case_words WHERE case_id = $1"),
        sql!(
            "DELETE FROM case_merge_rows
             WHERE merge_id IN (SELECT id FROM case_merges WHERE from_id = $1 OR into_id = $1)"
        ),
        sql!("DELETE FROM case_merges WHERE from_id = $1 OR into_id = $1"),
        sql!(
            "UPDATE contacts SET note = NULL, caller_number = NULL, resident_id = NULL WHERE case_id = $1"
        ),
    ]
}

/// What goes with the case itself.
fn the_rest() -> Steps {
    vec![
        sql!("DELETE FROM tasks WHERE case_id = $1"),
        sql!(
            "DELETE FROM officer_calls WHERE follow_up_id IN (SELECT id FROM follow_ups WHERE case_id = $1)"
        ),
        sql!("DELETE FROM follow_ups WHERE case_id = $1"),
        sql!("DELETE FROM case_links WHERE from_id = $1 OR to_id = $1"),
        sql!("DELETE FROM bulk_changes WHERE case_id = $1"),
        sql!("DELETE FROM outside_marks WHERE subject_id = $1"),
        sql!("DELETE FROM retention_holds WHERE case_id = $1"),
        sql!("UPDATE contacts SET case_id = NULL WHERE case_id = $1"),
        sql!("UPDATE cases SET merged_into_id = NULL WHERE merged_into_id = $1"),
        sql!("DELETE FROM cases WHERE id = $1"),
    ]
}

fn run(s: &mut Session<'_>, steps: Steps, case: CaseId) -> Result<(), StorageError> {
    steps.into_iter().try_for_each(|step| s.execute(step, params![case]).map(drop))
}

/// The case goes, with everything that hangs from it and the files nothing else refers to. What remains elsewhere is a
/// contact without note, number or person, to be counted; and ids in the timeline.
pub(super) fn delete_case(s: &mut Session<'_>, case: CaseId) -> Result<(), RecordsError> {
    let files = files_of(s, case)?;
    run(s, contents(), case)?;
    run(s, the_rest(), case)?;
    forget_files(s, &files)?;
    Ok(())
}

/// Everything personal goes; type, days, status, outcome and how long officers took remain.
pub(super) fn anonymise_case(s: &mut Session<'_>, case: CaseId, now: Timestamp) -> Result<(), RecordsError> {
    let files = files_of(s, case)?;
    run(s, contents(), case)?;
    s.execute(sql!("UPDATE follow_ups SET message = '' WHERE case_id = $1"), params![case])?;
    s.execute(sql!("DELETE FROM retention_holds WHERE case_id = $1"), params![case])?;
    s.execute(
        sql!(
            "UPDATE cases SET title = (SELECT t.name FROM case_types t WHERE t.id = cases.case_type_id),
                 description = '', resident_id = NULL, place_address = NULL, latitude = NULL, longitude = NULL,
                 idempotency_key = NULL, anonymised_at = $2
             WHERE id = $1"
        ),
        params![case, now],
    )?;
    forget_files(s, &files)?;
    Ok(())
}

fn files_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Digest>, StorageError> {
    s.rows(
        sql!(
            "SELECT sha256 FROM documents WHERE case_id = $1
             UNION SELECT a.sha256 FROM message_attachments a JOIN messages m ON m.id = a.message_id
                   WHERE m.case_id = $1
             UNION SELECT a.sha256 FROM message_attachments a JOIN letters l ON l.outgoing_id = a.message_id
                   JOIN conversations v ON v.id = l.conversation_id WHERE v.case_id = $1
             UNION SELECT p.sha256 FROM letter_parts p JOIN letters l ON l.id = p.letter_id
                   JOIN conversations v ON v.id = l.conversation_id
                   WHERE v.case_id = $1 AND p.sha256 IS NOT NULL
             UNION SELECT l.raw_sha256 FROM letters l JOIN conversations v ON v.id = l.conversation_id
                   WHERE v.case_id = $1 AND l.raw_sha256 IS NOT NULL
             UNION SELECT t.raw_sha256 FROM mail_taken_in t WHERE t.case_id = $1 AND t.raw_sha256 IS NOT NULL
             UNION SELECT t.raw_sha256 FROM mail_taken_in t JOIN conversations v ON v.id = t.conversation_id
                   WHERE v.case_id = $1 AND t.raw_sha256 IS NOT NULL"
        ),
        params![case],
        |r| r.get(0),
    )
}

/// Files that nothing refers to any longer go; the same content may be another case's too.
fn forget_files(s: &mut Session<'_>, files: &[Digest]) -> Result<(), StorageError> {
    for file in files {
        s.execute(
            sql!(
                "DELETE FROM blobs WHERE sha256 = $1
                   AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = $1)
                   AND NOT EXISTS (SELECT 1 FROM message_attachments a WHERE a.sha256 = $1)
                   AND NOT EXISTS (SELECT 1 FROM letter_parts p WHERE p.sha256 = $1)
                   AND NOT EXISTS (SELECT 1 FROM article_files f WHERE f.sha256 = $1)
                   AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.raw_sha256 = $1)
                   AND NOT EXISTS (SELECT 1 FROM mail_taken_in t WHERE t.raw_sha256 = $1)"
            ),
            params![*file],
        )?;
    }
    Ok(())
}
