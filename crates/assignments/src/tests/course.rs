//! From draft over the department's answer into force, through a change and a review to the end.

use super::*;
use crate::commands::{
    DepartmentAnswer, Edit, Send, answer_by_link, approval_by_link, edit, end, load, reviewed, revise, send,
    take_back,
};
use crate::course::Refusal;
use crate::{AssignmentsError, VersionState, jobs, queries};
use cases::LinkError;
use vocabulary::{AssignmentId, GenericUuid as _};

impl World {
    fn send(&self, id: AssignmentId, version: u32) -> Result<(), AssignmentsError> {
        let (ctx, settings) = (self.ctx(), self.settings.clone());
        self.write(move |s| send(s, &ctx, &settings, &Send { assignment: id, version, recipient: None }))
    }

    fn answer(&self, token: &str, name: &str, said: DepartmentAnswer) -> Result<(), AssignmentsError> {
        let (ctx, settings) = (self.ctx(), self.settings.clone());
        let (token, name) = (token.to_owned(), name.to_owned());
        self.write(move |s| answer_by_link(s, &ctx, &settings, &token, &name, &said).map(drop))
    }

    fn states(&self, id: AssignmentId) -> Vec<VersionState> {
        self.read(move |s| Ok(load(s, id)?.versions.iter().map(|version| version.state).collect()))
    }

