//! Searches, gaps and synonyms in the store, on both engines.

use super::gaps::{Gap, GapState, gap, gaps};
use super::helped::helped;
use super::queries::{asked_now, synonyms};
use super::{Act, GapKind, Place, Searched, SynonymDraft, SynonymFault, commands, jobs};
use crate::model::Content;
use crate::{ArticleDraft, ArticleState, KnowledgeError, Wording};
use people::password::{PasswordHash, hash_new};
use proptest::prelude::*;
use std::sync::{Arc, OnceLock};
use storage::{Session, StorageError, params, sql, testing};
use vocabulary::{
    Actor, ArticleId, Context, GapId, NewId as _, SearchId, SeededChance, SignedDuration, Timestamp,
};

fn context(now: &str) -> Context {
    Context::new(now.parse().unwrap(), Actor::System, Arc::new(SeededChance::new(7)))
}

fn later(ctx: &Context, hours: i64) -> Context {
    Context::new(ctx.now + SignedDuration::from_hours(hours), ctx.actor, Arc::clone(&ctx.chance))
}

fn search(query: &str, shown: &[ArticleId]) -> Searched {
    Searched { place: Place::Public, query: query.into(), shown: shown.to_vec(), share: 1.0, before: None }
}

fn missed(s: &mut Session<'_>, ctx: &Context, query: &str, times: usize) -> SearchId {
    let mut id = SearchId::untimed(&*ctx.chance);
    for _ in 0..times {
        id = commands::searched(s, ctx, &search(query, &[])).unwrap();
    }
    id
}

fn an_article(s: &mut Session<'_>, ctx: &Context, slug: &str) -> ArticleId {
    let owner = people::users::queries::all(s).unwrap().first().map(|user| user.id);
    let wording = Wording { title: slug.into(), answer: "Så är det.".into(), body: String::new() };
    let content = Content {
        internal: Some(wording),
        owner,
        review_day: Some(vocabulary::civil::date(2027, 6, 1)),
        ..Content::default()
    };
    let draft = ArticleDraft { slug: slug.into(), content };
    let state = if owner.is_some() { ArticleState::Published } else { ArticleState::Draft };
    crate::commands::import_article(s, ctx, &draft, state).unwrap()
}

fn only(s: &mut Session<'_>, ctx: &Context) -> Gap {
    let mut all = gaps(s, ctx.now).unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Every text of the three tables that hold what people typed.
fn all_kept(s: &mut Session<'_>) -> Vec<String> {
    let mut kept = Vec::new();
    for statement in [
        sql!("SELECT query || '|' || form FROM searches"),
        sql!("SELECT form || '|' || question FROM search_gaps"),
        sql!("SELECT form FROM search_counts"),
        sql!("SELECT kind || '|' || subject_kind || '|' || COALESCE(detail, '') FROM timeline"),
    ] {
        kept.extend(s.rows(statement, params![], |r| r.get::<String>(0)).unwrap());
    }
    kept
}

#[tokio::test]
async fn a_search_is_kept_masked_and_tied_to_nobody() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:47:11Z");
        db.write(move |s| -> Result<(), StorageError> {
            let id = commands::searched(s, &ctx, &search("Förskola för Anna Andersson 19850101-1234", &[]))
                .unwrap();
            let row =
                s.the_row(sql!("SELECT id, query, form, searched_at, hits FROM searches"), params![], |r| {
                    Ok((
                        r.get::<SearchId>(0)?,
                        r.get::<String>(1)?,
                        r.get::<String>(2)?,
                        r.get::<Timestamp>(3)?,
                        r.get::<u32>(4)?,
                    ))
                })?;
            assert_eq!(row.0, id);
            assert_eq!(row.1, "Förskola för «namn» «personnummer»");
            assert_eq!(row.2, "förskol");
            assert_eq!(row.3.to_string(), "2026-11-03T08:00:00Z", "the hour, no more");
            assert_eq!(row.4, 0);
            let entries: u64 = s.the_row(sql!("SELECT COUNT(*) FROM timeline"), params![], |r| r.get(0))?;
            assert_eq!(entries, 0, "the timeline would say who searched");
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_query_that_grows_is_one_search_and_what_comes_of_it_is_kept() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:10:00Z");
        db.write(move |s| -> Result<(), StorageError> {
            testing_user(s);
            let article = an_article(s, &ctx, "bygglov");
            let first = commands::searched(s, &ctx, &search("byg", &[])).unwrap();
            let grown = Searched { before: Some(first), ..search("bygglov altan", &[article]) };
            assert_eq!(commands::searched(s, &ctx, &grown).unwrap(), first);
            let count = |s: &mut Session<'_>| {
                s.the_row(sql!("SELECT COUNT(*) FROM searches"), params![], |r| r.get::<u64>(0))
            };
            assert_eq!(count(s)?, 1);
            commands::clicked(s, &ctx, first, article)?;
            // The same again is the same; something else is another search.
            assert_eq!(commands::searched(s, &ctx, &grown).unwrap(), first);
            let other = Searched { before: Some(first), ..search("parkering", &[]) };
            let second = commands::searched(s, &ctx, &other).unwrap();
            assert_ne!(second, first);
            assert_eq!(count(s)?, 2);
            assert_eq!(asked_now(s, ctx.now)?, [(article, 1_000)]);
            assert_eq!(asked_now(s, later(&ctx, 2).now)?, [(article, 250)]);
            assert_eq!(asked_now(s, later(&ctx, 8).now)?, []);
            // Ids that lead nowhere, articles that are not there, and what holds no word.
            commands::clicked(s, &ctx, SearchId::untimed(&*ctx.chance), article)?;
            commands::clicked(s, &ctx, second, ArticleId::untimed(&*ctx.chance))?;
            commands::became_contact(s, &ctx, SearchId::untimed(&*ctx.chance), None)?;
            commands::searched(s, &ctx, &search(" ?! ", &[])).unwrap();
            assert_eq!(count(s)?, 2);
            // A day later nothing more can come of a search.
            commands::became_contact(s, &later(&ctx, 30), second, None)?;
            let contacts: u64 =
                s.the_row(sql!("SELECT COUNT(*) FROM searches WHERE contacted"), params![], |r| r.get(0))?;
            assert_eq!(contacts, 0);
            Ok(())
        })
        .await
        .unwrap();
    }
}

