//! What cases can be about.

use crate::clock::Terms;
use crate::error::CasesError;
use crate::limits::{CATEGORY_CHARS_MAX, KEYWORDS_CHARS_MAX, PUBLIC_TEXT_CHARS_MAX, TYPE_NAME_CHARS_MAX};
use crate::model::CaseType;
use crate::queries::{case_type_by_code, store};
use crate::refusal::Refusal;
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, Context, DepartmentId, OfficerId, SecrecyClass};

/// A case type as it shall be from now on. Cases already registered keep what they were given.
#[derive(Clone, Debug)]
pub struct PutCaseType {
    /// Its code, unique; a type with the same code is changed.
    pub code: String,
    /// The heading it is found under; blank gives none.
    pub category: String,
    /// Its name.
    pub name: String,
    /// Other words it is found by.
    pub keywords: String,
    /// The department its cases belong to.
    pub department_id: DepartmentId,
    /// The officer who gets its cases when nobody else is chosen; must be of the department.
    pub officer_id: Option<OfficerId>,
    /// How secret its cases are kept at least.
    pub secrecy_class: SecrecyClass,
    /// When its cases may be weeded out, as the archive's plan calls it.
    pub retention_rule: String,
    /// How many working days an officer has to answer.
    pub due_working_days: u16,
    /// What residents are told happens with such cases.
    pub public_text: String,
    /// Whether residents may report it through Open311. Only what is open to all may be.
    pub open311: bool,
    /// Whether new cases may have it.
    pub active: bool,
}

/// Makes or changes a case type. Its cases belong to the board of its department.
///
/// # Errors
/// A text is not acceptable, the term is out of range, a type that is not open to all is offered through
/// Open311, or the department or officer is not there.
pub fn put_case_type(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutCaseType,
) -> Result<CaseTypeId, CasesError> {
    let department = people::directory::queries::department(s, cmd.department_id)?
        .ok_or(CasesError::NotFound { what: "department" })?;
    if let Some(id) = cmd.officer_id {
        people::directory::queries::officer(s, id)?
            .filter(|officer| officer.department == department.id)
            .ok_or(CasesError::NotFound { what: "officer" })?;
    }
    if cmd.open311 && cmd.secrecy_class != SecrecyClass::Open {
        return Err(Refusal::SecretService.into());
    }
    let due = cmd.due_working_days;
    Terms::new(due, 1, 2, 3, 4)?;
    let code = text::code("code", &cmd.code, text::CODE_CHARS_MAX)?;
    let id = case_type_by_code(s, &code)?.map_or_else(|| ctx.next_id(), |known| known.id);
    let case_type = CaseType {
        id,
        code,
        category: text::optional_line("category", &cmd.category, CATEGORY_CHARS_MAX)?.unwrap_or_default(),
        name: text::line("name", &cmd.name, TYPE_NAME_CHARS_MAX)?,
        keywords: text::optional_line("keywords", &cmd.keywords, KEYWORDS_CHARS_MAX)?.unwrap_or_default(),
        department_id: department.id,
        officer_id: cmd.officer_id,
        board: department.board,
        secrecy_class: cmd.secrecy_class,
        retention_rule: text::line("retention_rule", &cmd.retention_rule, text::LINE_CHARS_MAX)?,
        due_working_days: due,
        public_text: text::optional_paragraphs("public_text", &cmd.public_text, PUBLIC_TEXT_CHARS_MAX)?
            .unwrap_or_default(),
        open311: cmd.open311,
        active: cmd.active,
    };
    store::upsert_type(s, &case_type)?;
    let subject = Subject { kind: "case_type", id: id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind: "case_type_put", subject, related: None, detail: None })?;
    Ok(id)
}
