//! What everybody in the demo shares.

use super::dice::Dice;
use super::ongoing::Ongoing;
use super::schedule::Worker;
use super::voices::Voices;
use super::{DemoConfig, DemoError, DemoHandles};
use crate::populate::case_type_ids;
use crate::residents::{Resident, residents};
use crate::town::User;
use knowledge::Article;
use std::collections::BTreeMap;
use telephony::softphone::PhoneKit;
use vocabulary::{Actor, AnswerGroupId, ArticleId, CaseTypeId, Context, OfficerId, Role, UserId};

/// Numbers that keep the actors' dice apart.
const GUIDES_FROM: u64 = 1_000;
const LOOKING_FROM: u64 = 5_000;

/// A simulated guide.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedGuide {
    pub id: UserId,
    pub sign_in: String,
    pub worker: Worker,
}

/// The demo's surroundings.
pub(crate) struct Stage {
    pub config: DemoConfig,
    pub handles: DemoHandles,
    pub kit: PhoneKit,
    pub voices: Voices,
    pub residents: Vec<Resident>,
    pub ongoing: Ongoing,
    pub case_types: BTreeMap<String, CaseTypeId>,
    /// What is known about each case type, what is usually about it first.
    pub articles: BTreeMap<CaseTypeId, Vec<ArticleId>>,
    /// Officers by e-mail address.
    pub officers: BTreeMap<String, OfficerId>,
    guides: Vec<SimulatedGuide>,
}

impl Stage {
    /// Looks up everybody who takes part.
    pub async fn set(config: DemoConfig, handles: DemoHandles, kit: PhoneKit) -> Result<Self, DemoError> {
        let (users, groups, case_types, officers, articles) = handles
            .db
            .read(|s| {
                let users = people::users::queries::all(s)?;
                let groups = people::directory::queries::answer_groups(s)?;
                let officers = people::directory::queries::officers(s)?;
                let articles = knowledge::queries::articles(s)?;
                Ok::<_, DemoError>((users, groups, case_type_ids(s)?, officers, articles))
            })
            .await?;
        let users: BTreeMap<String, UserId> = users.into_iter().map(|u| (u.sign_in, u.id)).collect();
        let groups: BTreeMap<String, AnswerGroupId> = groups.into_iter().map(|g| (g.code, g.id)).collect();
        let town = &handles.town;
        let mut numbers = Vec::new();
        for group in &town.groups {
            let id = *groups.get(&group.code).ok_or_else(|| missing("answer group", &group.code))?;
            numbers.push((group.dialled.clone(), id));
        }
        let guides = simulated_guides(&config, &handles, &users)?;
        Ok(Self {
            voices: Voices::load(&config.sounds, town),
            residents: residents(town),
            ongoing: Ongoing::new(numbers),
            articles: by_case_type(&articles),
            officers: officers.into_iter().map(|o| (o.email, o.id)).collect(),
            case_types,
            guides,
            config,
            handles,
            kit,
        })
    }

    /// Who works.
    pub fn guides(&self) -> Vec<SimulatedGuide> {
        self.guides.clone()
    }

    /// A guide's own dice.
    pub fn guide_dice(&self, guide: &SimulatedGuide) -> Dice {
        Dice::new(self.config.seed, GUIDES_FROM + guide.worker.number)
    }

    /// A guide's dice for what is looked up.
    pub fn looking_dice(&self, guide: &SimulatedGuide) -> Dice {
        Dice::new(self.config.seed, LOOKING_FROM + guide.worker.number)
    }

    /// The circumstances of a command given now. Ids and tokens are drawn from the actor's own dice.
    pub fn context(&self, actor: Actor, dice: &Dice) -> Context {
        Context::new(self.handles.clock.now(), actor, dice.chance())
    }
}

fn by_case_type(articles: &[Article]) -> BTreeMap<CaseTypeId, Vec<ArticleId>> {
    let mut by_type: BTreeMap<CaseTypeId, Vec<ArticleId>> = BTreeMap::new();
    for article in articles {
        for case_type in &article.case_types {
            let all = by_type.entry(*case_type).or_default();
            let usual = article.case_type() == Some(*case_type);
            let place = if usual { 0 } else { all.len() };
            all.insert(place, article.id);
        }
    }
    by_type
}

fn missing(what: &'static str, name: &str) -> DemoError {
    DemoError::NotPopulated { what, name: name.to_owned() }
}

/// The manned guides, spread over the groups so that a few of them leave no group alone.
fn simulated_guides(
    config: &DemoConfig,
    handles: &DemoHandles,
    users: &BTreeMap<String, UserId>,
) -> Result<Vec<SimulatedGuide>, DemoError> {
    let manned: Vec<&User> =
        handles.town.users.iter().filter(|u| u.manned && u.role == Role::Guide).collect();
    // The rank within the own group comes first: one of each group, then the next of each.
    let mut ranked: Vec<(usize, usize, &User)> = manned
        .iter()
        .enumerate()
        .map(|(order, user)| {
            let before = manned.iter().take(order).filter(|other| other.home == user.home).count();
            (before, order, *user)
        })
        .collect();
    ranked.sort_by_key(|(rank, order, _)| (*rank, *order));
    let mut guides = Vec::new();
    for ((_, _, user), number) in ranked.into_iter().zip(0..).take(config.guides_max.unwrap_or(usize::MAX)) {
        let Some(shift) = user.shift else { continue };
        let id = *users.get(&user.sign_in).ok_or_else(|| missing("user", &user.sign_in))?;
        let worker = Worker { number, shift, hourly: user.hourly };
        guides.push(SimulatedGuide { id, sign_in: user.sign_in.clone(), worker });
    }
    Ok(guides)
}
