//! Gathering what is kept: one function for each heading.

use cases::{Sight, Viewer};
use serde_json::{Map, Value, json};
use storage::blobs::Digest;
use storage::{Session, StorageError, params, sql};
use vocabulary::{AnyId, CaseId, ResidentId, Timestamp};

use super::{Export, FILES_BYTES_MAX, File, HEADINGS, ROWS_MAX, mask, safe_name, sealed_case};
use crate::RecordsError;

type Rows = Vec<Value>;

/// A case the resident has a part in, and whether it may be handed out.
struct Theirs {
    id: CaseId,
    number: String,
    open: bool,
    /// The names, numbers and addresses of others who have a part in it.
    others: Vec<String>,
}

pub(super) fn all(s: &mut Session<'_>, viewer: Viewer, id: ResidentId) -> Result<Export, RecordsError> {
    let mut kept: Map<String, Value> =
        HEADINGS.iter().map(|heading| ((*heading).to_owned(), Value::Array(Vec::new()))).collect();
    let mut put = |heading: &str, rows: Rows| {
        debug_assert!(HEADINGS.contains(&heading), "{heading}");
        if let Some(Value::Array(all)) = kept.get_mut(heading) {
            all.extend(rows);
        }
    };
    put("resident", card(s, id)?);
    put("contacts", contacts(s, viewer, id)?);
    put("visits", visits(s, id)?);
    put("surveys", surveys(s, id)?);
    put("holds", holds(s, id)?);
    put("merged_cards", merged_cards(s, id)?);
    let mut files = Vec::new();
    for case in theirs(s, viewer, id)? {
        let facts = case_facts(s, &case)?;
        put("cases", vec![facts]);
        if !case.open {
            continue;
        }
        put("notes", notes(s, &case)?);
        put("questions", questions(s, &case)?);
        put("messages", messages(s, &case)?);
        put("parts", parts(s, &case, id)?);
        put("process", process(s, &case)?);
        put("bookings", bookings(s, &case)?);
        put("choices", choices(s, &case)?);
        put("documents", documents(s, &case, &mut files)?);
    }
    put("letters", letters(s, viewer, id, &mut files)?);
    put("openings", openings(s, id)?);
    let mut room = FILES_BYTES_MAX;
    let before = files.len();
    files.retain(|file: &File| {
        let fits = file.bytes <= room;
        room -= if fits { file.bytes } else { 0 };
        fits
    });
    Ok(Export { kept, files_left_out: before - files.len(), files })
}

fn card(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT name, telephone, email, language, protected, survey_opt_out, created_at FROM residents
             WHERE id = $1 OR merged_into_id = $1 ORDER BY created_at, id"
        ),
        params![id],
        |r| {
            Ok(json!({
                "name": r.get::<Option<String>>(0)?,
                "telephone": r.get::<Option<String>>(1)?,
                "email": r.get::<Option<String>>(2)?,
                "language": r.get::<String>(3)?,
                "protected": r.get::<bool>(4)?,
                "survey_opt_out": r.get::<bool>(5)?,
                "known_since": r.get::<Timestamp>(6)?,
            }))
        },
    )
}

fn contacts(s: &mut Session<'_>, viewer: Viewer, id: ResidentId) -> Result<Rows, StorageError> {
    // In pages, since a list gives no more than so many; a resident's contacts are read whole here.
    let lines = s.rows(
        sql!("SELECT id FROM contacts WHERE resident_id = $1 ORDER BY arrived_at, id LIMIT $2"),
        params![id, ROWS_MAX],
        |r| r.get(0),
    )?;
    let mut rows = Vec::new();
    for contact in lines {
        let Some(line) = contacts::queries::line_by_id(s, viewer.actor(), contact)? else { continue };
        let contact = line.contact;
        let others = match contact.case {
            Some(case) => others_in(s, case, id)?,
            None => Vec::new(),
        };
        rows.push(json!({
            "channel": contact.channel,
            "arrived_at": contact.arrived_at,
            "answered_at": contact.answered_at,
            "ended_at": contact.ended_at,
            "number": contact.caller_number,
            "about": line.case_type_name,
            "outcome": contact.outcome,
            "note": contact.note.map(|note| mask(&note, &others)),
            "case": line.case_number,
            "sealed": line.sealed,
        }));
    }
    Ok(rows)
}

