//! Events from draft to past, what is shown when, and who has confirmed.

use super::{World, at, each};
use crate::commands::{approve, cancel, change, confirm, plan, plan_event};
use crate::model::{ArticleLink, EventDraft, EventState, Importance, Phase};
use crate::{AheadError, jobs, queries};
use knowledge::{ArticleDraft, ArticleState};
use vocabulary::{ArticleId, PlannedEventId, SignedDuration, Timestamp};

fn water() -> EventDraft {
    EventDraft {
        notice: Some("Vattnet är avstängt på Kajgatan.".to_owned()),
        ..EventDraft::new("Vattnet stängs av", at("2026-11-03T09:00:00Z"), Some(at("2026-11-03T13:00:00Z")))
            .told("Tappa upp vatten.", "Kajgatan")
    }
}

fn important() -> EventDraft {
    EventDraft { importance: Importance::Important, ..water() }
}

fn notices(world: &World, now: Timestamp) -> Vec<String> {
    let titles = move |s: &mut storage::Session<'_>| -> Result<Vec<String>, AheadError> {
        Ok(queries::notices(s, now)?.into_iter().map(|notice| notice.title).collect())
    };
    world.db.read_blocking(titles).unwrap()
}

fn awaited(world: &World, user: vocabulary::UserId) -> Vec<PlannedEventId> {
    let now = vocabulary::Clock::now(&world.clock);
    world.db.read_blocking(move |s| queries::awaiting(s, user, now)).unwrap()
}

#[test]
fn a_notice_is_shown_by_the_clock_alone() {
    each(|world| {
        let id = world.does(|s, ctx| plan(s, ctx, &water(), EventState::Draft));
        let (before, live, after) =
            (at("2026-11-03T08:59:59Z"), at("2026-11-03T09:00:00Z"), at("2026-11-03T13:00:00Z"));
        assert!(notices(world, live).is_empty(), "a draft is nobody's to read");
        world.does(move |s, ctx| approve(s, ctx, id));
        assert!(notices(world, before).is_empty());
        assert_eq!(notices(world, live), ["Vattnet stängs av"]);
        assert!(notices(world, after).is_empty());
        let earlier = EventDraft { shown_at: Some(at("2026-11-02T09:00:00Z")), ..water() };
        world.does(move |s, ctx| change(s, ctx, id, 2, &earlier));
        assert_eq!(notices(world, before), ["Vattnet stängs av"]);
        world.does(move |s, ctx| cancel(s, ctx, id));
        assert!(notices(world, live).is_empty());
        let today = world.db.read_blocking(move |s| queries::today(s, live)).unwrap();
        assert_eq!(today[0].event.phase(live), Phase::Cancelled, "guides are told that it will not be");
    });
}

#[test]
fn what_is_important_is_confirmed_by_each_and_again_when_the_text_changes() {
    each(|world| {
        let id = world.does(|s, ctx| plan(s, ctx, &important(), EventState::Planned));
        assert_eq!(awaited(world, world.guide), [id]);
        world.by(world.guide, move |s, ctx| confirm(s, ctx, id, 1)).unwrap();
        world.by(world.guide, move |s, ctx| confirm(s, ctx, id, 1)).unwrap();
        assert!(awaited(world, world.guide).is_empty());
        assert_eq!(awaited(world, world.other), [id], "nobody confirms for another");
        let louder = EventDraft { notice: None, ..important() };
        world.does(move |s, ctx| change(s, ctx, id, 1, &louder));
        assert!(awaited(world, world.guide).is_empty(), "what guides read is the same");
        let other_text = EventDraft { text: "Koka vattnet.".to_owned(), notice: None, ..important() };
        world.does(move |s, ctx| change(s, ctx, id, 2, &other_text));
        assert_eq!(awaited(world, world.guide), [id]);
        let old = world.by(world.guide, move |s, ctx| confirm(s, ctx, id, 1));
        assert!(matches!(old, Err(AheadError::Overtaken)), "{old:?}");
        world.by(world.guide, move |s, ctx| confirm(s, ctx, id, 3)).unwrap();
        let state = world.db.read_blocking(move |s| {
            let event = queries::event(s, id)?.unwrap();
            queries::confirmation_state(s, &event)
        });
        let state: Vec<_> = state.unwrap().into_iter().map(|c| (c.name, c.at.is_some())).collect();
        assert_eq!(state, [("tove".to_owned(), false), ("anna".to_owned(), true)]);
        world.clock.set(at("2026-11-03T13:00:00Z"));
        assert!(awaited(world, world.other).is_empty(), "what is over needs no confirming");
        let machine = vocabulary::Context::new(
            at("2026-11-03T10:00:00Z"),
            vocabulary::Actor::System,
            world.chance.clone(),
        );
        let refused = world.db.write_blocking(move |s| confirm(s, &machine, id, 3));
        assert!(matches!(refused, Err(AheadError::NotOneself)));
    });
}