    /// Runs every job of ours that is due at the world's hour, as the runner would.
    fn run_jobs(&self) {
        let (ctx, settings, now) = (self.ctx(), self.settings.clone(), self.now);
        self.write(move |s| -> Result<(), AssignmentsError> {
            let due = s.rows(
                storage::sql!("SELECT kind, payload FROM jobs WHERE run_at <= $1 AND state = 'waiting'"),
                storage::params![now],
                |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?)),
            )?;
            for (kind, payload) in due {
                let payload = serde_json::from_str(&payload).unwrap();
                match kind.as_str() {
                    jobs::IN_FORCE => jobs::in_force(s, &ctx, &payload)?,
                    jobs::APPROVAL_REMINDER => jobs::approval_reminder(s, &ctx, &settings, &payload)?,
                    jobs::REVIEW => jobs::review(s, &ctx, &settings, &payload, false)?,
                    jobs::REVIEW_OVERDUE => jobs::review(s, &ctx, &settings, &payload, true)?,
                    _ => {}
                }
            }
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn a_department_approves_by_the_link_once_and_the_words_stand() {
    for world in World::all() {
        let (assignment, draft) = world.drafted();
        let id = assignment.id;
        world.send(id, 1).unwrap();
        world.send(id, 1).unwrap();
        assert_eq!(world.letters().len(), 1, "sent twice, written once");
        let (to, subject, _) = world.letters().pop().unwrap();
        assert_eq!((to.as_str(), subject.as_str()), (KARIN, "Godkänn uppdraget ”Snö och halka”"));
        let token = world.token();
        assert!(matches!(
            world.answer(&token, "  ", DepartmentAnswer::Approved),
            Err(AssignmentsError::Text(_))
        ));
        world.answer(&token, "Karin Lund", DepartmentAnswer::Approved).unwrap();
        assert_eq!(world.states(id), [VersionState::InForce], "its first day is today");
        // Twice is as once; otherwise is refused.
        world.answer(&token, "Någon Annan", DepartmentAnswer::Approved).unwrap();
        let no = DepartmentAnswer::Refused { reason: "Nej".to_owned() };
        assert!(matches!(
            world.answer(&token, "Karin Lund", no),
            Err(AssignmentsError::Refused(Refusal::AnsweredOtherwise))
        ));
        let (settings, now) = (world.settings.clone(), world.now);
        let shown = world.read(move |s| approval_by_link(s, &settings, &token, now));
        let answer = shown.version.answer.clone().unwrap();
        assert_eq!((answer.by.as_str(), answer.email.as_str()), ("Karin Lund", KARIN));
        assert!(!shown.is_open());
        assert_eq!(shown.version.basis, draft.basis);
        assert_eq!(shown.version.agreed.as_ref().unwrap()[0].due_working_days, 3);
        // What has been sent is not rewritten.
        let (ctx, basis) = (world.ctx(), Basis { purpose: "Annat".to_owned(), ..draft.basis.clone() });
        let cmd = Edit { assignment: id, version: 1, revision: 0, basis };
        let refused = world.write(move |s| edit(s, &ctx, &cmd));
        assert!(matches!(refused, Err(AssignmentsError::Refused(Refusal::NotADraft))));
    }
}

#[test]
fn a_change_leaves_the_old_in_force_and_a_newer_one_withdraws_the_link() {
    for mut world in World::all() {
        let id = world.brought_in("sno", world.snow_basis(date(2026, 1, 1)));
        assert_eq!(world.states(id), [VersionState::InForce]);
        let ctx = world.ctx();
        let second = world.write(move |s| revise(s, &ctx, id)).unwrap();
        let mut basis = Basis { valid_from: date(2026, 12, 1), ..second.basis.clone() };
        basis.rules.push(rule_line(RuleKind::Does, "Tar emot frågor om grus"));
        basis.review_day = date(2027, 11, 1);
        let (ctx, wanted) = (world.ctx(), basis.clone());
        world
            .write(move |s| {
                edit(s, &ctx, &Edit { assignment: id, version: 2, revision: 0, basis: wanted.clone() })
            })
            .unwrap();
        // Somebody who opened it before is told.
        let (ctx, late) = (world.ctx(), Basis { purpose: "Sent".to_owned(), ..basis.clone() });
        let overtaken = world.write(move |s| {
            edit(s, &ctx, &Edit { assignment: id, version: 2, revision: 0, basis: late.clone() })
        });
        assert!(matches!(overtaken, Err(AssignmentsError::Overtaken)));
        world.send(id, 2).unwrap();
        let first_token = world.token();
        // Letters of the same instant lie in any order.
        world.now += vocabulary::SignedDuration::from_mins(1);
        let ctx = world.ctx();
        world.write(move |s| revise(s, &ctx, id)).unwrap();
        world.send(id, 3).unwrap();
        assert_eq!(world.states(id), [VersionState::Sent, VersionState::Withdrawn, VersionState::InForce]);
        assert!(matches!(
            world.answer(&first_token, "Karin Lund", DepartmentAnswer::Approved),
            Err(AssignmentsError::Refused(Refusal::Withdrawn))
        ));
        world.answer(&world.token(), "Karin Lund", DepartmentAnswer::Approved).unwrap();
        world.run_jobs();
        assert_eq!(
            world.states(id),
            [VersionState::Approved, VersionState::Withdrawn, VersionState::InForce],
            "its day has not come"
        );
        world.on(date(2026, 12, 1));
        world.run_jobs();
        assert_eq!(
            world.states(id),
            [VersionState::InForce, VersionState::Withdrawn, VersionState::Replaced]
        );
        let ctx = world.ctx();
        world.write(move |s| end(s, &ctx, id)).unwrap();
        assert_eq!(world.states(id)[0], VersionState::Ended);
        assert_eq!(world.read(queries::in_force), []);
        let ctx = world.ctx();
        let over = world.write(move |s| revise(s, &ctx, id));
        assert!(matches!(over, Err(AssignmentsError::Refused(Refusal::Over))));
    }
}

#[test]
fn not_approved_says_why_and_an_old_link_does_not_hold() {
    for mut world in World::all() {
        let id = world.drafted().0.id;
        world.send(id, 1).unwrap();
        let token = world.token();
        let no = |reason: &str| DepartmentAnswer::Refused { reason: reason.to_owned() };
        assert!(matches!(world.answer(&token, "Karin Lund", no("")), Err(AssignmentsError::Text(_))));
        world.answer(&token, "Karin Lund", no("Vi plogar inte gårdar")).unwrap();
        assert_eq!(world.states(id), [VersionState::Refused]);
        let lines = world.read(|s| Ok(queries::lines(s)?));
        assert_eq!(lines[0].reason.as_deref(), Some("Vi plogar inte gårdar"));
        // The next version begins with the same words, and lies unanswered until its link has gone out.
        let ctx = world.ctx();
        let second = world.write(move |s| revise(s, &ctx, id)).unwrap();
        assert_eq!((second.number, second.basis.title.as_str()), (2, "Snö och halka"));
        world.send(id, 2).unwrap();
        let token = world.token();
        world.on(date(2026, 11, 14));
        world.run_jobs();
        world.run_jobs();
        let reminders = world.letters().into_iter().filter(|(_, subject, _)| subject.contains("Påminnelse"));
        assert_eq!(reminders.count(), 1);
        world.on(date(2026, 12, 10));
        assert!(matches!(
            world.answer(&token, "Karin Lund", DepartmentAnswer::Approved),
            Err(AssignmentsError::Link(LinkError::Expired))
        ));
        let ctx = world.ctx();
        world.write(move |s| take_back(s, &ctx, id, 2)).unwrap();
        assert_eq!(world.states(id), [VersionState::Withdrawn, VersionState::Refused]);
        assert!(matches!(
            world.answer("forged", "Karin Lund", DepartmentAnswer::Approved),
            Err(AssignmentsError::Link(LinkError::Forged))
        ));
    }
}

#[test]
fn a_draft_that_does_not_say_all_is_not_sent() {
    let world = World::new(storage::testing::sqlite());
    let (ctx, department) = (world.ctx(), world.department);
    let basis = Basis { title: "Tomt".to_owned(), ..Basis::empty() };
    let cmd = Create { code: "tomt".to_owned(), department, owner: None, basis };
    let again = cmd.clone();
    let (made, _) = world.write(move |s| create(s, &ctx, &cmd)).unwrap();
    let Err(AssignmentsError::Incomplete(missing)) = world.send(made.id, 1) else {
        panic!("sent without anything said");
    };
    assert_eq!(missing.len(), 6);
    assert_eq!(world.letters(), []);
    let ctx = world.ctx();
    let taken = world.write(move |s| create(s, &ctx, &again));
    assert!(matches!(taken, Err(AssignmentsError::CodeTaken)));
}

#[test]
fn the_yearly_review_begins_in_time_and_is_marked_when_late() {
    for mut world in World::all() {
        let basis = world.snow_basis(date(2026, 1, 1));
        let day = basis.review_day;
        assert_eq!(day, date(2026, 12, 27));
        let id = world.brought_in("sno", basis);
        world.on(date(2026, 11, 26));
        world.run_jobs();
        assert_eq!(world.states(id), [VersionState::InForce], "not yet");
        world.on(date(2026, 11, 28));
        world.run_jobs();
        world.run_jobs();
        assert_eq!(world.states(id), [VersionState::UnderReview]);
        let reviews = |world: &World| {
            world.letters().into_iter().filter(|(_, subject, _)| subject.contains("se över")).count()
        };
        assert_eq!(reviews(&world), 1);
        let tasks = world.read(|s| {
            Ok(s.the_row(
                storage::sql!("SELECT COUNT(*) FROM knowledge_tasks WHERE done_at IS NULL"),
                storage::params![],
                |r| r.get::<u64>(0),
            )?)
        });
        assert_eq!(tasks, 1, "and whoever looks after it has a task");
        world.on(date(2026, 12, 29));
        world.run_jobs();
        world.run_jobs();
        let lines = world.read(|s| Ok(queries::lines(s)?));
        assert!(lines[0].is_overdue(vocabulary::local_day(world.now)));
        let late = world.letters().into_iter().filter(|(_, subject, _)| subject.contains("försenad"));
        assert_eq!(late.count(), 1);
        // Gone through, it holds for another year, and the old jobs have nothing to say.
        let ctx = world.ctx();
        world.write(move |s| reviewed(s, &ctx, id, date(2027, 12, 1))).unwrap();
        world.run_jobs();
        assert_eq!(world.states(id), [VersionState::InForce]);
        let ctx = world.ctx();
        let far = world.write(move |s| reviewed(s, &ctx, id, date(2029, 1, 1)));
        assert!(matches!(far, Err(AssignmentsError::Day { .. })));
    }
}

#[test]
fn the_timeline_tells_the_way_without_personal_text() {
    let world = World::new(storage::testing::sqlite());
    let id = world.drafted().0.id;
    world.send(id, 1).unwrap();
    world.answer(&world.token(), "Karin Lund", DepartmentAnswer::Approved).unwrap();
    let lines = world.read(move |s| Ok(storage::timeline::of_subject(s, id.into_untyped_uuid(), 50)?));
    let mut kinds: Vec<String> = lines.iter().map(|line| line.announcement.kind.clone()).collect();
    kinds.reverse();
    for kind in ["assignment_drafted", "assignment_sent", "assignment_approved", "assignment_in_force"] {
        assert!(kinds.iter().any(|one| one == kind), "{kind} in {kinds:?}");
    }
    for line in &lines {
        let detail = line.detail.clone().unwrap_or_default();
        assert!(!detail.contains("Karin") && !detail.contains('@'), "{detail}");
    }
}
