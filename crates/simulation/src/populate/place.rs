//! The town as it stands: people, places, case types, articles.

use super::PopulateError;
use crate::residents;
use crate::town::Town;
use cases::commands::{PutCaseType, PutTerms, put_case_type, put_terms};
use knowledge::{ArticleDraft, Content};
use people::PeopleError;
use people::directory::{self, NewAnswerGroup, NewDepartment, NewOfficer};
use people::password::PasswordHash;
use people::residents::Reach;
use people::users::{self, CreateUser, GroupLevel};
use std::collections::BTreeMap;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::civil::{Date, Time};
use vocabulary::{
    AnswerGroupId, ArticleId, AssignmentId, CaseTypeId, Context, DepartmentId, Language, OfficerId,
    SignedDuration, Timestamp, UserId, local_day, time_zone,
};

/// Departments, officers and answer groups.
pub(super) fn places(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for d in &town.departments {
        if directory::queries::department_by_code(s, &d.code)?.is_none() {
            let new = NewDepartment {
                code: d.code.clone(),
                name: d.name.clone(),
                board: d.board.clone(),
                escalation_email: d.escalation_email.clone(),
            };
            directory::commands::create_department(s, ctx, &new)?;
        }
    }
    let departments = departments(s)?;
    for o in &town.officers {
        if directory::queries::officer_by_email(s, &o.email)?.is_none() {
            let new = NewOfficer {
                department: known(&departments, &o.department, "department")?,
                name: o.name.clone(),
                title: o.title.clone(),
                email: o.email.clone(),
                telephone: Some(o.telephone.clone()),
                language: Language::Swedish,
            };
            if o.function {
                directory::commands::create_function(s, ctx, &new)?;
            } else {
                directory::commands::create_officer(s, ctx, &new)?;
            }
        }
    }
    let groups = groups(s)?;
    for g in town.groups.iter().filter(|g| !groups.contains_key(&g.code)) {
        let new = NewAnswerGroup { code: g.code.clone(), name: g.name.clone(), dialled: g.dialled.clone() };
        directory::commands::create_answer_group(s, ctx, &new)?;
    }
    Ok(())
}

/// Who signs in, and whose calls they take.
pub(super) fn users(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    password: &PasswordHash,
) -> Result<(), PopulateError> {
    let groups = groups(s)?;
    for u in &town.users {
        if users::queries::by_sign_in(s, &u.sign_in)?.is_some() {
            continue;
        }
        let new = CreateUser {
            sign_in: u.sign_in.clone(),
            name: u.name.clone(),
            role: u.role,
            password: password.clone(),
            language: Language::Swedish,
            hourly: u.hourly,
        };
        let user = users::commands::create(s, ctx, &new)?;
        let mut levels = Vec::new();
        for (code, level) in u.home.iter().chain(&u.helps).zip(1..) {
            levels.push(GroupLevel { group: known(&groups, code, "answer group")?, level });
        }
        users::commands::set_groups(s, ctx, user.id, &levels)?;
    }
    Ok(())
}

/// Whose restricted cases everybody may open: those of all boards, less the ones the town's file takes out.
pub(super) fn board_access(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let boards = people::boards::queries::boards(s)?;
    for u in town.users.iter().filter(|u| people::boards::opens_cases(u.role)) {
        let user =
            users::queries::by_sign_in(s, &u.sign_in)?.ok_or(PeopleError::NotFound { what: "user" })?;
        let granted: Vec<String> =
            boards.iter().filter(|board| !u.without_boards.contains(board)).cloned().collect();
        people::boards::commands::set(s, ctx, user.id.into_untyped_uuid(), &granted)?;
    }
    Ok(())
}

/// What becomes of closed cases.
pub(super) fn retention_rules(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for rule in &town.retention {
        let rule = records::retention::Rule {
            code: rule.code.clone(),
            keep_months: rule.keep_months,
            counted_from: rule.counted_from,
            action: rule.action,
            basis: rule.basis.clone(),
            active: true,
        };
        records::retention::commands::put_rule(s, ctx, &rule)?;
    }
    Ok(())
}

/// A SIP account for everybody who takes calls, by the name they sign in with.
pub(super) fn telephones(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    realm: &str,
    password: &str,
) -> Result<(), PopulateError> {
    for u in town.users.iter().filter(|u| u.home.is_some()) {
        let user =
            users::queries::by_sign_in(s, &u.sign_in)?.ok_or(PeopleError::NotFound { what: "user" })?;
        let digests = directory::sip_digests(&u.sign_in, realm, password);
        let known = directory::queries::telephone_of(s, user.id)?;
        if known.is_none_or(|telephone| telephone.digests != digests) {
            directory::commands::set_telephone(s, ctx, user.id, &u.sign_in, realm, password)?;
        }
    }
    Ok(())
}

/// What cases can be about.
pub(super) fn case_types(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let (departments, officers) = (departments(s)?, officers(s)?);
    for c in &town.case_types {
        if cases::queries::case_type_by_code(s, &c.code)?.is_some() {
            continue;
        }
        let put = PutCaseType {
            code: c.code.clone(),
            category: c.category.clone(),
            name: c.name.clone(),
            keywords: c.keywords.clone(),
            department_id: known(&departments, &c.department, "department")?,
            officer_id: Some(known(&officers, &c.officer, "officer")?),
            secrecy_class: c.secrecy,
            retention_rule: c.retention.clone(),
            due_working_days: c.due_working_days,
            public_text: c.public_text.clone(),
            open311: c.open311,
            active: true,
        };
        let case_type_id = put_case_type(s, ctx, &put)?;
        let substitutes: Result<Vec<_>, _> =
            c.substitutes.iter().map(|email| known(&officers, email, "officer")).collect();
        let terms = PutTerms {
            case_type_id,
            recipient: put.officer_id,
            substitutes: substitutes?,
            terms: c.terms()?,
            checklist: c.checklist.join("\n"),
            public_text: c.public_text.clone(),
        };
        put_terms(s, ctx, &terms)?;
    }
    Ok(())
}