fn visits(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT v.day, v.letter, v.number, v.came_at, v.called_at, v.ended_at
             FROM visits v JOIN contacts c ON c.id = v.contact_id
             WHERE c.resident_id = $1 ORDER BY v.came_at, v.id LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| {
            Ok(json!({
                "day": r.get::<String>(0)?,
                "queue": r.get::<String>(1)?,
                "number": r.get::<i64>(2)?,
                "came_at": r.get::<Timestamp>(3)?,
                "called_at": r.get::<Option<Timestamp>>(4)?,
                "ended_at": r.get::<Option<Timestamp>>(5)?,
            }))
        },
    )
}

fn surveys(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT invited_at, state FROM survey_invitations WHERE resident_id = $1
             ORDER BY invited_at, id LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| Ok(json!({ "invited_at": r.get::<Timestamp>(0)?, "state": r.get::<String>(1)? })),
    )
}

fn holds(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT reason, placed_at, released_at FROM retention_holds WHERE resident_id = $1
             ORDER BY placed_at, id LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| {
            Ok(json!({
                "reason": r.get::<String>(0)?,
                "placed_at": r.get::<Timestamp>(1)?,
                "released_at": r.get::<Option<Timestamp>>(2)?,
            }))
        },
    )
}

fn merged_cards(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT merged_at, undone_at, merged_before FROM card_merges WHERE kept_id = $1
             ORDER BY merged_at, id LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| {
            let card: String = r.get(2)?;
            Ok(json!({
                "merged_at": r.get::<Timestamp>(0)?,
                "undone_at": r.get::<Option<Timestamp>>(1)?,
                "card": serde_json::from_str::<Value>(&card).unwrap_or(Value::Null),
            }))
        },
    )
}

/// Their own cases, and those they have another part in.
fn theirs(s: &mut Session<'_>, viewer: Viewer, id: ResidentId) -> Result<Vec<Theirs>, RecordsError> {
    let ids: Vec<CaseId> = s.rows(
        sql!(
            "SELECT c.id FROM cases c WHERE c.resident_id = $1
             UNION SELECT p.case_id FROM stakeholders p WHERE p.resident_id = $1"
        ),
        params![id],
        |r| r.get(0),
    )?;
    let mut found = Vec::new();
    for case_id in ids {
        let Some(case) = cases::queries::case(s, case_id)? else { continue };
        let open = viewer.sight(s, &case)? == Sight::Open;
        let others = others_in(s, case_id, id)?;
        found.push((
            case.registered_at,
            Theirs { id: case_id, number: case.number.to_string(), open, others },
        ));
    }
    found.sort_by_key(|(at, case)| (*at, case.id));
    Ok(found.into_iter().map(|(_, case)| case).collect())
}

/// The names, numbers and addresses of others in a case: stakeholders that are not them, and the case's own resident if
/// that is another.
fn others_in(s: &mut Session<'_>, case: CaseId, id: ResidentId) -> Result<Vec<String>, StorageError> {
    let rows: Vec<[Option<String>; 4]> = s.rows(
        sql!(
            "SELECT p.name, p.telephone, p.email, p.address FROM stakeholders p
             WHERE p.case_id = $1 AND (p.resident_id IS NULL OR p.resident_id <> $2)
             UNION ALL
             SELECT r.name, r.telephone, r.email, NULL FROM cases c JOIN residents r ON r.id = c.resident_id
             WHERE c.id = $1 AND r.id <> $2
             UNION ALL
             SELECT r.name, r.telephone, r.email, NULL FROM stakeholders p JOIN residents r ON r.id = p.resident_id
             WHERE p.case_id = $1 AND r.id <> $2"
        ),
        params![case, id],
        |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]),
    )?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

