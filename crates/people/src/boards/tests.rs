use storage::testing::both;
use vocabulary::{Actor, Context, GenericUuid as _, Role, SecrecyClass, UserId};

use super::{Sight, commands, queries, sight};
use crate::PeopleError;
use crate::directory::{NewDepartment, commands::create_department};
use crate::testing::{at, monday, somebody};
use crate::users::commands::create;

fn department(code: &str, board: &str) -> NewDepartment {
    NewDepartment {
        code: code.to_owned(),
        name: code.to_owned(),
        board: board.to_owned(),
        escalation_email: "x@vikhamn.example".to_owned(),
    }
}

#[test]
fn grants_are_given_and_taken_back_each_written_down_once() {
    for db in both() {
        db.write_blocking(|s| {
            let manager = UserId::from_u128(9);
            let ctx = Context { actor: Actor::User(manager), ..at(monday()) };
            create_department(s, &ctx, &department("tek", "Tekniska nämnden"))?;
            create_department(s, &ctx, &department("soc", "Socialnämnden"))?;
            assert_eq!(queries::boards(s)?, ["Socialnämnden", "Tekniska nämnden"]);
            let anna = create(s, &ctx, &somebody("anna", Role::Guide))?.id.into_untyped_uuid();
            let both = ["Socialnämnden".to_owned(), "Tekniska nämnden".to_owned()];
            assert_eq!(commands::set(s, &ctx, anna, &both)?.boards, both);
            commands::set(s, &ctx, anna, &both)?;
            assert!(queries::granted(s, anna, "Socialnämnden")?);
            assert_eq!(commands::set(s, &ctx, anna, &both[1..])?.boards, both[1..]);
            assert!(!queries::granted(s, anna, "Socialnämnden")?);
            let changes = queries::changes(s, 10)?;
            let told: Vec<_> = changes.iter().map(|c| (c.board.as_str(), c.granted)).collect();
            assert_eq!(
                told,
                [("Socialnämnden", false), ("Tekniska nämnden", true), ("Socialnämnden", true)],
                "newest first, nothing twice"
            );
            assert!(changes.iter().all(|c| c.by == Some(manager.into_untyped_uuid()) && c.holder_id == anna));
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn who_opens_no_cases_holds_no_grants_and_nobody_holds_one_for_no_board() {
    for db in both() {
        db.write_blocking(|s| {
            let ctx = at(monday());
            create_department(s, &ctx, &department("tek", "Tekniska nämnden"))?;
            let key = crate::access::create_api_key(s, &ctx, "karta", Role::Guide)?.key.id;
            let admin = create(s, &ctx, &somebody("admin", Role::Administrator))?.id;
            let coach = create(s, &ctx, &somebody("coach", Role::Coach))?.id;
            let boards = ["Tekniska nämnden".to_owned()];
            for id in [admin, coach, UserId::from_u128(1)] {
                let refused = commands::set(s, &ctx, id.into_untyped_uuid(), &boards);
                assert!(matches!(refused, Err(PeopleError::NotFound { .. })), "{refused:?}");
            }
            let key = key.into_untyped_uuid();
            assert_eq!(commands::set(s, &ctx, key, &boards)?.boards, boards);
            let unknown = commands::set(s, &ctx, key, &["Kyrkorådet".to_owned()]);
            assert!(matches!(unknown, Err(PeopleError::NotFound { what: "board" })));
            let holders = queries::holders(s)?;
            assert_eq!(holders.len(), 1);
            assert!(holders[0].key && holders[0].boards == boards);
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_grant_opens_what_is_restricted_and_a_name_what_is_strict() {
    use SecrecyClass::{Open, Restricted, Strict};
    let table = [
        (Open, false, false, Sight::Open),
        (Restricted, false, false, Sight::Sealed),
        (Restricted, false, true, Sight::Open),
        (Restricted, true, false, Sight::Open),
        (Strict, false, false, Sight::Hidden),
        (Strict, false, true, Sight::Hidden),
        (Strict, true, false, Sight::Open),
    ];
    for (class, named, granted, seen) in table {
        assert_eq!(sight(class, named, granted), seen, "{class}, named {named}, granted {granted}");
    }
}
