use crate::model::{ReplyTemplate, TEMPLATES_MAX};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::ReplyTemplateId;

fn read(r: &Row<'_>) -> Result<ReplyTemplate, StorageError> {
    Ok(ReplyTemplate {
        id: r.get(0)?,
        name: r.get(1)?,
        language: r.get(2)?,
        text: r.get(3)?,
        active: r.get(4)?,
        changed_at: r.get(5)?,
    })
}

/// All templates, those in use first, by name.
pub fn templates(s: &mut Session<'_>) -> Result<Vec<ReplyTemplate>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, name, language, text, active, changed_at FROM reply_templates
             ORDER BY active DESC, name, id LIMIT $1"
        ),
        params![TEMPLATES_MAX],
        read,
    )
}

/// One template.
pub fn template(s: &mut Session<'_>, id: ReplyTemplateId) -> Result<Option<ReplyTemplate>, StorageError> {
    s.row(
        sql!("SELECT id, name, language, text, active, changed_at FROM reply_templates WHERE id = $1"),
        params![id],
        read,
    )
}

pub(crate) fn upsert_template(s: &mut Session<'_>, t: &ReplyTemplate) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO reply_templates (id, name, language, text, active, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, text = excluded.text,
                 active = excluded.active, changed_at = excluded.changed_at"
        ),
        params![t.id, t.name, t.language, t.text, t.active, t.changed_at],
    )?;
    Ok(())
}