fn case_facts(s: &mut Session<'_>, theirs: &Theirs) -> Result<Value, StorageError> {
    s.the_row(
        sql!(
            "SELECT c.title, c.description, c.channel, c.arrival_day, c.board, c.status, c.outcome, c.registered_at,
                    c.closed_at, c.place_address, t.name, d.name, c.retention_rule, e.fields, q.media_url
             FROM cases c JOIN case_types t ON t.id = c.case_type_id JOIN departments d ON d.id = c.department_id
             LEFT JOIN errands e ON e.case_id = c.id
             LEFT JOIN open311_requests q ON q.case_id = c.id
             WHERE c.id = $1"
        ),
        params![theirs.id],
        |r| {
            if !theirs.open {
                return Ok(sealed_case(&theirs.number, &r.get::<String>(4)?));
            }
            let masked = |text: String| mask(&text, &theirs.others);
            Ok(json!({
                "number": theirs.number,
                "about": r.get::<String>(10)?,
                "title": masked(r.get(0)?),
                "description": masked(r.get(1)?),
                "channel": r.get::<String>(2)?,
                "arrival_day": r.get::<String>(3)?,
                "board": r.get::<String>(4)?,
                "department": r.get::<String>(11)?,
                "status": r.get::<String>(5)?,
                "outcome": r.get::<Option<String>>(6)?,
                "registered_at": r.get::<Timestamp>(7)?,
                "closed_at": r.get::<Option<Timestamp>>(8)?,
                "place": r.get::<Option<String>>(9)?.map(masked),
                "kept_by_rule": r.get::<String>(12)?,
                "told_by_another_system": r.get::<Option<String>>(13)?.map(masked),
                "picture_at": r.get::<Option<String>>(14)?.map(masked),
            }))
        },
    )
}

fn notes(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT n.written_at, n.author_kind, n.public, n.text, e.fields FROM case_notes n
             LEFT JOIN errand_notes e ON e.note_id = n.id
             WHERE n.case_id = $1 ORDER BY n.written_at, n.id LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            Ok(json!({
                "case": theirs.number,
                "written_at": r.get::<Timestamp>(0)?,
                "by": r.get::<String>(1)?,
                "public": r.get::<bool>(2)?,
                "text": mask(&r.get::<String>(3)?, &theirs.others),
                "told_by_another_system": r.get::<Option<String>>(4)?.map(|text| mask(&text, &theirs.others)),
            }))
        },
    )
}

fn questions(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT f.sent_at, f.message, f.state, f.due_day, f.answered_at, o.title, d.name
             FROM follow_ups f JOIN officers o ON o.id = f.officer_id JOIN departments d ON d.id = o.department_id
             WHERE f.case_id = $1 ORDER BY f.sent_at, f.id LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            Ok(json!({
                "case": theirs.number,
                "sent_at": r.get::<Timestamp>(0)?,
                "to": r.get::<String>(5)?,
                "department": r.get::<String>(6)?,
                "text": mask(&r.get::<String>(1)?, &theirs.others),
                "state": r.get::<String>(2)?,
                "due_day": r.get::<String>(3)?,
                "answered_at": r.get::<Option<Timestamp>>(4)?,
            }))
        },
    )
}

fn messages(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT created_at, channel, recipient, subject, body, state, follow_up_id IS NOT NULL, secret
             FROM messages WHERE case_id = $1 ORDER BY created_at, id LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            let (to_officer, secret): (bool, bool) = (r.get(6)?, r.get(7)?);
            let recipient: String = r.get(2)?;
            let body: String = r.get(4)?;
            Ok(json!({
                "case": theirs.number,
                "written_at": r.get::<Timestamp>(0)?,
                "channel": r.get::<String>(1)?,
                "to": if to_officer { None } else { Some(mask(&recipient, &theirs.others)) },
                "to_department": to_officer,
                "subject": mask(&r.get::<String>(3)?, &theirs.others),
                // A letter to a department carries a link that opens the case; a code opens the page.
                "text": if secret || to_officer { None } else { Some(mask(&without_links(&body), &theirs.others)) },
                "state": r.get::<String>(5)?,
            }))
        },
    )
}

/// The text without the addresses in it: a resident's link opens their page to whoever holds the archive.
fn without_links(text: &str) -> String {
    let word = |word: &str| {
        if word.contains("://") { super::MASK.to_owned() } else { word.to_owned() }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn parts(s: &mut Session<'_>, theirs: &Theirs, id: ResidentId) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT p.role, p.name, p.organisation, p.telephone, p.email, p.address, p.added_at,
                    COALESCE(p.resident_id = $2, FALSE), e.fields
             FROM stakeholders p LEFT JOIN errand_stakeholders e ON e.stakeholder_id = p.id
             WHERE p.case_id = $1 ORDER BY p.added_at, p.id LIMIT $3"
        ),
        params![theirs.id, id, ROWS_MAX],
        |r| {
            let own: bool = r.get(7)?;
            let shown = |text: Option<String>| if own { text } else { text.map(|_| super::MASK.to_owned()) };
            Ok(json!({
                "case": theirs.number,
                "role": r.get::<String>(0)?,
                "own": own,
                "name": shown(r.get(1)?),
                "organisation": shown(r.get(2)?),
                "telephone": shown(r.get(3)?),
                "email": shown(r.get(4)?),
                "address": shown(r.get(5)?),
                "added_at": r.get::<Timestamp>(6)?,
                "told_by_another_system": shown(r.get(8)?),
            }))
        },
    )
}

