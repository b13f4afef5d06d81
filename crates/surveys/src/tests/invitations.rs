use proptest::prelude::*;
use routing::CallEnding;
use storage::testing::both;
use vocabulary::{SignedDuration, Timestamp};

use super::{at, centre, ended, handled, monday, number, rules};
use crate::commands::{Begin, begin_call, close, decide, invite_after};
use crate::model::{Facts, InvitationState, NotInvited, SURVEY_CALL, SurveyRules, may_invite};
use crate::{SurveysError, queries};
use contacts::Ending;
use people::residents::{ChangeResident, change, queries as residents};

#[test]
fn who_has_talked_with_a_guide_is_invited_once() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let contact = handled(s, c, 0, Some(&number(1)), 0);
            let invitation = invite_after(s, &at(1), &rules(), contact)?.expect("is asked");
            assert_eq!(decide(s, &at(1), &rules(), contact)?, Err(NotInvited::Already));
            let stored = queries::invitation(s, invitation)?.unwrap();
            assert_eq!((stored.contact, stored.state), (contact, InvitationState::Waiting));
            assert_eq!(storage::jobs::figures(s, SURVEY_CALL)?.waiting, 1);
            assert_eq!(invite_after(s, &at(1), &rules(), at(1).next_id())?, None);
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn who_is_not_asked_and_why() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let withheld = handled(s, c, 0, None, 0);
            assert_eq!(decide(s, &at(1), &rules(), withheld)?, Err(NotInvited::NoNumber));
            for (n, ending) in [
                CallEnding::Abandoned,
                CallEnding::AbandonedInPrompt,
                CallEnding::ToSwitchboard,
                CallEnding::Failed,
            ]
            .iter()
            .enumerate()
            {
                let contact = ended(s, c, 2 + i64::try_from(n).unwrap(), Some(&number(9)), 0, *ending);
                assert_eq!(decide(s, &at(9), &rules(), contact)?, Err(NotInvited::NotHandled));
            }
            let nobody = SurveyRules { share: 0.0, ..rules() };
            let contact = handled(s, c, 10, Some(&number(1)), 0);
            assert_eq!(decide(s, &at(11), &nobody, contact)?, Err(NotInvited::NotSampled));
            let set = |s: &mut storage::Session<'_>, n, cmd: ChangeResident| {
                let id = residents::by_telephone(s, &number(n)).unwrap().unwrap().id;
                change(s, &at(12), id, &cmd).unwrap();
            };
            set(s, 1, ChangeResident { survey_opt_out: Some(true), ..ChangeResident::default() });
            assert_eq!(decide(s, &at(13), &rules(), contact)?, Err(NotInvited::OptedOut));
            let contact = handled(s, c, 14, Some(&number(2)), 0);
            set(s, 2, ChangeResident { protected: Some(true), ..ChangeResident::default() });
            assert_eq!(decide(s, &at(15), &rules(), contact)?, Err(NotInvited::Protected));
            assert_eq!(
                queries::response_rate(
                    s,
                    at(0).now.to_zoned(vocabulary::time_zone()).date(),
                    at(0).now.to_zoned(vocabulary::time_zone()).date()
                )?
                .invited,
                0
            );
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_resident_is_left_in_peace_for_the_quarantine() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let day = 24 * 60;
            let first = handled(s, c, 0, Some(&number(1)), 0);
            decide(s, &at(0), &rules(), first)?.expect("is asked");
            let soon = handled(s, c, 89 * day, Some(&number(1)), 1);
            assert_eq!(decide(s, &at(89 * day), &rules(), soon)?, Err(NotInvited::InQuarantine));
            let later = handled(s, c, 90 * day, Some(&number(1)), 1);
            assert!(decide(s, &at(90 * day), &rules(), later)?.is_ok());
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_guide_cannot_steer_who_is_asked_by_saying_whose_the_call_was() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let contact = handled(s, c, 0, Some(&number(1)), 0);
            handled(s, c, 1, Some(&number(2)), 0);
            let other = residents::by_telephone(s, &number(2))?.unwrap().id;
            let no = ChangeResident { survey_opt_out: Some(true), ..ChangeResident::default() };
            change(s, &at(2), other, &no).unwrap();
            contacts::commands::set_resident(s, &at(2), contact, other).unwrap();
            let invitation = decide(s, &at(3), &rules(), contact)?.expect("is asked all the same");
            let asked = queries::invitation(s, invitation)?.unwrap().resident;
            assert_eq!(Some(asked), residents::by_telephone(s, &number(1))?.map(|r| r.id));
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn chance_takes_about_its_share() {
    let db = storage::testing::sqlite();
    db.write_blocking(|s| {
        let c = centre(s);
        let third = SurveyRules { share: 1.0 / 3.0, ..rules() };
        let mut asked = 0;
        for n in 0..300_u32 {
            let contact = handled(s, c, i64::from(n), Some(&number(n)), 0);
            asked += u32::from(invite_after(s, &at(i64::from(n)), &third, contact)?.is_some());
        }
        // 100 expected, standard deviation 8.2.
        assert!((70..130).contains(&asked), "{asked}");
        Ok::<_, SurveysError>(())
    })
    .unwrap();
}

