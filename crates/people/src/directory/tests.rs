use storage::testing::both;
use vocabulary::{Language, Role};

use super::commands::{
    create_answer_group, create_department, create_officer, set_officer_active, set_telephone, sip_password,
};
use super::{NewAnswerGroup, NewDepartment, NewOfficer, queries, sip_digests};
use crate::PeopleError;
use crate::testing::{at, monday, somebody};

#[test]
fn the_digests_are_those_of_the_standards() {
    // RFC 7616, 3.9.1 uses user "Mufasa", realm "http-auth@example.org", password "Circle of Life".
    let digests = sip_digests("Mufasa", "http-auth@example.org", "Circle of Life");
    assert_eq!(digests.ha1_md5, "3d78807defe7de2157e2b0b6573a855f");
    assert_eq!(digests.ha1_sha256, "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
}

#[test]
fn a_call_goes_to_the_group_dialled_else_to_the_one_without_a_number() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let group = |code: &str, dialled: Option<&str>| NewAnswerGroup {
                code: code.to_owned(),
                name: code.to_owned(),
                dialled: dialled.map(str::to_owned),
            };
            assert_eq!(queries::answer_group_for(s, "0420100")?, None);
            let bygg = create_answer_group(s, &ctx, &group("bygg", Some("0420100")))?;
            assert_eq!(queries::answer_group_for(s, "0420999")?, None);
            let all = create_answer_group(s, &ctx, &group("alla", None))?;
            assert_eq!(queries::answer_group_for(s, "0420100")?, Some(bygg.clone()));
            assert_eq!(queries::answer_group_for(s, "0420999")?, Some(all.clone()));
            for again in [
                group("bygg", Some("1")),
                group("ny", Some("0420100")),
                group("ny", None),
                group("ny", Some(" ")),
            ] {
                let refused = create_answer_group(s, &ctx, &again);
                assert!(matches!(refused, Err(PeopleError::Taken { .. })), "{refused:?}");
            }
            assert_eq!(queries::answer_groups(s)?, [all, bygg]);
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn officers_belong_to_a_department_and_are_reached_at_one_address() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let department = NewDepartment {
                code: "SAM".to_owned(),
                name: "Samhällsbyggnad".to_owned(),
                board: "Byggnadsnämnden".to_owned(),
                escalation_email: "chef@vikhamn.example".to_owned(),
            };
            let sam = create_department(s, &ctx, &department)?;
            assert!(matches!(create_department(s, &ctx, &department), Err(PeopleError::Taken { .. })));
            let officer = NewOfficer {
                department: sam.id,
                name: "Åke Öst".to_owned(),
                title: "Bygglovshandläggare".to_owned(),
                email: "Ake.Ost@vikhamn.example".to_owned(),
                telephone: Some("042-10 00 01".to_owned()),
                language: Language::Swedish,
            };
            let ake = create_officer(s, &ctx, &officer)?;
            assert_eq!(ake.telephone.as_deref(), Some("+4642100001"));
            assert_eq!(queries::officer(s, ake.id)?.as_ref(), Some(&ake));
            assert!(matches!(create_officer(s, &ctx, &officer), Err(PeopleError::Taken { .. })));
            let nowhere = NewOfficer { department: ctx.next_id(), email: "a@b.se".to_owned(), ..officer };
            assert!(matches!(create_officer(s, &ctx, &nowhere), Err(PeopleError::NotFound { .. })));
            set_officer_active(s, &ctx, ake.id, false)?;
            assert_eq!((queries::officers(s)?, queries::officers_of(s, sam.id)?), (vec![], vec![]));
            assert_eq!(queries::officer(s, ake.id)?.map(|o| o.active), Some(false));
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_telephone_is_one_users_and_dies_with_the_account() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let anna = crate::users::commands::create(s, &ctx, &somebody("anna", Role::Guide))?.id;
            let bo = crate::users::commands::create(s, &ctx, &somebody("bo", Role::Guide))?.id;
            let password = sip_password(&ctx);
            let first = set_telephone(s, &ctx, anna, "Anna", "lots", &password)?;
            assert_eq!(first.digests, sip_digests("anna", "lots", &password));
            assert_eq!(queries::telephone_by_sip_user(s, "anna")?.as_ref(), Some(&first));
            assert!(matches!(
                set_telephone(s, &ctx, bo, "anna", "lots", &password),
                Err(PeopleError::Taken { .. })
            ));
            assert!(matches!(
                set_telephone(s, &ctx, bo, "bo", "lots", "hemligt"),
                Err(PeopleError::Password(_))
            ));
            let second = set_telephone(s, &ctx, anna, "anna2", "lots", &password)?;
            assert_eq!(second.id, first.id);
            assert_eq!(queries::telephone_by_sip_user(s, "anna")?, None);
            crate::users::commands::set_active(s, &ctx, anna, false)?;
            assert_eq!(queries::telephone_by_sip_user(s, "anna2")?, None);
            // The name is still hers: she may come back.
            let taken = set_telephone(s, &ctx, bo, "anna2", "lots", &password);
            assert!(matches!(taken, Err(PeopleError::Taken { .. })), "{taken:?}");
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}