fn process(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT v.name, a.at, a.actor_kind, a.act FROM processes p
             JOIN process_versions v ON v.id = p.version_id
             JOIN process_acts a ON a.process_id = p.id
             WHERE p.case_id = $1 ORDER BY a.seq LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            let act = mask(&r.get::<String>(3)?, &theirs.others);
            Ok(json!({
                "case": theirs.number,
                "process": r.get::<String>(0)?,
                "at": r.get::<Timestamp>(1)?,
                "by": r.get::<String>(2)?,
                "act": serde_json::from_str::<Value>(&act).unwrap_or(Value::String(act)),
            }))
        },
    )
}

fn bookings(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT b.starts_at, b.ends_at, b.booked_at, b.cancelled_at, x.name, x.place FROM bookings b
             JOIN processes p ON p.id = b.process_id JOIN booking_resources x ON x.id = b.resource_id
             WHERE p.case_id = $1 ORDER BY b.starts_at, b.id LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            Ok(json!({
                "case": theirs.number,
                "what": r.get::<String>(4)?,
                "place": r.get::<String>(5)?,
                "starts_at": r.get::<Timestamp>(0)?,
                "ends_at": r.get::<Timestamp>(1)?,
                "booked_at": r.get::<Timestamp>(2)?,
                "cancelled_at": r.get::<Option<Timestamp>>(3)?,
            }))
        },
    )
}

fn choices(s: &mut Session<'_>, theirs: &Theirs) -> Result<Rows, StorageError> {
    s.rows(
        sql!("SELECT told_by, chosen_at FROM resident_choices WHERE case_id = $1"),
        params![theirs.id],
        |r| {
            Ok(json!({
                "case": theirs.number,
                "told_by": r.get::<String>(0)?,
                "chosen_at": r.get::<Timestamp>(1)?,
            }))
        },
    )
}

fn documents(s: &mut Session<'_>, theirs: &Theirs, files: &mut Vec<File>) -> Result<Rows, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT name, media_type, sha256, size_bytes, public, author_kind, added_at FROM documents
             WHERE case_id = $1 ORDER BY added_at, id LIMIT $2"
        ),
        params![theirs.id, ROWS_MAX],
        |r| {
            let (name, digest, bytes): (String, Digest, u64) = (r.get(0)?, r.get(2)?, r.get(3)?);
            let (public, by): (bool, String) = (r.get(4)?, r.get(5)?);
            // What others have handed in is theirs; what the resident gave or may read goes along.
            let along = public || by == "resident";
            let row = json!({
                "case": theirs.number,
                "name": mask(&name, &theirs.others),
                "media_type": r.get::<String>(1)?,
                "bytes": bytes,
                "public": public,
                "by": by,
                "added_at": r.get::<Timestamp>(6)?,
                "goes_along": along,
            });
            Ok((row, along.then_some((name, digest, bytes))))
        },
    )?;
    let mut told = Vec::new();
    for (row, file) in rows {
        if let Some((name, digest, bytes)) = file {
            let name = format!("{}-{}", files.len() + 1, safe_name(&mask(&name, &theirs.others)));
            files.push(File { path: format!("files/{}/{name}", theirs.number), digest, bytes });
        }
        told.push(row);
    }
    Ok(told)
}

struct Conversation {
    id: AnyId,
    reference: String,
    case: Option<CaseId>,
}

