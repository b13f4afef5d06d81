use super::{World, each};
use crate::bulk::{BulkAction, Reached, change_one, each_once, forget_old};
use crate::commands::{Change, RegisterCase};
use crate::limits::BULK_CASES_MAX;
use crate::{CasesError, queries};
use vocabulary::{
    Actor, BulkChangeId, CaseId, CaseOutcome, CaseStatus, NewId as _, Priority, SignedDuration, UserId,
};

fn reach(
    world: &World,
    by: UserId,
    bulk: BulkChangeId,
    case: CaseId,
    action: &BulkAction,
) -> Result<Reached, CasesError> {
    let (ctx, settings, action) = (world.ctx(Actor::User(by)), world.settings.clone(), action.clone());
    world.db.write_blocking(move |s| change_one(s, &ctx, &settings, bulk, case, &action)).map(|done| done.1)
}

fn case(world: &World, id: CaseId) -> crate::Case {
    world.read(move |s| Ok(queries::case(s, id)?)).unwrap().unwrap()
}

#[test]
fn each_case_is_changed_once_and_says_why_it_is_not() {
    each(|world| {
        let id = || BulkChangeId::untimed(&*world.chance);
        let (open, solved) = (world.registered(world.a_case()), world.registered(world.a_case()));
        let by = world.guide;
        let solve = BulkAction::Solve(CaseOutcome::Solved);
        assert_eq!(reach(world, by, id(), solved.id, &solve).unwrap(), Reached::Done);
        assert_eq!(reach(world, by, id(), solved.id, &solve).unwrap(), Reached::Already, "closed so already");
        let begin = BulkAction::Change(Change::Begin);
        assert!(matches!(reach(world, by, id(), solved.id, &begin).unwrap_err(), CasesError::Forbidden(_)));
        assert_eq!(
            case(world, solved.id).status,
            CaseStatus::Solved,
            "what is refused leaves nothing behind"
        );
        assert_eq!(reach(world, by, id(), open.id, &begin).unwrap(), Reached::Done);
        let assign = BulkAction::Assign(Some(world.other_guide));
        assert_eq!(reach(world, by, id(), open.id, &assign).unwrap(), Reached::Done);
        assert_eq!(reach(world, by, id(), open.id, &assign).unwrap(), Reached::Already);
        assert_eq!(case(world, open.id).assignee_id, Some(world.other_guide));
        let urgent = BulkAction::Priority(Priority::Urgent);
        assert_eq!(reach(world, by, id(), open.id, &urgent).unwrap(), Reached::Done);
        assert_eq!(case(world, open.id).priority, Priority::Urgent);
        let (note, bulk) = (BulkAction::Note("Ring alla i dag".to_owned()), id());
        assert_eq!(reach(world, by, bulk, open.id, &note).unwrap(), Reached::Done);
        world.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(
            reach(world, by, bulk, open.id, &note).unwrap(),
            Reached::Already,
            "the same change sent again"
        );
        assert_eq!(world.page(&open).notes.len(), 1);
        let nobody = CaseId::untimed(&*world.chance);
        assert!(matches!(reach(world, by, id(), nobody, &note).unwrap_err(), CasesError::NotFound { .. }));
    });
}

#[test]
fn a_secret_case_is_not_changed_by_whoever_may_not_open_it() {
    each(|world| {
        let strict = world.registered(RegisterCase { case_type_id: world.worry, ..world.a_case() });
        let bulk = BulkChangeId::untimed(&*world.chance);
        let take = BulkAction::Assign(Some(world.other_guide));
        assert!(matches!(
            reach(world, world.other_guide, bulk, strict.id, &take).unwrap_err(),
            CasesError::Secret
        ));
        assert_eq!(case(world, strict.id).assignee_id, None);
    });
}

#[test]
fn at_most_so_many_and_old_changes_are_forgotten() {
    each(|world| {
        let ids = |n: usize| (0..n).map(|n| CaseId::from_u128(n as u128)).collect::<Vec<_>>();
        assert_eq!(each_once(ids(BULK_CASES_MAX).into_iter().chain(ids(3))).unwrap().len(), BULK_CASES_MAX);
        assert!(matches!(each_once(ids(BULK_CASES_MAX + 1)).unwrap_err(), CasesError::TooMany { .. }));
        let open = world.registered(world.a_case());
        let (bulk, note) = (BulkChangeId::untimed(&*world.chance), BulkAction::Note("En gång".to_owned()));
        reach(world, world.guide, bulk, open.id, &note).unwrap();
        world.clock.advance(SignedDuration::from_hours(24 * 31));
        let ctx = world.ctx(Actor::User(world.guide));
        world.db.write_blocking(move |s| forget_old(s, &ctx)).unwrap();
        assert_eq!(reach(world, world.guide, bulk, open.id, &note).unwrap(), Reached::Done);
    });
}
