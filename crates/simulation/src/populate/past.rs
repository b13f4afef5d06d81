//! What was searched before the demo, and the crises there have been; and who is called in at the next one.

use super::PopulateError;
use super::place::{case_type_ids, days_from, instant, known, user_ids};
use crate::demo::dice::Dice;
use crate::town::{PastCrisis, PastSearch, SynonymSet, Town};
use crisis::commands::{Approve, Draft, Opening, PutPerson};
use knowledge::asked::{self, Act, Searched, SynonymDraft, commands, gaps};
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::civil::Time;
use vocabulary::{Actor, ArticleId, CaseTypeId, Context, SignedDuration, Timestamp, UserId, local_day};

/// The dice of what was searched.
const SEED: u64 = 1_653;
/// How much of the question the best hit speaks of, when something was found.
const SHARE: f32 = 0.7;
/// From when, and for how long a day, people search.
const DAY_BEGINS: Time = Time::constant(7, 0, 0, 0);
const DAY_SECONDS: u64 = 14 * 3_600;

/// What the search is taught. What somebody has changed since stays as it is.
pub(super) fn synonyms(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    for SynonymSet { words, means } in &town.synonyms {
        let draft = SynonymDraft { words: words.join(", "), means: means.join(", ") };
        commands::put_synonym(s, ctx, None, &draft)?;
    }
    Ok(())
}

/// What was searched, and what came of it.
pub(super) fn searches(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let articles = &article_ids(s)?;
    let (types, users, dice) = (case_type_ids(s)?, user_ids(s)?, Dice::new(SEED, 0));
    for search in &town.searches {
        asked(s, ctx, search, articles, &types, &dice)?;
    }
    for (search, done) in town.searches.iter().filter_map(|search| Some((search, search.done.as_ref()?))) {
        let Some(now) = instant(days_from(local_day(ctx.now), done.day), DAY_BEGINS) else { continue };
        let then = Context { now, actor: Actor::User(known(&users, &done.by, "user")?), ..ctx.clone() };
        let forms: Vec<String> = search.queries.iter().map(|query| asked::form_of(query)).collect();
        let gap = gaps::gaps(s, then.now)?.into_iter().find(|gap| forms.contains(&gap.form));
        if let (Some(gap), Some(article)) = (gap, articles.get(&done.article)) {
            commands::acted(s, &then, gap.id, Act::Article(*article))?;
        }
    }
    Ok(())
}

/// The articles that are read, by slug.
fn article_ids(s: &mut Session<'_>) -> Result<BTreeMap<String, ArticleId>, PopulateError> {
    Ok(knowledge::queries::articles(s)?.into_iter().map(|a| (a.slug, a.id)).collect())
}

fn asked(
    s: &mut Session<'_>,
    ctx: &Context,
    search: &PastSearch,
    articles: &BTreeMap<String, ArticleId>,
    types: &BTreeMap<String, CaseTypeId>,
    dice: &Dice,
) -> Result<(), PopulateError> {
    let shown: Vec<ArticleId> = search.finds.iter().filter_map(|slug| articles.get(slug)).copied().collect();
    let case_type = search.case_type.as_ref().and_then(|code| types.get(code)).copied();
    let days = u64::try_from(search.last_day - search.first_day).unwrap_or(0);
    for query in search.queries.iter().cycle().take(usize::try_from(search.times).unwrap_or(0)) {
        let day = search.first_day + i32::try_from(dice.between(0, days)).unwrap_or(0);
        let Some(at) = instant(days_from(local_day(ctx.now), day), DAY_BEGINS) else { continue };
        let then = Context { now: at + dice.seconds(0, DAY_SECONDS), ..ctx.clone() };
        let settled = Searched {
            place: search.place,
            query: query.clone(),
            shown: shown.clone(),
            share: if shown.is_empty() { 0.0 } else { SHARE },
            before: None,
        };
        let id = commands::searched(s, &then, &settled)?;
        if let Some(first) = shown.first().filter(|_| dice.percent(search.clicked)) {
            commands::clicked(s, &then, id, *first)?;
        }
        if dice.percent(search.contact) {
            commands::became_contact(s, &then, id, case_type)?;
        }
    }
    Ok(())
}

/// The crises there have been, with what was said in them.
pub(super) fn crises(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let users = user_ids(s)?;
    for past in &town.crises {
        let Some((begins, ends)) = period(ctx, past) else { continue };
        let by = |sign_in: &str, now: Timestamp| -> Result<Context, PopulateError> {
            Ok(Context { now, actor: Actor::User(known(&users, sign_in, "user")?), ..ctx.clone() })
        };
        let opening = Opening { kind: past.kind, title: past.title.clone(), begins_at: begins };
        let id = crisis::commands::begin(s, &by(&past.writer, begins)?, &opening)?;
        for message in &past.message {
            let Some(at) = instant(days_from(local_day(ctx.now), message.day), message.at) else { continue };
            let draft = Draft {
                title: message.title.clone(),
                public_text: message.public_text.clone(),
                guide_text: message.guide_text.clone(),
                spoken_text: message.spoken_text.clone(),
            };
            let message = crisis::commands::write_draft(s, &by(&past.writer, at)?, id, None, &draft)?;
            let approved = by(&past.approver, at + SignedDuration::from_mins(3))?;
            let approve = Approve { message, revision: 1, others_on_duty: true };
            crisis::commands::approve(s, &approved, approve)?;
        }
        crisis::commands::end(s, &by(&past.approver, ends)?, id)?;
    }
    Ok(())
}

/// From when until when a crisis of the file lasted.
pub(super) fn period(ctx: &Context, past: &PastCrisis) -> Option<(Timestamp, Timestamp)> {
    let today = local_day(ctx.now);
    Some((
        instant(days_from(today, past.day), past.begins)?,
        instant(days_from(today, past.last_day), past.ends)?,
    ))
}

/// Who can be called in. For a house whose list is empty.
pub(super) fn call_in(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let users: BTreeMap<String, (UserId, String)> = people::users::queries::all(s)?
        .into_iter()
        .map(|user| (user.sign_in, (user.id, user.name)))
        .collect();
    for (place, person) in (1..).zip(&town.call_in) {
        let Some((user, name)) = users.get(&person.user) else { continue };
        let put = PutPerson {
            user_id: Some(*user),
            name: name.clone(),
            telephone: person.telephone.clone(),
            place,
            availability: person.availability.clone(),
            active: true,
        };
        crisis::commands::add_person(s, ctx, &put)?;
    }
    Ok(())
}