/// The letters they wrote and got, also in conversations that no case came of.
fn letters(
    s: &mut Session<'_>,
    viewer: Viewer,
    id: ResidentId,
    files: &mut Vec<File>,
) -> Result<Rows, RecordsError> {
    let conversations = s.rows(
        sql!(
            "SELECT v.id, v.reference, v.case_id FROM conversations v WHERE v.resident_id = $1
             UNION SELECT v.id, v.reference, v.case_id FROM conversations v JOIN cases c ON c.id = v.case_id
                   WHERE c.resident_id = $1"
        ),
        params![id],
        |r| Ok(Conversation { id: r.get(0)?, reference: r.get(1)?, case: r.get(2)? }),
    )?;
    let mut rows = Vec::new();
    for conversation in conversations {
        let mut others = Vec::new();
        if let Some(case_id) = conversation.case {
            let Some(case) = cases::queries::case(s, case_id)? else { continue };
            if viewer.sight(s, &case)? != Sight::Open {
                rows.push(json!({ "conversation": conversation.reference, "sealed": true }));
                continue;
            }
            others = others_in(s, case_id, id)?;
        }
        rows.extend(letters_in(s, &conversation, &others)?);
        files.extend(letter_files(s, &conversation, files.len())?);
    }
    Ok(rows)
}

fn letters_in(
    s: &mut Session<'_>,
    conversation: &Conversation,
    others: &[String],
) -> Result<Rows, StorageError> {
    s.rows(
        sql!(
            "SELECT l.written_at, l.kind, l.from_email, l.from_name, l.subject, l.text FROM letters l
             WHERE l.conversation_id = $1 ORDER BY l.written_at, l.id LIMIT $2"
        ),
        params![conversation.id, ROWS_MAX],
        |r| {
            Ok(json!({
                "conversation": conversation.reference,
                "written_at": r.get::<Timestamp>(0)?,
                "kind": r.get::<String>(1)?,
                "from": mask(&r.get::<String>(2)?, others),
                "from_name": mask(&r.get::<String>(3)?, others),
                "subject": mask(&r.get::<String>(4)?, others),
                "text": mask(&without_links(&r.get::<String>(5)?), others),
            }))
        },
    )
}

fn letter_files(
    s: &mut Session<'_>,
    conversation: &Conversation,
    already: usize,
) -> Result<Vec<File>, StorageError> {
    let parts = s.rows(
        sql!(
            "SELECT p.name, p.sha256, p.bytes FROM letter_parts p JOIN letters l ON l.id = p.letter_id
             WHERE l.conversation_id = $1 AND p.sha256 IS NOT NULL AND l.kind <> 'note'
             ORDER BY l.written_at, p.place LIMIT $2"
        ),
        params![conversation.id, ROWS_MAX],
        |r| Ok((r.get::<String>(0)?, r.get::<Digest>(1)?, r.get::<u64>(2)?)),
    )?;
    let named = |(place, (name, digest, bytes)): (usize, (String, Digest, u64))| File {
        path: format!("files/{}/{}-{}", conversation.reference, already + place + 1, safe_name(&name)),
        digest,
        bytes,
    };
    Ok(parts.into_iter().enumerate().map(named).collect())
}

/// Who has opened their card and cases: by role and day, not by name; why, where a reason was stated.
fn openings(s: &mut Session<'_>, id: ResidentId) -> Result<Rows, StorageError> {
    let mut rows = s.rows(
        sql!(
            "SELECT t.at, t.actor_kind, u.role, t.subject_kind, k.number FROM timeline t
             LEFT JOIN users u ON u.id = t.actor_id
             LEFT JOIN cases k ON k.id = t.subject_id
             WHERE t.kind IN ('opened', 'subject_exported')
               AND (t.subject_id = $1 OR t.subject_id IN (SELECT c.id FROM cases c WHERE c.resident_id = $1))
             ORDER BY t.seq LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| {
            Ok(json!({
                "at": r.get::<Timestamp>(0)?,
                "by": r.get::<Option<String>>(2)?.map_or_else(|| r.get::<String>(1), Ok)?,
                "what": r.get::<String>(3)?,
                "case": r.get::<Option<String>>(4)?,
            }))
        },
    )?;
    rows.extend(s.rows(
        sql!(
            "SELECT opened_at, act, reason FROM protected_openings WHERE resident_id = $1
             ORDER BY opened_at, id LIMIT $2"
        ),
        params![id, ROWS_MAX],
        |r| {
            Ok(json!({
                "at": r.get::<Timestamp>(0)?,
                "what": "protected_card",
                "act": r.get::<String>(1)?,
                "reason": r.get::<String>(2)?,
            }))
        },
    )?);
    Ok(rows)
}
