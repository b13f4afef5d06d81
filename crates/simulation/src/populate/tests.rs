//! The town can be put in once or twice, on both engines, and has a past.

use super::*;
use crate::town::Stands;
use cases::PublicBase;
use knowledge::ArticleState;
use people::SigningKey;
use std::sync::Arc;
use storage::testing;
use vocabulary::{SeededChance, Timestamp, local_day};

fn context(now: &str) -> Context {
    Context::new(now.parse().unwrap(), Actor::System, Arc::new(SeededChance::new(4)))
}

const PASSWORD: &str = "fyren blinkar i natt";
const REALM: &str = "lots";

async fn case_settings(db: &Database, ctx: &Context) -> CaseSettings {
    let ctx = ctx.clone();
    CaseSettings::new(
        "http://localhost:8080".parse::<PublicBase>().unwrap(),
        db.write(move |s| SigningKey::obtain(s, &ctx)).await.unwrap(),
        "Vikhamns kommun".into(),
    )
}

/// The town and its past.
async fn settle(db: &Database, ctx: &Context, town: &Town, password: &str) {
    let cases = case_settings(db, ctx).await;
    populate(db, ctx, town, password, REALM).await.unwrap();
    remember(db, ctx, town, &cases, &OpeningHours::default()).await.unwrap();
}

/// What can be counted of what was put in.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    users: usize,
    officers: usize,
    case_types: usize,
    articles: usize,
    timeline: i64,
}

async fn counts(db: &Database) -> Counts {
    db.read(|s| {
        Ok::<_, PopulateError>(Counts {
            users: people::users::queries::all(s)?.len(),
            officers: people::directory::queries::officers(s)?.len(),
            case_types: cases::queries::case_types(s)?.len(),
            articles: knowledge::queries::articles(s)?.len(),
            timeline: storage::timeline::read_from(s, 0, 100_000)?.last().map_or(0, |last| last.seq),
        })
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn twice_is_the_same_as_once_on_both_engines() {
    let town = Town::vikhamn().unwrap();
    for db in testing::both() {
        let ctx = context("2026-11-03T12:00:00+01:00");
        settle(&db, &ctx, &town, PASSWORD).await;
        let once = counts(&db).await;
        assert_eq!((once.users, once.case_types), (town.users.len(), town.case_types.len()));
        let published = town.articles.iter().filter(|a| a.state == ArticleState::Published).count();
        assert_eq!((once.officers, once.articles), (town.officers.len(), published));
        settle(&db, &ctx, &town, PASSWORD).await;
        assert_eq!(counts(&db).await, once);
        // Another password is taken over by the telephones; nothing else changes.
        settle(&db, &ctx, &town, "månen lyser i natt").await;
        let telephones = i64::try_from(town.users.iter().filter(|u| u.home.is_some()).count()).unwrap();
        assert_eq!(counts(&db).await, Counts { timeline: once.timeline + telephones, ..once });
    }
}

#[tokio::test]
async fn the_past_has_contacts_cases_and_questions_nobody_has_answered() {
    let town = Town::vikhamn().unwrap();
    let db = testing::sqlite();
    let ctx = context("2026-11-03T12:00:00+01:00");
    settle(&db, &ctx, &town, PASSWORD).await;
    let now: Timestamp = ctx.now;
    let (guides, officers) = db
        .read(|s| {
            let officers = people::directory::queries::officers(s)?;
            Ok::<_, PopulateError>((people::users::queries::guides(s)?, officers))
        })
        .await
        .unwrap();
    for guide in guides {
        let unlogged = db.read(move |s| contacts::queries::unlogged_of(s, guide.id, 50)).await.unwrap();
        assert!(unlogged.is_empty(), "yesterday's contacts are logged");
    }
    let (mut waiting, mut oldest) = (0, now);
    for officer in officers {
        let open = db.read(move |s| cases::queries::waiting_of_officer(s, officer.id, 500)).await.unwrap();
        waiting += open.len();
        oldest = open.iter().map(|question| question.sent_at).fold(oldest, Timestamp::min);
    }
    assert!(waiting > 20, "{waiting} questions wait");
    let days = vocabulary::working_days_between(local_day(oldest), local_day(now));
    assert!(days >= 7, "the oldest question has waited {days} working days");
}

#[tokio::test]
async fn a_weak_demo_password_and_another_town_are_refused() {
    let town = Town::vikhamn().unwrap();
    let db = testing::sqlite();
    let ctx = context("2026-11-03T12:00:00+01:00");
    let refused = populate(&db, &ctx, &town, "kort", REALM).await.unwrap_err();
    assert!(matches!(refused, PopulateError::Password(PasswordFault::TooShort)));
    populate(&db, &ctx, &town, PASSWORD, REALM).await.unwrap();
    let other = Town { name: "Bergvik".into(), ..town };
    let refused = populate(&db, &ctx, &other, PASSWORD, REALM).await.unwrap_err();
    assert!(refused.to_string().contains("\"Vikhamn\" already"), "{refused}");
}

#[tokio::test]
async fn what_is_handed_over_holds_since_its_first_day_and_one_lies_with_the_department() {
    let town = Town::vikhamn().unwrap();
    let db = testing::sqlite();
    let ctx = context("2026-11-03T12:00:00+01:00");
    settle(&db, &ctx, &town, PASSWORD).await;
    for a in town.assignments {
        let (code, state) = (a.code.clone(), a.state);
        let loaded = db
            .read(move |s| {
                let assignment = assignments::queries::assignment_by_code(s, &a.code)?.unwrap();
                Ok::<_, PopulateError>(assignments::commands::load(s, assignment.id)?)
            })
            .await
            .unwrap();
        let version = loaded.versions.first().unwrap();
        assert!(version.basis.steps.len() >= 3 && !version.basis.rules.is_empty(), "{code}");
        let waits = matches!(state, Stands::Draft | Stands::Sent);
        assert_eq!(loaded.holding().is_none(), waits, "{code}");
        assert_eq!(version.sent_at.is_some(), state == Stands::Sent, "{code}");
        if !waits {
            assert!(version.in_force_at.is_some_and(|at| at < ctx.now), "{code}");
        }
    }
}

#[tokio::test]
async fn the_past_has_gaps_one_that_was_filled_and_a_storm() {
    let town = Town::vikhamn().unwrap();
    let db = testing::sqlite();
    let ctx = context("2026-11-03T12:00:00+01:00");
    settle(&db, &ctx, &town, PASSWORD).await;
    let now = ctx.now;
    let (gaps, periods) = db
        .read(move |s| {
            Ok::<_, PopulateError>((knowledge::asked::gaps::gaps(s, now)?, ::crisis::queries::periods(s)?))
        })
        .await
        .unwrap();
    for missed in ["hundskatt", "flyga drönare"] {
        let form = knowledge::asked::form_of(missed);
        assert!(
            gaps.iter().any(|gap| gap.form == form),
            "{missed}: {:?}",
            gaps.iter().map(|g| &g.form).collect::<Vec<_>>()
        );
    }
    assert!(gaps.iter().any(|gap| !gap.acts.is_empty()), "somebody has filled a gap");
    assert_eq!(periods.len(), town.crises.len());
    assert!(periods.iter().all(|period| period.ends_at.is_some_and(|ends| ends < now)));
}
