//! Who sees how much of which case: the rule, the SQL that lists by it, and what somebody without access can do.

use super::{World, each};
use crate::commands::{HandOver, RegisterCase, assign, hand_over, look_sealed, open_case, register};
use crate::queries::{CaseList, count, list, open_tasks, sealed_by_number, search};
use crate::{CasesError, Sight, TaskKind, Viewer};
use vocabulary::{Actor, ApiKeyId, CaseId, Clock as _, GenericUuid as _, SecrecyClass, UserId};

fn restricted(world: &World, title: &str) -> RegisterCase {
    RegisterCase { title: title.to_owned(), secrecy_class: Some(SecrecyClass::Restricted), ..world.a_case() }
}

fn sight(world: &World, viewer: Viewer, case: CaseId) -> Sight {
    world
        .read(move |s| {
            let case = crate::queries::case(s, case)?.unwrap();
            Ok(viewer.sight(s, &case)?)
        })
        .unwrap()
}

/// Every list, count and search holds exactly what [`Viewer::sight`] opens, for everybody.
#[test]
fn lists_hold_what_is_open_to_whoever_looks_and_nothing_else() {
    each(|world| {
        let mut cases = Vec::new();
        for class in [SecrecyClass::Open, SecrecyClass::Restricted, SecrecyClass::Strict] {
            for by_guide in [true, false] {
                for assigned in [true, false] {
                    let cmd = RegisterCase {
                        title: "Hemlighet".to_owned(),
                        secrecy_class: Some(class),
                        assignee_id: assigned.then_some(world.other_guide),
                        ..world.a_case()
                    };
                    let actor = if by_guide { Actor::User(world.guide) } else { Actor::System };
                    let ctx = world.ctx(actor);
                    let case = world.db.write_blocking(move |s| register(s, &ctx, &cmd)).unwrap().case;
                    cases.push(case.id);
                }
            }
        }
        let granted = UserId::from_u128(77);
        let key = Actor::ApiKey(ApiKeyId::from_u128(78));
        let ctx = world.ctx(Actor::System);
        let guide = world.guide;
        world
            .db
            .write_blocking(move |s| {
                // Straight into the table: these two are nobody the directory knows.
                for holder in [granted.into_untyped_uuid(), ApiKeyId::from_u128(78).into_untyped_uuid()] {
                    s.execute(
                        storage::sql!(
                            "INSERT INTO board_access (holder_id, board, granted_at) VALUES ($1, 'Tekniska nämnden', $2)"
                        ),
                        storage::params![holder, ctx.now],
                    )?;
                }
                Ok::<_, storage::StorageError>(())
            })
            .unwrap();
        let viewers = [
            Viewer::of(Actor::User(guide)),
            Viewer::of(Actor::User(world.other_guide)),
            Viewer::of(Actor::User(granted)),
            Viewer::of(Actor::User(UserId::from_u128(79))),
            Viewer::of(key),
            Viewer::of(Actor::ApiKey(ApiKeyId::from_u128(80))),
            Viewer::of(Actor::System),
            Viewer::house(),
        ];
        let now = world.clock.now();
        for viewer in viewers {
            let mut open: Vec<CaseId> =
                cases.iter().copied().filter(|case| sight(world, viewer, *case) == Sight::Open).collect();
            open.sort();
            for which in [CaseList::All, CaseList::Open, CaseList::Resident(world.resident)] {
                let found = world.read(move |s| list(s, viewer, which, now, None, 100)).unwrap();
                let mut ids: Vec<CaseId> = found.lines.iter().map(|line| line.id).collect();
                ids.sort();
                assert_eq!(ids, open, "{viewer:?} {which:?}");
                let counted = world.read(move |s| Ok(count(s, viewer, which, now)?)).unwrap();
                assert_eq!(counted, open.len() as u64, "{viewer:?} {which:?}");
            }
            let found = world.read(move |s| Ok(search(s, viewer, "hemlighet")?)).unwrap();
            let mut ids: Vec<CaseId> = found.iter().map(|line| line.id).collect();
            ids.sort();
            assert_eq!(ids, open, "{viewer:?}");
        }
        // By hand, so that the rule and its SQL are not wrong together: of twelve, who opens how many.
        let opens = |viewer| cases.iter().filter(|case| sight(world, viewer, **case) == Sight::Open).count();
        assert_eq!(opens(Viewer::of(Actor::User(guide))), 4 + 2 + 2, "registered");
        assert_eq!(opens(Viewer::of(Actor::User(world.other_guide))), 4 + 2 + 2, "assigned");
        assert_eq!((opens(Viewer::of(Actor::User(granted))), opens(Viewer::of(key))), (8, 8), "by grant");
        assert_eq!(opens(Viewer::of(Actor::User(UserId::from_u128(79)))), 4);
        assert_eq!(opens(Viewer::house()), 12);
    });
}