#[test]
fn nobody_is_rung_up_at_night_nor_twice() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let contact = handled(s, c, 0, Some(&number(1)), 0);
            let id = invite_after(s, &at(0), &rules(), contact)?.expect("is asked");
            let night = at(12 * 60);
            let morning: Timestamp = "2026-11-03T08:00:00Z".parse().unwrap();
            assert_eq!(begin_call(s, &night, &rules(), id)?, Begin::Later(morning));
            let Begin::Call(plan) = begin_call(s, &at(5), &rules(), id)? else { panic!("is rung up") };
            assert_eq!(plan.number, number(1));
            assert_eq!(plan.questionnaire.questions.len(), 6);
            // The job again, after a crash in the call.
            assert_eq!(begin_call(s, &at(6), &rules(), id)?, Begin::Over);
            assert_eq!(queries::invitation(s, id)?.unwrap().state, InvitationState::Done);
            close(s, &at(7), id)?;
            assert_eq!(begin_call(s, &at(8), &rules(), id)?, Begin::Over);
            let nobody = begin_call(s, &at(8), &rules(), at(8).next_id());
            assert!(matches!(nobody, Err(SurveysError::NotFound { .. })), "{nobody:?}");
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn who_says_no_in_the_meantime_is_not_rung_up() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            for (n, no) in [
                (1, ChangeResident { survey_opt_out: Some(true), ..ChangeResident::default() }),
                (2, ChangeResident { protected: Some(true), ..ChangeResident::default() }),
            ] {
                let contact = handled(s, c, n, Some(&number(1)), 0);
                let calm = SurveyRules { quarantine_days: 0, ..rules() };
                let resident = residents::by_telephone(s, &number(1))?.unwrap().id;
                let id = invite_after(s, &at(n), &calm, contact)?.expect("is asked");
                change(s, &at(n), resident, &no).unwrap();
                assert_eq!(begin_call(s, &at(n), &calm, id)?, Begin::Over);
                if no.survey_opt_out.is_some() {
                    let yes = ChangeResident { survey_opt_out: Some(false), ..ChangeResident::default() };
                    change(s, &at(n), resident, &yes).unwrap();
                }
            }
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}

#[test]
fn rules_that_cannot_be_followed_are_refused_by_their_key() {
    assert_eq!(SurveyRules::default().check(), Ok(()));
    for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let refused = SurveyRules { share, ..SurveyRules::default() }.check().unwrap_err();
        assert_eq!(refused.to_string(), "surveys.share: a number from 0 to 1");
    }
    let default = SurveyRules::default();
    let refused = SurveyRules { earliest: default.latest, ..default }.check().unwrap_err();
    assert_eq!(refused.key, "earliest");
    assert_eq!(serde_json::from_str::<SurveyRules>(r#"{"share":0.5}"#).unwrap().quarantine_days, 90);
    assert!(serde_json::from_str::<SurveyRules>(r#"{"shares":0.5}"#).is_err());
}

fn facts() -> impl Strategy<Value = Facts> {
    (
        prop::option::of(prop::sample::select(Ending::ALL)),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop::option::of(0..200_i64),
    )
        .prop_map(|(ending, has_number, protected, opted_out, days)| Facts {
            ending,
            has_number,
            protected,
            opted_out,
            last_invited_at: days.map(|days| monday() - SignedDuration::from_hours(24 * days)),
        })
}

proptest! {
    #[test]
    fn only_who_passes_every_rule_is_asked(facts in facts(), quarantine_days in 0_u16..200) {
        let rules = SurveyRules { quarantine_days, ..SurveyRules::default() };
        let rested = facts.last_invited_at.is_none_or(|last| last + rules.quarantine() <= monday());
        let all = facts.ending == Some(Ending::Handled) && facts.has_number && !facts.protected && !facts.opted_out && rested;
        prop_assert_eq!(may_invite(&rules, &facts, monday()).is_ok(), all);
    }
}
