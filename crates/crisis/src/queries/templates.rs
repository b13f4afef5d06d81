//! Templates: the town's own wording over what comes with the program.

use crate::limits::TEMPLATES_MAX;
use crate::{Template, templates};
use storage::{Session, StorageError, params, sql};
use vocabulary::{Timestamp, UserId};

/// Every template: those that come with the program, as the town has changed them, and its own; by name.
///
/// # Errors
/// The database.
pub fn templates(s: &mut Session<'_>) -> Result<Vec<Template>, StorageError> {
    let own = s.rows(
        sql!(
            "SELECT code, kind, name, title, public_text, guide_text, spoken_text, active FROM crisis_templates
             ORDER BY code LIMIT $1"
        ),
        params![TEMPLATES_MAX],
        |r| {
            Ok(Template {
                code: r.get(0)?,
                kind: r.get(1)?,
                name: r.get(2)?,
                title: r.get(3)?,
                public_text: r.get(4)?,
                guide_text: r.get(5)?,
                spoken_text: r.get(6)?,
                active: r.get(7)?,
            })
        },
    )?;
    let mut all: Vec<Template> =
        templates::shipped().iter().filter(|t| !own.iter().any(|o| o.code == t.code)).cloned().collect();
    all.extend(own);
    all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.code.cmp(&b.code)));
    Ok(all)
}

pub(crate) fn put_template(
    s: &mut Session<'_>,
    t: &Template,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO crisis_templates (code, kind, name, title, public_text, guide_text, spoken_text, active,
                 changed_at, changed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, name = excluded.name, title = excluded.title,
                 public_text = excluded.public_text, guide_text = excluded.guide_text,
                 spoken_text = excluded.spoken_text, active = excluded.active, changed_at = excluded.changed_at,
                 changed_by = excluded.changed_by"
        ),
        params![
            &t.code,
            t.kind,
            &t.name,
            &t.title,
            &t.public_text,
            &t.guide_text,
            &t.spoken_text,
            t.active,
            at,
            by
        ],
    )
    .map(drop)
}

pub(crate) fn delete_template(s: &mut Session<'_>, code: &str) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM crisis_templates WHERE code = $1"), params![code])
}