#[test]
fn whoever_has_no_access_sees_a_stub_and_can_leave_a_message() {
    each(|world| {
        let case = world.registered(restricted(world, "Ekonomiskt bistånd"));
        let (id, number) = (case.id, case.number.clone());
        let other = Actor::User(world.other_guide);
        let (viewer, ctx) = (Viewer::of(other), world.ctx(other));
        let open = {
            let ctx = ctx.clone();
            world.db.write_blocking(move |s| open_case(s, &ctx, viewer, id))
        };
        assert!(matches!(open, Err(CasesError::Sealed)));
        let stub = {
            let ctx = ctx.clone();
            world.db.write_blocking(move |s| look_sealed(s, &ctx, viewer, id)).unwrap()
        };
        assert_eq!(
            (stub.number.clone(), stub.department.as_str()),
            (number.clone(), "Tekniska förvaltningen")
        );
        let by_number = world.read(move |s| sealed_by_number(s, viewer, &number)).unwrap();
        assert_eq!(by_number, Some(stub));
        // The message becomes a note and a task for those with access; for nobody else.
        let cmd = HandOver { case_id: id, text: "Har ringt igen".to_owned() };
        let handed = {
            let (ctx, cmd) = (ctx.clone(), cmd.clone());
            move || {
                let (ctx, cmd) = (ctx.clone(), cmd.clone());
                world.db.write_blocking(move |s| hand_over(s, &ctx, &cmd))
            }
        };
        assert_eq!(handed().unwrap(), handed().unwrap(), "sent twice is once");
        let tasks = |viewer| world.read(move |s| Ok(open_tasks(s, viewer, 50)?)).unwrap();
        assert!(tasks(viewer).is_empty());
        let own = tasks(world.viewer());
        assert_eq!((own.len(), own[0].kind), (1, TaskKind::ReadMessage));
        let note = world.page(&case).notes.pop().unwrap();
        assert_eq!((note.text.as_str(), note.public), ("Har ringt igen", false));
        // With a grant it is open, and without again sealed.
        world.grant(world.other_guide);
        assert_eq!(sight(world, viewer, id), Sight::Open);
        let revoke = world.ctx(Actor::System);
        let holder = world.other_guide.into_untyped_uuid();
        world.db.write_blocking(move |s| people::boards::commands::set(s, &revoke, holder, &[])).unwrap();
        assert_eq!(sight(world, viewer, id), Sight::Sealed);
    });
}

#[test]
fn a_strict_case_takes_no_message_and_shows_no_stub() {
    each(|world| {
        let cmd = RegisterCase { secrecy_class: Some(SecrecyClass::Strict), ..world.a_case() };
        let case = world.registered(cmd);
        world.grant(world.other_guide);
        let (id, number, other) = (case.id, case.number.clone(), Actor::User(world.other_guide));
        let (viewer, ctx) = (Viewer::of(other), world.ctx(other));
        let cmd = HandOver { case_id: id, text: "Har ringt igen".to_owned() };
        let handed = {
            let ctx = ctx.clone();
            world.db.write_blocking(move |s| hand_over(s, &ctx, &cmd))
        };
        assert!(matches!(handed, Err(CasesError::Secret)));
        let looked = world.db.write_blocking(move |s| look_sealed(s, &ctx, viewer, id));
        assert!(matches!(looked, Err(CasesError::Secret)));
        assert_eq!(world.read(move |s| sealed_by_number(s, viewer, &number)).unwrap(), None);
        // Whom it is given to is named in it.
        let to = crate::commands::Assignment { assignee_id: Some(world.other_guide), answer_group_id: None };
        world.by_guide(move |s, ctx, _| assign(s, ctx, id, to)).unwrap();
        assert_eq!(sight(world, viewer, id), Sight::Open);
    });
}
