//! What the agenda of a meeting is suggested from, where no other room tells it.

use storage::{Session, StorageError, params, sql};
use vocabulary::{DepartmentId, Timestamp};

/// How many cases of a type were registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeCount {
    /// The type's name.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// The types of a department's cases that were registered most often since `since`, at most `most` of them.
///
/// # Errors
/// When the database fails.
pub fn common_types(
    s: &mut Session<'_>,
    department: DepartmentId,
    since: Timestamp,
    most: u32,
) -> Result<Vec<TypeCount>, StorageError> {
    s.rows(
        sql!(
            "SELECT t.name, COUNT(*) FROM cases c JOIN case_types t ON t.id = c.case_type_id
             WHERE c.department_id = $1 AND c.registered_at >= $2
             GROUP BY t.id, t.name ORDER BY 2 DESC, t.name LIMIT $3"
        ),
        params![department, since, most],
        |r| Ok(TypeCount { name: r.get(0)?, count: r.get(1)? }),
    )
}
