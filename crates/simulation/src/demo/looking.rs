//! What a simulated guide looks up during a call: types a word of what the resident says, and mostly opens what comes
//! first.

use super::dice::Dice;
use super::stage::Stage;
use crate::residents::Matter;
use knowledge::KnowledgeError;
use knowledge::asked::commands::{clicked, searched};
use knowledge::asked::{Place, Searched};
use vocabulary::{Actor, ArticleId, UserId};

/// Of a hundred calls, so many make the guide look something up.
const LOOKED_UP_PERCENT: u32 = 45;
/// Of a hundred who find something, so many open it.
const OPENED_PERCENT: u32 = 80;
/// How much of the question the best hit speaks of.
const SHARE: f32 = 0.7;

/// Looks up what a call is about, now and then; what cannot be written is left out.
pub(crate) async fn up(stage: &Stage, dice: &Dice, guide: UserId, matter: &Matter) {
    if !dice.percent(LOOKED_UP_PERCENT) {
        return;
    }
    let Some(case_type) = stage.handles.town.case_type(&matter.case_type) else { return };
    let words: Vec<&str> = case_type.keywords.split(',').map(str::trim).collect();
    let Some(query) = dice.pick(&words) else { return };
    let known = stage.case_types.get(&matter.case_type).and_then(|id| stage.articles.get(id));
    let shown: Vec<ArticleId> = known.cloned().unwrap_or_default();
    let opened = shown.first().copied().filter(|_| dice.percent(OPENED_PERCENT));
    let settled = Searched {
        place: Place::Guide,
        query: (*query).to_owned(),
        share: if shown.is_empty() { 0.0 } else { SHARE },
        shown,
        before: None,
    };
    let ctx = stage.context(Actor::User(guide), dice);
    let written = stage.handles.db.write(move |s| {
        let id = searched(s, &ctx, &settled)?;
        if let Some(article) = opened {
            clicked(s, &ctx, id, article)?;
        }
        Ok::<_, KnowledgeError>(())
    });
    if let Err(error) = written.await {
        tracing::debug!(%error, "a simulated guide's search was not kept");
    }
}