/// Somebody who owns articles.
fn testing_user(s: &mut Session<'_>) {
    // Slow on purpose, so once is enough.
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    let hash = HASH.get_or_init(|| hash_new("", "blåbärssoppa", &SeededChance::new(1)).unwrap());
    let ctx = context("2026-01-01T08:00:00Z");
    let new = people::users::CreateUser {
        sign_in: "tove".into(),
        name: "Tove Test".into(),
        role: vocabulary::Role::Coach,
        password: hash.clone(),
        language: vocabulary::Language::Swedish,
        hourly: false,
    };
    people::users::commands::create(s, &ctx, &new).unwrap();
}

#[tokio::test]
async fn variants_are_one_gap_of_their_kind() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            testing_user(s);
            let article = an_article(s, &ctx, "cyklar");
            missed(s, &ctx, "var finns cykelpumpen?", 3);
            missed(s, &ctx, "cykelpump", 4);
            missed(s, &ctx, "cykelpunp vid stationen", 1);
            missed(s, &ctx, "odlingslott", 1);
            let weak = Searched { share: 0.05, ..search("drönare tillstånd", &[article]) };
            commands::searched(s, &ctx, &weak)?;
            // Found and opened: no gap. Found and opened by nobody: one, from the third time on.
            for n in 0..3 {
                let id = commands::searched(s, &ctx, &search("simhall", &[article]))?;
                commands::clicked(s, &ctx, id, article)?;
                commands::searched(s, &ctx, &search("hundrastgård", &[article]))?;
                let expected = if n < 2 { 3 } else { 4 };
                assert_eq!(gaps(s, ctx.now)?.len(), expected, "{n}");
            }
            let asked = commands::searched(s, &ctx, &search("färdtjänst ansökan", &[article]))?;
            commands::clicked(s, &ctx, asked, article)?;
            commands::became_contact(s, &ctx, asked, None)?;
            let all = gaps(s, ctx.now)?;
            let line =
                |form: &str| all.iter().find(|gap| gap.forms.iter().any(|f| f.contains(form))).unwrap();
            assert_eq!((all[0].misses(), all[0].kind), (8, GapKind::NoHit));
            assert_eq!(all[0].question, "cykelpump");
            assert_eq!(line("drön").kind, GapKind::NoHit);
            assert_eq!((line("hundrastgård").kind, line("hundrastgård").misses()), (GapKind::NoClick, 3));
            assert_eq!(line("färdtjänst").kind, GapKind::Contact);
            assert_eq!(all.len(), 5, "{all:?}");
            let details = gap(s, ctx.now, all[0].id)?.unwrap();
            assert_eq!(details.ways[0], ("cykelpump".to_owned(), 4));
            assert_eq!(details.ways.len(), 3);
            assert!(gap(s, ctx.now, GapId::nil())?.is_none());
            // Nothing old is looked at.
            assert!(gaps(s, later(&ctx, 24 * 7 * 9).now)?.is_empty());
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_gap_is_taken_on_and_shows_where_it_stands() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            testing_user(s);
            missed(s, &ctx, "cykelpump", 3);
            let id = only(s, &ctx).id;
            let task = commands::make_task(s, &ctx, id, None, "Fråga gatuenheten")?;
            assert_eq!(
                commands::make_task(s, &ctx, id, None, "Fråga gatuenheten")?,
                task,
                "pressed twice, made once"
            );
            let about = crate::tasks::task(s, task)?.unwrap();
            assert_eq!(about.note, "cykelpump\nFråga gatuenheten");
            assert_eq!(only(s, &ctx).state, GapState::InHand);
            // Others ask the same: it is the same gap.
            missed(s, &ctx, "cykelpumpar", 9);
            assert_eq!((only(s, &ctx).id, only(s, &ctx).misses()), (id, 12));
            let done = later(&ctx, 24);
            crate::tasks::done(s, &done, task)?;
            assert_eq!(only(s, &done).state, GapState::Acted(done.now));
            let article = an_article(s, &done, "cykelpumpar");
            commands::acted(s, &done, id, Act::Article(article))?;
            commands::acted(s, &done, id, Act::Article(article))?;
            assert_eq!(only(s, &done).acts.len(), 2);
            // Long after, the gap is still there to show how it went.
            let after = later(&ctx, 24 * 7 * 20);
            let gap = only(s, &after);
            assert_eq!((gap.misses(), gap.state), (0, GapState::Acted(done.now)));
            let nowhere = commands::make_task(s, &ctx, GapId::nil(), None, "");
            assert!(matches!(nowhere, Err(KnowledgeError::NotFound { what: "gap" })));
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_dismissed_gap_comes_back_when_it_grows() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            missed(s, &ctx, "qwerty", 3);
            let id = only(s, &ctx).id;
            commands::dismiss(s, &ctx, id)?;
            assert_eq!(only(s, &ctx).state, GapState::Dismissed);
            missed(s, &ctx, "qwerty", 1);
            assert_eq!(only(s, &ctx).state, GapState::Dismissed);
            missed(s, &ctx, "qwerty", 2);
            assert_eq!(only(s, &ctx).state, GapState::Open);
            commands::dismiss(s, &ctx, id)?;
            assert_eq!(only(s, &ctx).state, GapState::Dismissed);
            commands::reopen(s, &ctx, id)?;
            assert_eq!(only(s, &ctx).state, GapState::Open);
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn it_shows_whether_it_helped() {
    for db in testing::both() {
        let begin = context("2026-06-01T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            let mut id = None;
            // Ten misses a week among forty searches for eight weeks, then two.
            for week in 0..16 {
                let ctx = later(&begin, 24 * 7 * week);
                missed(s, &ctx, "cykelpump", if week < 8 { 10 } else { 2 });
                for n in 0..40 {
                    missed(s, &ctx, ["sopor", "bygglov", "förskola", "färdtjänst"][n % 4], 1);
                }
                if week == 7 {
                    let day = later(&ctx, 24 * 6);
                    let gap = gaps(s, day.now)?.into_iter().find(|gap| gap.forms == ["cykelpump"]).unwrap();
                    let draft =
                        SynonymDraft { words: "cykelpump, cykelservice".into(), means: String::new() };
                    let synonym = commands::make_synonym(s, &day, gap.id, &draft)?;
                    assert_eq!(commands::make_synonym(s, &day, gap.id, &draft)?, synonym);
                    id = Some((gap.id, day));
                }
            }
            let (id, _) = id.unwrap();
            let after = later(&begin, 24 * 7 * 16);
            let gap = gap(s, after.now, id)?.unwrap().gap;
            let told = helped(s, after.now, &gap)?;
            let Some(quality::Change::Fell(ratio)) = told.misses.change else { panic!("{told:?}") };
            assert!((ratio.ratio - 0.2).abs() < 0.05 && ratio.high < 0.5, "{ratio:?}");
            assert!(told.contacts.is_none(), "no case type is known");
            let early = later(&begin, 24 * 7 * 9);
            let gap = super::gaps::gap(s, early.now, id)?.unwrap().gap;
            let told = helped(s, early.now, &gap)?;
            assert!(matches!(told.misses.change, Some(quality::Change::TooEarly { .. })), "{told:?}");
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn synonyms_are_taught_changed_and_taken_away() {
    for db in testing::both() {
        let ctx = context("2026-11-03T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            let draft = |words: &str, means: &str| SynonymDraft { words: words.into(), means: means.into() };
            let id = commands::put_synonym(s, &ctx, None, &draft("Dagis, förskola", ""))?;
            assert_eq!(
                commands::put_synonym(s, &ctx, None, &draft("dagis, förskola", ""))?,
                id,
                "sent twice"
            );
            let taken = commands::put_synonym(s, &ctx, None, &draft("dagis, lekis", ""));
            assert!(matches!(taken, Err(KnowledgeError::Synonym(SynonymFault::Taken { .. }))));
            commands::put_synonym(s, &ctx, Some(id), &draft("dagis, förskola, lekis", ""))?;
            let one_way = commands::put_synonym(s, &ctx, None, &draft("skräp", "nedskräpning"))?;
            let all = synonyms(s)?;
            assert_eq!(all.len(), 2);
            assert_eq!(all[0].words, ["dagis", "förskola", "lekis"]);
            assert_eq!(all[1].means, ["nedskräpning"]);
            commands::remove_synonym(s, &ctx, one_way)?;
            commands::remove_synonym(s, &ctx, one_way)?;
            let kinds =
                s.rows(sql!("SELECT kind FROM timeline ORDER BY seq"), params![], |r| r.get::<String>(0))?;
            assert_eq!(
                kinds,
                ["synonyms_changed", "synonyms_changed", "synonyms_changed", "synonyms_removed"]
            );
            let gone = commands::put_synonym(s, &ctx, Some(one_way), &draft("a1, b1", ""));
            assert!(matches!(gone, Err(KnowledgeError::NotFound { .. })));
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn old_searches_go_and_their_counts_stay() {
    for db in testing::both() {
        let old = context("2025-09-03T08:10:00Z");
        db.write(move |s| -> Result<(), KnowledgeError> {
            missed(s, &old, "cykelpump", 6);
            missed(s, &old, "något ovanligt", 1);
            missed(s, &old, "annat ovanligt", 1);
            let now: Timestamp = "2026-11-03T03:00:00Z".parse().unwrap();
            missed(s, &Context::new(now, Actor::System, Arc::clone(&old.chance)), "bygglov", 1);
            assert_eq!(jobs::weed(s, now)?, 8);
            assert_eq!(jobs::weed(s, now)?, 0);
            let kept = s.rows(
                sql!("SELECT week_day, form, searches, no_hit FROM search_counts ORDER BY form"),
                params![],
                |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?, r.get::<u64>(2)?, r.get::<u64>(3)?)),
            )?;
            let week = || "2025-09-01".to_owned();
            assert_eq!(kept, [(week(), String::new(), 2, 2), (week(), "cykelpump".to_owned(), 6, 6)]);
            let left: u64 = s.the_row(sql!("SELECT COUNT(*) FROM searches"), params![], |r| r.get(0))?;
            assert_eq!(left, 1);
            Ok(())
        })
        .await
        .unwrap();
    }
}

#[test]
fn nothing_personal_reaches_the_store() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let db = testing::sqlite();
    let number = (50..99_u32, 1..=12_u32, 1..=28_u32, 1000..9999_u32);
    let question = proptest::sample::select(vec!["förskola {}", "{} sophämtning", "faktura för {} tack"]);
    let person = proptest::sample::select(vec![
        ("Fatima Warsame", "070-174 06 05"),
        ("erik lindqvist", "0980319200"),
        ("Zahra Hosseini", "+46 73 123 45 67"),
    ]);
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&(number, question, person), |((year, month, day, last), question, (name, telephone))| {
            let number = format!("{year}{month:02}{day:02}-{last}");
            let typed = question.replace("{}", &format!("{name} {number} {telephone}"));
            let kept = runtime
                .block_on(db.write(move |s| -> Result<Vec<String>, KnowledgeError> {
                    let ctx = context("2026-11-03T08:10:00Z");
                    // As it is typed: each beginning of it settles once.
                    let chance = SeededChance::new(u64::from(last));
                    let ctx = Context::new(ctx.now, ctx.actor, Arc::new(chance));
                    let letters: Vec<char> = typed.chars().collect();
                    let mut before = None;
                    for end in (letters.len() / 2..=letters.len()).step_by(5).chain([letters.len()]) {
                        let query: String = letters[..end].iter().collect();
                        before =
                            Some(commands::searched(s, &ctx, &Searched { before, ..search(&query, &[]) })?);
                    }
                    if let Some(gap) = gaps(s, ctx.now)?.first() {
                        commands::make_task(s, &ctx, gap.id, None, "")?;
                    }
                    Ok(all_kept(s))
                }))
                .unwrap();
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            for row in kept.iter().map(|row| row.to_lowercase()) {
                prop_assert!(digits(&row).len() < 6, "{row}");
                for part in name.to_lowercase().split(' ') {
                    prop_assert!(!row.contains(part), "{part}: {row}");
                }
            }
            Ok(())
        })
        .unwrap();
}
