//! What is coming: planned events, and standing meetings with what was said at the last ones.

use super::PopulateError;
use super::place::{days_from, departments, instant, known, user_ids};
use crate::town::{Event, Held, Series, Town};
use ahead::commands::meetings::{self, NewSeries};
use ahead::{ArticleLink, EventDraft, Importance, Question};
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{ArticleId, Context, DepartmentId, UserId, local_day};

/// What is going on, counted from today.
pub(super) fn events(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    articles: &BTreeMap<String, ArticleId>,
) -> Result<(), PopulateError> {
    let departments = departments(s)?;
    for event in &town.events {
        if let Some(draft) = draft(event, local_day(ctx.now), &departments, articles) {
            ahead::commands::plan_event(s, ctx, &draft)?;
        }
    }
    Ok(())
}

fn draft(
    event: &Event,
    today: Date,
    departments: &BTreeMap<String, DepartmentId>,
    articles: &BTreeMap<String, ArticleId>,
) -> Option<EventDraft> {
    let begins = instant(days_from(today, event.day), event.begins)?;
    let ends = instant(days_from(today, event.day + event.days - 1), event.ends)?;
    let links = |slugs: &[String], goes_live: bool| -> Vec<ArticleLink> {
        let ids = slugs.iter().filter_map(|slug| articles.get(slug));
        ids.map(|article| ArticleLink { article: *article, goes_live }).collect()
    };
    let question = |asked: &crate::town::Question| Question {
        question: asked.question.clone(),
        article: asked.article.as_ref().and_then(|slug| articles.get(slug)).copied(),
    };
    let mut draft = EventDraft::new(&event.title, begins, Some(ends)).told(&event.text, &event.place);
    draft.kind = event.kind;
    draft.importance = if event.important { Importance::Important } else { Importance::Ordinary };
    draft.department = event.department.as_ref().and_then(|code| departments.get(code)).copied();
    draft.notice.clone_from(&event.notice);
    draft.shown_at = match event.shown_days {
        0 => None,
        days => instant(days_from(today, event.day - days), event.begins),
    };
    draft.questions = event.questions.iter().map(question).collect();
    draft.articles = [links(&event.goes_live, true), links(&event.articles, false)].concat();
    // The house keeps them in this order, and what is put in again should be found unchanged.
    draft.articles.sort_by_key(|link| link.article);
    Some(draft)
}

/// The standing meetings, with those that have been and the agenda of the next. For a house that has none.
pub(super) fn meetings(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let (departments, users) = (departments(s)?, user_ids(s)?);
    for series in &town.meetings {
        let department = known(&departments, &series.department, "department")?;
        for meeting in &series.held {
            held(s, ctx, (series, department), meeting, &users)?;
        }
        let new = NewSeries {
            department,
            nth: series.nth,
            weekday: series.weekday,
            begins: series.begins,
            minutes: series.minutes,
            place: series.place.clone(),
        };
        let id = meetings::begin_series(s, ctx, &new)?;
        let next = meetings::plan_next(s, ctx, id)?;
        for title in series.next.iter().flat_map(|agenda| &agenda.items) {
            meetings::add_item(s, ctx, next, title)?;
        }
    }
    Ok(())
}

/// A meeting that has been: its agenda, what was said and decided, what was undertaken.
fn held(
    s: &mut Session<'_>,
    ctx: &Context,
    (series, department): (&Series, DepartmentId),
    meeting: &Held,
    users: &BTreeMap<String, UserId>,
) -> Result<(), PopulateError> {
    let today = local_day(ctx.now);
    let day = days_from(today, meeting.day);
    let Some(now) = instant(day, series.begins) else { return Ok(()) };
    let then = Context { now, ..ctx.clone() };
    let when = (day, series.begins, series.minutes);
    let id = meetings::plan_meeting(s, &then, department, when, &series.place)?;
    for item in &meeting.items {
        let point = meetings::add_item(s, &then, id, &item.title)?;
        meetings::write_item(s, &then, point, &item.notes, &item.decision)?;
    }
    meetings::write_notes(s, &then, id, &meeting.notes)?;
    for action in &meeting.actions {
        let whose = (known(users, &action.owner, "user")?, days_from(today, action.due_days));
        let undertaken = meetings::undertake(s, &then, id, None, &action.what, whose)?;
        if action.done {
            meetings::complete(s, ctx, undertaken)?;
        }
    }
    meetings::close_meeting(s, &then, id)?;
    Ok(())
}
