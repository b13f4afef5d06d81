//! Fills an empty database with a town, through the features' own commands.

mod coming;
mod handed;
mod history;
mod letters;
mod past;
mod place;

pub(crate) use letters::written;
pub(crate) use place::case_type_ids;

use crate::town::Town;
use cases::{CaseSettings, CasesError};
use contacts::ContactsError;
use knowledge::KnowledgeError;
use people::PeopleError;
use people::password::{PasswordFault, PasswordHash, hash_new};
use storage::{Database, Session, StorageError, settings};
use vocabulary::{Actor, Context, OpeningHours};

/// The setting that says which town the database holds.
const TOWN_MARK: &str = "demo_town";
/// The setting that says which town's past it holds.
const PAST_MARK: &str = "demo_past";

/// Why the town could not be put in.
#[derive(Debug, thiserror::Error)]
pub enum PopulateError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A person, department or group was refused.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A contact was refused.
    #[error(transparent)]
    Contacts(#[from] ContactsError),
    /// A case or case type was refused.
    #[error(transparent)]
    Cases(#[from] CasesError),
    /// A retention rule was refused.
    #[error(transparent)]
    Records(#[from] records::RecordsError),
    /// A definition of a process, or what it needs, was refused.
    #[error(transparent)]
    Processes(#[from] processes::ProcessesError),
    /// A mailbox, template or letter was refused.
    #[error(transparent)]
    Correspondence(#[from] correspondence::CorrespondenceError),
    /// An article, synonym or search was refused.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// An assignment, referral or point of the standard was refused.
    #[error(transparent)]
    Assignments(#[from] assignments::AssignmentsError),
    /// An event or meeting was refused.
    #[error(transparent)]
    Ahead(#[from] ahead::AheadError),
    /// A crisis or somebody to call in was refused.
    #[error(transparent)]
    Crisis(#[from] crisis::CrisisError),
    /// The password was refused.
    #[error("the demo's password: {0}")]
    Password(#[from] PasswordFault),
    /// Hashing the password was broken off.
    #[error("the demo's password could not be hashed")]
    Hashing,
    /// The database holds something else.
    #[error("the database holds {held:?} already, not {wanted:?}; use another database for it")]
    Taken {
        /// What it holds.
        held: String,
        /// The town's name.
        wanted: String,
    },
}

/// Puts `town` into the database. What is there already is left as it is, but for the SIP accounts, which get the
/// password and realm given here, and the events, which are planned from today.
///
/// Everybody has the same `password`, in the browser and for the SIP account: a demo's people have no secrets.
///
/// # Errors
/// What a command refuses, or when the database holds another town.
pub async fn populate(
    db: &Database,
    ctx: &Context,
    town: &Town,
    password: &str,
    realm: &str,
) -> Result<(), PopulateError> {
    let hash = hashed(ctx, password).await?;
    let (ctx, town) = (Context { actor: Actor::System, ..ctx.clone() }, town.clone());
    let (password, realm) = (password.to_owned(), realm.to_owned());
    db.write(move |s| {
        let fresh = is_fresh(s, TOWN_MARK, &town)?;
        place::places(s, &ctx, &town)?;
        place::users(s, &ctx, &town, &hash)?;
        place::telephones(s, &ctx, &town, &realm, &password)?;
        place::case_types(s, &ctx, &town)?;
        place::processes(s, &ctx, &town)?;
        handed::assignments(s, &ctx, &town)?;
        let assignments = handed::assignment_ids(s, &town)?;
        let articles = place::articles(s, &ctx, &town, &assignments)?;
        coming::events(s, &ctx, &town, &articles)?;
        letters::set_up(s, &ctx, &town)?;
        if fresh {
            place::board_access(s, &ctx, &town)?;
            place::retention_rules(s, &ctx, &town)?;
            place::residents(s, &ctx, &town)?;
            handed::standard(s, &ctx, &town)?;
            coming::meetings(s, &ctx, &town)?;
            past::synonyms(s, &ctx, &town)?;
            past::call_in(s, &ctx, &town)?;
            settings::set(s, &ctx, TOWN_MARK, &town.name)?;
        }
        Ok::<_, PopulateError>(())
    })
    .await
}

/// Gives the town that [`populate`] has put in a past, once: contacts and cases of the days before `ctx.now`.
///
/// # Errors
/// What a command refuses.
pub async fn remember(
    db: &Database,
    ctx: &Context,
    town: &Town,
    cases: &CaseSettings,
    opening: &OpeningHours,
) -> Result<(), PopulateError> {
    let (ctx, town) = (Context { actor: Actor::System, ..ctx.clone() }, town.clone());
    let (cases, opening) = (cases.clone(), opening.clone());
    db.write(move |s| {
        if is_fresh(s, PAST_MARK, &town)? {
            history::write(s, &ctx, &town, &cases, &opening)?;
            letters::past(s, &ctx, &town, &cases)?;
            handed::send(s, &ctx, &town, &cases)?;
            past::searches(s, &ctx, &town)?;
            past::crises(s, &ctx, &town)?;
            settings::set(s, &ctx, PAST_MARK, &town.name)?;
        }
        Ok::<_, PopulateError>(())
    })
    .await
}

/// One hash serves everybody: they have the same password, and hashing is slow on purpose.
async fn hashed(ctx: &Context, password: &str) -> Result<PasswordHash, PopulateError> {
    let (chance, password) = (ctx.chance.clone(), password.to_owned());
    let hashing = tokio::task::spawn_blocking(move || hash_new("", &password, &*chance));
    Ok(hashing.await.map_err(|_| PopulateError::Hashing)??)
}

fn is_fresh(s: &mut Session<'_>, mark: &str, town: &Town) -> Result<bool, PopulateError> {
    match settings::get(s, mark)? {
        Some(held) if held == town.name => Ok(false),
        Some(held) => Err(PopulateError::Taken { held, wanted: town.name.clone() }),
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests;
