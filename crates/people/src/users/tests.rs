use storage::testing::both;
use vocabulary::{Language, Role};

use super::commands::{create, set_active, set_groups, set_password, set_role};
use super::{GroupLevel, queries};
use crate::PeopleError;
use crate::directory::{NewAnswerGroup, commands::create_answer_group};
use crate::testing::{at, hash, monday, somebody};

#[test]
fn every_statement_is_understood_by_both_engines() {
    for db in both() {
        assert_eq!(storage::testing::prepare_every_statement(&db), []);
    }
}

#[test]
fn a_user_is_created_once_whatever_the_case() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let anna = create(s, &ctx, &somebody(" Anna.Berg ", Role::Guide))?;
            assert_eq!(anna.sign_in, "anna.berg");
            assert_eq!(queries::by_sign_in(s, "anna.berg")?.as_ref(), Some(&anna));
            assert_eq!(queries::by_id(s, anna.id)?.as_ref(), Some(&anna));
            let again = create(s, &ctx, &somebody("ANNA.BERG", Role::Coach));
            assert!(matches!(again, Err(PeopleError::Taken { .. })), "{again:?}");
            let blank = create(s, &ctx, &somebody("  ", Role::Coach));
            assert!(matches!(blank, Err(PeopleError::Text(_))), "{blank:?}");
            // Guides and traffic leaders sit in the queue; a coach does not.
            create(s, &ctx, &somebody("coach", Role::Coach))?;
            create(s, &ctx, &somebody("leader", Role::TrafficLeader))?;
            assert_eq!(queries::guides(s)?.len(), 2);
            assert_eq!(queries::all(s)?.len(), 3);
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn the_last_administrator_stays() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let first = create(s, &ctx, &somebody("first", Role::Administrator))?;
            for refused in [set_active(s, &ctx, first.id, false), set_role(s, &ctx, first.id, Role::Guide)] {
                assert!(matches!(refused, Err(PeopleError::LastAdministrator)), "{refused:?}");
            }
            let second = create(s, &ctx, &somebody("second", Role::Administrator))?;
            set_role(s, &ctx, first.id, Role::Guide)?;
            assert!(matches!(set_active(s, &ctx, second.id, false), Err(PeopleError::LastAdministrator)));
            // A guide may go.
            set_active(s, &ctx, first.id, false)?;
            assert_eq!(queries::by_id(s, first.id)?.map(|u| (u.active, u.role)), Some((false, Role::Guide)));
            assert!(queries::credentials(s, "first")?.is_none());
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn groups_are_replaced_and_bounded() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let anna = create(s, &ctx, &somebody("anna", Role::Guide))?.id;
            let mut groups = Vec::new();
            for (code, dialled) in [("bygg", Some("0420100")), ("skola", None)] {
                let cmd = NewAnswerGroup {
                    code: code.to_owned(),
                    name: code.to_owned(),
                    dialled: dialled.map(str::to_owned),
                };
                groups.push(create_answer_group(s, &ctx, &cmd)?.id);
            }
            let skills =
                [GroupLevel { group: groups[1], level: 2 }, GroupLevel { group: groups[0], level: 1 }];
            set_groups(s, &ctx, anna, &skills)?;
            assert_eq!(crate::queries::skills(s, anna)?, [(groups[0], 1), (groups[1], 2)]);
            set_groups(s, &ctx, anna, &skills[..1])?;
            assert_eq!(queries::groups(s, anna)?, &skills[..1]);
            for level in [0, 10] {
                let refused = set_groups(s, &ctx, anna, &[GroupLevel { group: groups[0], level }]);
                assert!(matches!(refused, Err(PeopleError::TooMany { .. })), "{refused:?}");
            }
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn what_is_done_to_nobody_is_refused() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let nobody = ctx.next_id();
            for refused in [
                set_active(s, &ctx, nobody, false),
                set_role(s, &ctx, nobody, Role::Coach),
                set_groups(s, &ctx, nobody, &[]),
                set_password(s, &ctx, nobody, &hash(), None),
                super::commands::change_account(s, &ctx, nobody, "Anna", Language::English),
            ] {
                assert!(matches!(refused, Err(PeopleError::NotFound { .. })), "{refused:?}");
            }
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}
