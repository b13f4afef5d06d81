//! What is late: officers' questions past their day, and open cases past the day their resident was promised. Two walks
//! over two indexes, merged; each case once, by what is longest overdue of it.

use super::filtered::{ListLine, ListPage, columns, joins, narrowed, narrowing, read_list_line};
use super::lists::PageMark;
use crate::error::CasesError;
use crate::filter::Filter;
use crate::viewer::Viewer;
use storage::{Session, StorageError, Value, sql};
use vocabulary::AnyId;
use vocabulary::civil::Date;

/// How many times a page looks further when what it found is not to be shown.
const LOOKS_MAX: usize = 20;

/// A question or a promise past its day.
struct Late {
    line: ListLine,
    day: Date,
    id: AnyId,
    shown: bool,
}

/// Walks what is late, the longest overdue first. Both kinds are taken in small lots, each an index range, since what
/// decides whether one is shown would otherwise be asked of all of them.
pub(super) fn late(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
    today: Date,
    after: Option<&PageMark>,
    lines_max: usize,
) -> Result<ListPage, CasesError> {
    let (mut day, mut id) = match after {
        Some(mark) => mark.day()?,
        None => (Date::constant(1, 1, 1), AnyId::nil()),
    };
    let lot = lines_max + 1;
    let mut lines = Vec::new();
    for _ in 0..LOOKS_MAX {
        let found = next_lot(s, viewer, filter, today, (day, id), lot)?;
        let last_lot = found.len() < lot;
        for late in found {
            if late.shown && lines.len() == lines_max {
                return Ok(ListPage { lines, next: Some(PageMark::on_day(day, id)), cut: false });
            }
            (day, id) = (late.day, late.id);
            if late.shown {
                lines.push(late.line);
            }
        }
        if last_lot {
            return Ok(ListPage { lines, next: None, cut: false });
        }
    }
    Ok(ListPage { lines, next: Some(PageMark::on_day(day, id)), cut: true })
}

fn next_lot(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
    today: Date,
    (day, id): (Date, AnyId),
    lot: usize,
) -> Result<Vec<Late>, StorageError> {
    let mut given = vec![
        Value::Boolean(viewer.sees_all()),
        Value::Uuid(viewer.holder()),
        Value::Text(today.to_string().into()),
        Value::Text(day.to_string().into()),
        Value::Bigint(i64::try_from(lot).unwrap_or(i64::MAX)),
        Value::Uuid(id),
    ];
    given.extend(narrowing(filter, viewer));
    s.rows(
        sql!(concat!(
            columns!(),
            ", l.due_day, l.id, COALESCE(",
            crate::seen_sql!(),
            narrowed!(),
            "    AND NOT EXISTS (SELECT 1 FROM follow_ups e WHERE e.case_id = l.case_id AND e.state = 'waiting'
                                    AND e.paused_at IS NULL AND (e.due_day, e.id) < (l.due_day, l.id))
                 AND (l.promise OR NOT COALESCE((c.due_day, c.id) < (l.due_day, l.id)
                          AND c.status <> 'waiting_for_resident' AND c.status <> 'suspended', FALSE)), FALSE)
             FROM (SELECT * FROM (SELECT f.due_day, f.id, f.case_id, FALSE AS promise FROM follow_ups f
                          WHERE f.state = 'waiting' AND f.paused_at IS NULL AND f.due_day < $3
                            AND (f.due_day, f.id) > ($4, $6) ORDER BY f.due_day, f.id LIMIT $5) asked
                   UNION ALL
                   SELECT * FROM (SELECT k.due_day, k.id, k.id AS case_id, TRUE AS promise FROM cases k
                          WHERE k.closed_at IS NULL AND k.due_day IS NOT NULL AND k.due_day < $3
                            AND (k.due_day, k.id) > ($4, $6)
                            AND k.status <> 'waiting_for_resident' AND k.status <> 'suspended'
                          ORDER BY k.due_day, k.id LIMIT $5) promised
                   ORDER BY 1, 2 LIMIT $5) l
             JOIN cases c ON c.id = l.case_id",
            joins!(),
            "ORDER BY l.due_day, l.id"
        )),
        &given,
        |r| Ok(Late { line: read_list_line(r)?, day: r.get(21)?, id: r.get(22)?, shown: r.get(23)? }),
    )
}
