//! What the departments have handed over, where to turn with the rest, and what is said of the standard.

use super::PopulateError;
use super::place::{case_type_ids, days_from, departments, groups, known, user_ids};
use crate::town::{Assignment, Stands, Town};
use assignments::commands::{BringIn, Create, PutCheck, PutReferral};
use assignments::{Basis, Rule, RuleKind, VersionState, commands, queries, rule_line, steps};
use cases::CaseSettings;
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::{AnswerGroupId, AssignmentId, CaseTypeId, Context, local_day, start_of_day};

/// Where to turn, and the assignments. One that is there already stays as it is.
pub(super) fn assignments(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for r in &town.referrals {
        let put = PutReferral {
            code: r.code.clone(),
            owner: r.owner.clone(),
            text: r.text.clone(),
            keywords: r.keywords.clone(),
            telephone: r.telephone.clone(),
            url: r.url.clone(),
            active: true,
        };
        commands::put_referral(s, ctx, &put)?;
    }
    let (departments, owners) = (departments(s)?, user_ids(s)?);
    let (types, groups) = (case_type_ids(s)?, groups(s)?);
    for a in &town.assignments {
        if queries::assignment_by_code(s, &a.code)?.is_some() {
            continue;
        }
        let basis = basis(ctx, a, &types, &groups)?;
        let department = known(&departments, &a.department, "department")?;
        let owner = Some(known(&owners, &a.owner, "user")?);
        if matches!(a.state, Stands::Draft | Stands::Sent) {
            commands::create(s, ctx, &Create { code: a.code.clone(), department, owner, basis })?;
            continue;
        }
        // It has held since its first day, and so what it covers is counted from then.
        let then = Context { now: start_of_day(basis.valid_from), ..ctx.clone() };
        let approved_by = a.approved_by.clone();
        let id = commands::bring_in(
            s,
            &then,
            &BringIn { code: a.code.clone(), department, owner, approved_by, basis },
        )?;
        if a.state == Stands::Review {
            commands::begin_review(s, ctx, id)?;
        }
    }
    Ok(())
}

fn basis(
    ctx: &Context,
    a: &Assignment,
    types: &BTreeMap<String, CaseTypeId>,
    groups: &BTreeMap<String, AnswerGroupId>,
) -> Result<Basis, PopulateError> {
    let today = local_day(ctx.now);
    let case_types: Result<_, _> = a.case_types.iter().map(|code| known(types, code, "case type")).collect();
    let groups: Result<_, _> = a.groups.iter().map(|code| known(groups, code, "answer group")).collect();
    Ok(Basis {
        title: a.title.clone(),
        purpose: a.purpose.clone(),
        keywords: a.keywords.clone(),
        theme: a.theme,
        public_title: a.public_title.clone(),
        public_text: a.public_text.clone(),
        rules: rules(a),
        // The town's check has read them already.
        steps: steps::read(&a.steps).unwrap_or_default(),
        case_types: case_types?,
        groups: groups?,
        skills: a.skills.clone(),
        contacts_per_month: a.contacts_per_month,
        contacts: a.contacts.clone(),
        valid_from: days_from(today, a.valid_from_days),
        notice_months: a.notice_months,
        review_day: days_from(today, a.review_days),
    })
}

fn rules(a: &Assignment) -> Vec<Rule> {
    [(RuleKind::Does, &a.does), (RuleKind::Partly, &a.partly), (RuleKind::DoesNot, &a.does_not)]
        .into_iter()
        .flat_map(|(kind, lines)| lines.iter().map(move |line| rule_line(kind, line)))
        .collect()
}

/// What is said of the standard's points.
pub(super) fn standard(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for c in &town.standard {
        let put =
            PutCheck { point: c.point, state: c.state, note: c.note.clone(), evidence: c.evidence.clone() };
        commands::put_check(s, ctx, &put)?;
    }
    Ok(())
}

/// Sends the departments the assignments that wait for them.
pub(super) fn send(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    cases: &CaseSettings,
) -> Result<(), PopulateError> {
    for a in town.assignments.iter().filter(|a| a.state == Stands::Sent) {
        let Some(assignment) = queries::assignment_by_code(s, &a.code)? else { continue };
        let loaded = commands::load(s, assignment.id)?;
        for version in loaded.versions.iter().filter(|version| version.state == VersionState::Draft) {
            let send = commands::Send { assignment: assignment.id, version: version.number, recipient: None };
            commands::send(s, ctx, cases, &send)?;
        }
    }
    Ok(())
}

/// The assignments by code.
pub(super) fn assignment_ids(
    s: &mut Session<'_>,
    town: &Town,
) -> Result<BTreeMap<String, AssignmentId>, PopulateError> {
    let mut ids = BTreeMap::new();
    for a in &town.assignments {
        if let Some(assignment) = queries::assignment_by_code(s, &a.code)? {
            ids.insert(a.code.clone(), assignment.id);
        }
    }
    Ok(ids)
}