/// What can be booked, who is called out, and the processes. What a manager has changed since stays as it is.
pub(super) fn processes(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    use ::processes::commands::{Publish, PutContractor, PutResource, publish, put_contractor, put_resource};
    for r in &town.resources {
        if ::processes::queries::resource_by_code(s, &r.code)?.is_none() {
            let put = PutResource {
                code: r.code.clone(),
                name: r.name.clone(),
                place: r.place.clone(),
                hours: r.hours.clone(),
                slot_minutes: r.slot_minutes,
                capacity: r.capacity,
                notice_hours: r.notice_hours,
                days_ahead: r.days_ahead,
                active: true,
                closed: Vec::new(),
            };
            put_resource(s, ctx, &put)?;
        }
    }
    for c in &town.contractors {
        if ::processes::queries::contractor_by_code(s, &c.code)?.is_none() {
            let put = PutContractor {
                code: c.code.clone(),
                name: c.name.clone(),
                telephone: c.telephone.clone(),
                email: c.email.clone(),
                texts: c.texts,
                active: true,
            };
            put_contractor(s, ctx, &put)?;
        }
    }
    let known: Vec<String> = ::processes::queries::in_force(s)?.into_iter().map(|p| p.version.code).collect();
    for (path, source) in &town.processes {
        let code = path.trim_start_matches("processes/").trim_end_matches(".toml");
        if !known.iter().any(|known| known == code) {
            publish(s, ctx, &Publish { source: source.clone(), of: None })?;
        }
    }
    Ok(())
}

/// What is known, and the articles by slug. One that is there already stays as it is, whatever somebody has made of it.
pub(super) fn articles(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    assignments: &BTreeMap<String, AssignmentId>,
) -> Result<BTreeMap<String, ArticleId>, PopulateError> {
    let (departments, types, owners) = (departments(s)?, case_type_ids(s)?, user_ids(s)?);
    let mut ids = BTreeMap::new();
    let today = local_day(ctx.now);
    for a in &town.articles {
        let case_types: Result<Vec<_>, _> =
            a.case_types.iter().map(|code| known(&types, code, "case type")).collect();
        let content = Content {
            internal: a.internal.clone(),
            public: a.public.clone(),
            keywords: a.keywords.clone(),
            approach: a.approach.clone(),
            department: Some(known(&departments, &a.department, "department")?),
            assignment: a.assignment.as_ref().and_then(|code| assignments.get(code)).copied(),
            case_types: case_types?,
            owner: Some(known(&owners, &a.owner, "user")?),
            review_day: Some(days_from(today, a.review_days)),
            valid_from: a.valid_from_days.map(|days| days_from(today, days)),
            valid_to: a.valid_to_days.map(|days| days_from(today, days)),
            links: a.links.clone(),
            files: Vec::new(),
        };
        let draft = ArticleDraft { slug: a.slug.clone(), content };
        ids.insert(a.slug.clone(), knowledge::commands::import_article(s, ctx, &draft, a.state)?);
    }
    Ok(ids)
}

/// So many days after `day`, or before it.
pub(super) fn days_from(day: Date, days: i32) -> Date {
    day.saturating_add(SignedDuration::from_hours(24 * i64::from(days)))
}

/// That time of that day in Sweden.
pub(super) fn instant(day: Date, time: Time) -> Option<Timestamp> {
    day.to_datetime(time).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp())
}

/// The residents who are known by name.
pub(super) fn residents(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for resident in residents::residents(town).into_iter().filter(|r| r.known) {
        let reach = Reach { telephone: Some(resident.number), email: Some(resident.email) };
        people::residents::commands::find_or_create(s, ctx, &reach, Some(&resident.name), Language::Swedish)?;
    }
    Ok(())
}

pub(super) fn known<T: Copy>(
    all: &BTreeMap<String, T>,
    code: &str,
    what: &'static str,
) -> Result<T, PeopleError> {
    all.get(code).copied().ok_or(PeopleError::NotFound { what })
}

/// The departments by code.
pub(super) fn departments(s: &mut Session<'_>) -> Result<BTreeMap<String, DepartmentId>, StorageError> {
    Ok(directory::queries::departments(s)?.into_iter().map(|d| (d.code, d.id)).collect())
}

fn officers(s: &mut Session<'_>) -> Result<BTreeMap<String, OfficerId>, StorageError> {
    Ok(directory::queries::officers(s)?.into_iter().map(|o| (o.email, o.id)).collect())
}

/// Everybody who signs in, by the name they do it with.
pub(super) fn user_ids(s: &mut Session<'_>) -> Result<BTreeMap<String, UserId>, StorageError> {
    Ok(users::queries::all(s)?.into_iter().map(|u| (u.sign_in, u.id)).collect())
}

/// The answer groups by code.
pub(super) fn groups(s: &mut Session<'_>) -> Result<BTreeMap<String, AnswerGroupId>, StorageError> {
    Ok(directory::queries::answer_groups(s)?.into_iter().map(|g| (g.code, g.id)).collect())
}

/// The case types by code.
pub(crate) fn case_type_ids(s: &mut Session<'_>) -> Result<BTreeMap<String, CaseTypeId>, StorageError> {
    Ok(cases::queries::case_types(s)?.into_iter().map(|c| (c.code, c.id)).collect())
}
