//! How things stand, in counts only: for crisis management and communicators.

use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;

/// What waits for a department's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
    /// The department's name.
    pub department: String,
    /// How many questions wait.
    pub waiting: u64,
    /// How many of them should have been answered.
    pub overdue: u64,
}

/// What waits for each department's answer on `today`, most first.
///
/// # Errors
/// The database.
pub fn open_questions(s: &mut Session<'_>, today: Date) -> Result<Vec<Questions>, StorageError> {
    s.rows(
        sql!(
            "SELECT d.name, COUNT(*), COUNT(CASE WHEN f.due_day < $1 AND f.paused_at IS NULL THEN 1 END)
             FROM follow_ups f
             JOIN officers o ON o.id = f.officer_id
             JOIN departments d ON d.id = o.department_id
             WHERE f.state = 'waiting' GROUP BY d.name ORDER BY COUNT(*) DESC, d.name"
        ),
        params![today],
        |r| Ok(Questions { department: r.get(0)?, waiting: r.get(1)?, overdue: r.get(2)? }),
    )
}

/// How many cases are open.
///
/// # Errors
/// The database.
pub fn open_cases(s: &mut Session<'_>) -> Result<u64, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM cases WHERE closed_at IS NULL"), params![], |r| r.get(0))
}
