use proptest::prelude::*;
use quality::ScoreSummary;
use std::collections::BTreeSet;
use storage::jobs::JobError;
use storage::testing::both;
use storage::{Session, StorageError, params, sql};
use vocabulary::{Parameter, ResponseId, local_day};

use super::{at, centre, handled, monday, number, rules};
use crate::commands::{invite_after, record_answers};
use crate::conduct::{Asked, conduct};
use crate::model::{Answer, AnswerSheet, InvitationState, SIX_PARAMETERS};
use crate::{MEAN_ANSWERS_MIN, SurveysError, queries};

fn sheet() -> AnswerSheet {
    AnswerSheet { questionnaire: SIX_PARAMETERS, group: None }
}

fn all(score: u8) -> Vec<Answer> {
    SIX_PARAMETERS.questions.iter().map(|parameter| Answer { parameter: *parameter, score }).collect()
}

/// The responses as they lie: SQLite's own order of rows, or PostgreSQL's.
fn as_they_lie(s: &mut Session<'_>) -> Result<Vec<ResponseId>, StorageError> {
    s.rows(sql!("SELECT id FROM survey_responses"), params![], |r| r.get(0))
}

#[tokio::test]
async fn a_survey_is_conducted_from_invitation_to_answers() {
    for db in both() {
        let invitation = db
            .write(|s| {
                let c = centre(s);
                let contact = handled(s, c, 0, Some(&number(1)), 0);
                invite_after(s, &at(0), &rules(), contact)
            })
            .await
            .unwrap()
            .unwrap();
        let ask = |plan: crate::CallPlan| async move {
            assert_eq!(plan.number, number(1));
            Asked::Answered(
                plan.questionnaire.questions.iter().map(|p| Answer { parameter: *p, score: 4 }).collect(),
            )
        };
        // At night nobody is rung up.
        let late =
            conduct(&db, || at(12 * 60), &rules(), invitation, |_| async { panic!("rung up at night") })
                .await;
        assert!(matches!(late, Err(JobError::Later(_))), "{late:?}");
        conduct(&db, || at(5), &rules(), invitation, ask).await.unwrap();
        // The job doubled: nobody is rung up again.
        conduct(&db, || at(6), &rules(), invitation, |_| async { panic!("rung up twice") }).await.unwrap();
        db.read(move |s| {
            let day = local_day(monday());
            let means = queries::means(s, day, day)?;
            assert_eq!(means.len(), 1);
            assert!(means[0].parameters.iter().all(|p| p.n == 1));
            assert_eq!(queries::invitation(s, invitation)?.unwrap().state, InvitationState::Done);
            let rate = queries::response_rate(s, day, day)?;
            assert_eq!((rate.invited, rate.responses, rate.share().map(|s| s.share)), (1, 1, Some(1.0)));
            Ok::<_, StorageError>(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn how_a_call_went_is_not_written_by_name() {
    for db in both() {
        let invitations = db
            .write(|s| {
                let c = centre(s);
                let mut invitations = Vec::new();
                for n in 0..4_u32 {
                    let contact = handled(s, c, i64::from(n), Some(&number(n)), 0);
                    invitations.push(invite_after(s, &at(i64::from(n)), &rules(), contact)?.unwrap());
                }
                Ok::<_, SurveysError>(invitations)
            })
            .await
            .unwrap();
        let outcomes = [
            Asked::Unreached,
            Asked::Answered(vec![]),
            Asked::Answered(all(3)[..2].to_vec()),
            Asked::Answered(all(5)),
        ];
        for (invitation, outcome) in invitations.iter().zip(outcomes) {
            conduct(&db, || at(10), &rules(), *invitation, |_| async { outcome }).await.unwrap();
        }
        db.read(move |s| {
            use vocabulary::GenericUuid as _;
            // Whatever came of it, the invitations and what is written about them look the same.
            let mut traces = BTreeSet::new();
            for invitation in &invitations {
                let stored = queries::invitation(s, *invitation)?.unwrap();
                let entries = storage::timeline::of_subject(s, invitation.into_untyped_uuid(), 10)?;
                let trace: Vec<_> = entries.into_iter().map(|e| (e.announcement.kind, e.detail)).collect();
                traces.insert(format!("{:?} {trace:?}", stored.state));
            }
            assert_eq!(traces.len(), 1, "{traces:?}");
            // And nothing is written about the responses.
            assert_eq!(as_they_lie(s)?.len(), 2);
            for response in as_they_lie(s)? {
                assert_eq!(response.get_version_num(), 4);
                assert_eq!(storage::timeline::of_subject(s, response.into_untyped_uuid(), 10)?, []);
            }
            Ok::<_, StorageError>(())
        })
        .await
        .unwrap();
    }
}

#[test]
fn the_order_of_rows_tells_nothing_of_the_order_of_calls() {
    for db in both() {
        for n in 0..12_i64 {
            db.write_blocking(move |s| record_answers(s, &at(n), &sheet(), &all(3))).unwrap();
            let lie = db.read_blocking(as_they_lie).unwrap();
            let mut sorted = lie.clone();
            sorted.sort();
            assert_eq!(lie, sorted, "after {n}");
        }
        let answers: Vec<(ResponseId, Parameter)> = db
            .read_blocking(|s| {
                s.rows(sql!("SELECT response_id, parameter FROM survey_answers"), params![], |r| {
                    Ok((r.get(0)?, r.get(1)?))
                })
            })
            .unwrap();
        assert_eq!(answers.len(), 72);
        assert!(answers.windows(2).all(|two| two[0].0 <= two[1].0));
        // Yesterday's are left as they were.
        db.write_blocking(|s| record_answers(s, &at(24 * 60), &sheet(), &all(1))).unwrap();
        assert_eq!(db.read_blocking(as_they_lie).unwrap().len(), 13);
    }
}

/// `cargo test -p surveys -- --ignored --nocapture busy`: a response on a day with a thousand others.
#[test]
#[ignore = "fills a day with a thousand responses on both engines"]
fn a_response_on_a_busy_day_is_written_quickly() {
    for db in both() {
        db.write_blocking(|s| {
            for _ in 0..1_000 {
                let (ctx, sheet) = (at(0), sheet());
                let id = vocabulary::NewId::untimed(&*ctx.chance);
                queries::insert_response(s, id, local_day(ctx.now), &sheet, &all(3))?;
            }
            Ok::<_, SurveysError>(())
        })
        .unwrap();
        let began = std::time::Instant::now();
        db.write_blocking(|s| record_answers(s, &at(0), &sheet(), &all(3))).unwrap();
        let took = began.elapsed();
        println!("{:?}: {took:?}", db.engine());
        assert!(took.as_millis() < 500, "{took:?}");
    }
}

#[tokio::test]
async fn the_group_is_left_out_while_few_of_it_have_been_asked() {
    for db in both() {
        for n in 0..7_u32 {
            let invitation = db
                .write(move |s| {
                    let c = match people::queries::answer_groups(s)?.as_slice() {
                        [bygg, skola] => super::Centre {
                            groups: [bygg.id, skola.id],
                            anna: people::users::queries::by_sign_in(s, "anna")?.unwrap().id,
                        },
                        _ => centre(s),
                    };
                    let contact = handled(s, c, i64::from(n), Some(&number(n)), 0);
                    invite_after(s, &at(i64::from(n)), &rules(), contact)
                })
                .await
                .unwrap()
                .unwrap();
            conduct(&db, || at(30), &rules(), invitation, |_| async { Asked::Answered(all(4)) })
                .await
                .unwrap();
        }
        let day = local_day(monday());
        let means = db.read(move |s| queries::means(s, day, day)).await.unwrap();
        let counts: Vec<_> = means.iter().map(|g| (g.group.is_some(), g.parameters[0].n)).collect();
        // All seven together; of the group, the fifth, sixth and seventh.
        assert_eq!(counts, [(false, 7), (true, 3)]);
    }
}

#[test]
fn answers_off_the_scale_or_not_asked_for_are_refused_whole() {
    for db in both() {
        let engagement = |score| Answer { parameter: Parameter::Engagement, score };
        for bad in [vec![engagement(0)], vec![engagement(6)], vec![engagement(3), engagement(4)]] {
            let refused = db.write_blocking(move |s| record_answers(s, &at(0), &sheet(), &bad));
            assert!(
                matches!(refused, Err(SurveysError::Score { .. } | SurveysError::Question { .. })),
                "{refused:?}"
            );
        }
        db.write_blocking(|s| record_answers(s, &at(0), &sheet(), &[])).unwrap();
        assert_eq!(db.read_blocking(as_they_lie).unwrap(), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What is counted is what was answered, however the answers fall on days.
    #[test]
    fn means_count_what_was_answered(given in prop::collection::vec((0..3_i64, prop::collection::vec(1_u8..=5, 0..=6)), 0..12)) {
        let db = storage::testing::sqlite();
        db.write_blocking(move |s| {
            let mut expected = [[0_u64; 5]; 6];
            for (day, scores) in &given {
                let answers: Vec<Answer> = SIX_PARAMETERS
                    .questions
                    .iter()
                    .zip(scores)
                    .map(|(parameter, score)| Answer { parameter: *parameter, score: *score })
                    .collect();
                record_answers(s, &at(day * 24 * 60), &sheet(), &answers)?;
                if *day > 0 {
                    for (question, score) in scores.iter().enumerate() {
                        expected[question][usize::from(*score) - 1] += 1;
                    }
                }
            }
            let from = local_day(at(24 * 60).now);
            let means = queries::means(s, from, local_day(at(2 * 24 * 60).now))?;
            for (mean, counts) in means[0].parameters.iter().zip(expected) {
                assert_eq!(mean.answers, ScoreSummary::from(counts));
                assert_eq!(mean.n, counts.iter().sum::<u64>());
                assert_eq!(mean.figure.is_some(), mean.n >= MEAN_ANSWERS_MIN);
            }
            Ok::<_, SurveysError>(())
        })
        .unwrap();
    }
}