#[test]
fn changes_are_kept_and_nobody_writes_over_another() {
    each(|world| {
        let id = world.does(|s, ctx| plan_event(s, ctx, &water()));
        assert_eq!(world.does(|s, ctx| plan_event(s, ctx, &water())), id, "planned once");
        let longer = EventDraft { ends_at: Some(at("2026-11-03T15:00:00Z")), ..water() };
        let (one, two) = (longer.clone(), longer.clone());
        world.does(move |s, ctx| change(s, ctx, id, 1, &one));
        world.does(move |s, ctx| change(s, ctx, id, 1, &two));
        let late = world.by(world.guide, move |s, ctx| change(s, ctx, id, 1, &water()));
        assert!(matches!(late, Err(AheadError::Overtaken)), "{late:?}");
        let versions = world.db.read_blocking(move |s| queries::versions(s, id)).unwrap();
        let told: Vec<_> = versions.iter().map(|v| (v.version, v.user)).collect();
        assert_eq!(told, [(2, Some(world.other)), (1, Some(world.other))]);
        assert_eq!(versions[0].draft.changed_from(&versions[1].draft), ["time"]);
        world.does(move |s, ctx| cancel(s, ctx, id));
        let again = world.by(world.guide, move |s, ctx| approve(s, ctx, id));
        assert!(matches!(again, Err(AheadError::Forbidden { state: "cancelled" })), "{again:?}");
    });
}

fn article(world: &World, slug: &'static str, state: ArticleState) -> ArticleId {
    let owner = world.other;
    world.does(move |s, ctx| {
        let mut draft = ArticleDraft::internal(slug, slug, "Svaret.", "Resten.", "");
        draft.content.owner = Some(owner);
        draft.content.review_day =
            Some(vocabulary::local_day(ctx.now).checked_add(jiff::Span::new().days(90)).unwrap());
        Ok(knowledge::commands::import_article(s, ctx, &draft, state).unwrap())
    })
}

#[test]
fn an_article_that_is_ready_goes_live_with_its_event_however_late_the_clock_comes() {
    each(|world| {
        let (ready, unready) =
            (article(world, "vatten", ArticleState::Reviewed), article(world, "avlopp", ArticleState::Draft));
        let both = [ready, unready].map(|article| ArticleLink { article, goes_live: true }).to_vec();
        let draft = EventDraft { articles: both, ..water() };
        let id = world.does(move |s, ctx| plan(s, ctx, &draft, EventState::Planned));
        let turn = |hours: i64| {
            world.clock.set(at("2026-11-03T07:00:00Z") + SignedDuration::from_hours(hours));
            world.does(move |s, ctx| jobs::turn(s, ctx, &serde_json::json!({ "event": id })))
        };
        let live =
            || world.db.read_blocking(move |s| knowledge::queries::article(s, ready)).unwrap().is_some();
        assert_eq!(turn(1), None);
        assert!(!live(), "it is not time");
        // The process was down when the event began.
        assert!(turn(4).is_some(), "the one that is not ready is tried again");
        assert!(live());
        let whole = || world.db.read_blocking(move |s| queries::whole(s, id)).unwrap().unwrap();
        let fates: Vec<_> =
            whole().articles.into_iter().map(|(link, at, fault)| (link.article, at, fault)).collect();
        let when = at("2026-11-03T11:00:00Z");
        assert!(fates.contains(&(ready, Some(when), None)), "{fates:?}");
        assert!(fates.contains(&(unready, None, Some("not_reviewed".to_owned()))), "{fates:?}");
        assert!(turn(5).is_some());
        let again = whole().articles.into_iter().find(|(link, ..)| link.article == ready).unwrap();
        assert_eq!(again.1, Some(when), "once is enough");
        assert_eq!(turn(7), None, "what is over publishes nothing");
        let tasks = world.db.read_blocking(knowledge::tasks::open).unwrap();
        assert_eq!(tasks.iter().filter(|task| task.article == Some(unready)).count(), 1);
        let now =
            world.db.read_blocking(move |s| queries::articles_now(s, at("2026-11-03T10:00:00Z"))).unwrap();
        assert_eq!(now.len(), 2);
    });
}
