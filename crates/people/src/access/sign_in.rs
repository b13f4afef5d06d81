//! Signing in and being recognised. The only async part: a password is verified between two transactions.

use std::net::IpAddr;
use std::sync::Arc;
use storage::{Database, StorageError};
use tokio::sync::Semaphore;
use vocabulary::{Actor, Chance, Clock, Context, SessionId, SignedDuration, UserId};

use super::commands::{self, Counter};
use super::model::{FAILURES_PER_ADDRESS_MAX, FAILURES_PER_NAME_MAX, SignedIn, source};
use super::queries;
use crate::secret::Token;
use crate::users::model::folded;
use crate::{PeopleError, SigningKey, password, text, users};

/// How many passwords are verified at once; each takes 19 MiB. More wait their turn.
pub const VERIFY_AT_ONCE_MAX: usize = 4;
/// Out of how many attempts one also tidies up.
const TIDY_EVERY: u64 = 64;

/// What somebody who wants in has given.
#[derive(Clone)]
pub struct Attempt {
    /// The sign-in name as typed.
    pub sign_in: String,
    /// The password as typed.
    pub password: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempt(..)")
    }
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong name, wrong password, or too many attempts: one answer for all.
    #[error("the name or the password is not right, or there have been too many attempts")]
    Refused {
        /// How long to wait, if there have been too many attempts under the name or from the address. It tells
        /// nothing of whether the name exists.
        retry_after: Option<SignedDuration>,
    },
    /// The machine could not verify a password.
    #[error("signing in was interrupted")]
    Interrupted,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The doorkeeper: signs in, recognises, signs out.
#[derive(Clone)]
pub struct Access {
    db: Database,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    key: SigningKey,
    verifying: Arc<Semaphore>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

impl Access {
    /// A doorkeeper. `clock` dates what is written to the timeline; `wall` is what sessions and throttles age by:
    /// the same in production, the machine's clock in the demo, so that a day in minutes signs nobody out.
    #[must_use]
    pub fn new(
        db: Database,
        clock: Arc<dyn Clock>,
        wall: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        key: SigningKey,
    ) -> Self {
        Self { db, clock, wall, chance, key, verifying: Arc::new(Semaphore::new(VERIFY_AT_ONCE_MAX)) }
    }

    /// The instance's key.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Lets somebody in: the token for their cookie, and who they are.
    ///
    /// The attempt is counted before the password is looked at and uncounted if it was right, so that attempts at the
    /// same time cannot pass the limit together. An unknown name costs the same work as a wrong password: the same
    /// reads, the same write, one hash.
    ///
    /// # Errors
    /// [`SignInError::Refused`] whatever the reason.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<(Token, SignedIn), SignInError> {
        let outcome = self.try_sign_in(attempt).await;
        let result = match &outcome {
            Ok(_) => "ok",
            Err(SignInError::Refused { retry_after: None }) => "refused",
            Err(SignInError::Refused { retry_after: Some(_) }) => "throttled",
            Err(_) => "error",
        };
        metrics::counter!("sign_in_total", "result" => result).increment(1);
        outcome
    }

    async fn try_sign_in(&self, attempt: Attempt) -> Result<(Token, SignedIn), SignInError> {
        let keys = self.counter_keys(&attempt);
        let known = self.reserve(keys.clone(), &attempt.sign_in).await?;
        let (user, hash) =
            known.map_or((None, password::DUMMY_HASH.to_owned()), |(user, hash)| (Some(user), hash));
        let right = self.verify(hash.clone(), attempt.password).await?;
        match user {
            Some(user) if right => self.let_in(keys, user, hash).await,
            _ => Err(SignInError::Refused { retry_after: None }),
        }
    }

    /// The throttles' keys, so hashed that the table tells neither names nor addresses.
    fn counter_keys(&self, attempt: &Attempt) -> [Vec<u8>; 2] {
        let address = self.key.mac(&[b"throttle address", &source(attempt.address)]).to_vec();
        [self.name_key(&attempt.sign_in), address]
    }

    fn name_key(&self, sign_in: &str) -> Vec<u8> {
        self.key.mac(&[b"throttle name", folded(sign_in).as_bytes()]).to_vec()
    }

    async fn reserve(
        &self,
        keys: [Vec<u8>; 2],
        sign_in: &str,
    ) -> Result<Option<(UserId, String)>, SignInError> {
        let at = self.wall.now();
        let tidy = self.chance.below(TIDY_EVERY) == 0;
        // A name no user can have is looked up too, as a name nobody has: the work stays the same.
        let sign_in =
            text::line("sign_in", sign_in, text::SIGN_IN_CHARS_MAX).map(|n| folded(&n)).unwrap_or_default();
        let [name, address] = keys;
        let counters = [
            Counter { key_hash: name, failures_max: FAILURES_PER_NAME_MAX },
            Counter { key_hash: address, failures_max: FAILURES_PER_ADDRESS_MAX },
        ];
        let reserved = self
            .db
            .write(move |s| -> Result<_, StorageError> {
                if tidy {
                    commands::tidy(s, at)?;
                }
                match commands::reserve(s, at, &counters)? {
                    Ok(()) => Ok(Ok(users::queries::credentials(s, &sign_in)?)),
                    Err(wait) => Ok(Err(wait)),
                }
            })
            .await?;
        reserved.map_err(|wait| SignInError::Refused { retry_after: Some(wait) })
    }

    async fn verify(&self, hash: String, password: String) -> Result<bool, SignInError> {
        let turn = Arc::clone(&self.verifying).acquire_owned().await.map_err(|_| SignInError::Interrupted)?;
        tokio::task::spawn_blocking(move || {
            let right = password::verify(&hash, &password);
            drop(turn);
            right
        })
        .await
        .map_err(|_| SignInError::Interrupted)
    }

    async fn let_in(
        &self,
        [name, address]: [Vec<u8>; 2],
        user: UserId,
        verified_hash: String,
    ) -> Result<(Token, SignedIn), SignInError> {
        let token = Token::make("", &*self.chance);
        let kept = token.clone();
        let at = self.wall.now();
        let ctx = Context::new(self.clock.now(), Actor::User(user), Arc::clone(&self.chance));
        let signed_in = self
            .db
            .write(move |s| -> Result<_, StorageError> {
                // Between the two transactions the password may have been changed or the account closed.
                let still = users::queries::password_hash(s, user)?.is_some_and(|hash| hash == verified_hash);
                let Some(user) = users::queries::by_id(s, user)?.filter(|user| user.active && still) else {
                    return Ok(None);
                };
                queries::delete_throttle(s, &name)?;
                queries::give_back(s, &address)?;
                let session = commands::begin_session(s, &ctx, at, user.id, &kept)?;
                Ok(Some(SignedIn { session, user }))
            })
            .await?;
        signed_in.map(|who| (token, who)).ok_or(SignInError::Refused { retry_after: None })
    }

    /// Who presents this token, if its session still holds. Writes down that it was seen, at most once a minute.
    ///
    /// # Errors
    /// The database.
    pub async fn recognise(&self, presented: &str) -> Result<Option<SignedIn>, StorageError> {
        let Some(token) = Token::presented("", presented) else { return Ok(None) };
        let hash = token.hash();
        let found = self.db.read(move |s| queries::session_by_token(s, &hash)).await?;
        let now = self.wall.now();
        let Some(signed_in) = found.filter(|found| found.session.holds(now)) else { return Ok(None) };
        if signed_in.session.touch_due(now) {
            let id = signed_in.session.id;
            self.db.write(move |s| queries::touch(s, id, now)).await?;
        }
        Ok(Some(signed_in))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(&self, user: UserId, session: SessionId) -> Result<(), StorageError> {
        let ctx = Context::new(self.clock.now(), Actor::User(user), Arc::clone(&self.chance));
        self.db.write(move |s| commands::revoke_session(s, &ctx, user, session)).await?;
        Ok(())
    }

    /// Changes one's own password: the current one is verified first, and every other session is revoked.
    ///
    /// # Errors
    /// [`PeopleError::WrongPassword`], or the new one is refused.
    pub async fn change_own_password(
        &self,
        who: &SignedIn,
        current: String,
        new: String,
    ) -> Result<(), PeopleError> {
        let (user, session) = (who.user.id, who.session.id);
        password::check_new(&who.user.sign_in, &new)?;
        if !self.still_knows_password(who, current).await? {
            return Err(PeopleError::WrongPassword);
        }
        let new = self.hash_new(who.user.sign_in.clone(), new).await?;
        let ctx = Context::new(self.clock.now(), Actor::User(user), Arc::clone(&self.chance));
        self.db.write(move |s| users::commands::set_password(s, &ctx, user, &new, Some(session))).await
    }

    /// Whether `current` is the user's password. Counted as an attempt to sign in, so that who has got hold of a session
    /// cannot try passwords without end; refused when there have been too many.
    async fn still_knows_password(&self, who: &SignedIn, current: String) -> Result<bool, PeopleError> {
        let (user, at) = (who.user.id, self.wall.now());
        let name = self.name_key(&who.user.sign_in);
        let counter = Counter { key_hash: name.clone(), failures_max: FAILURES_PER_NAME_MAX };
        let reserved = self.db.write(move |s| -> Result<_, StorageError> {
            match commands::reserve(s, at, std::slice::from_ref(&counter))? {
                Ok(()) => users::queries::password_hash(s, user),
                Err(_) => Ok(None),
            }
        });
        let Some(hash) = reserved.await? else { return Ok(false) };
        let right = self.verify(hash, current).await.unwrap_or(false);
        if right {
            self.db.write(move |s| queries::delete_throttle(s, &name)).await?;
        }
        Ok(right)
    }

    /// Hashes a new password on a blocking thread, in turn with the verifications.
    ///
    /// # Errors
    /// The password is refused.
    pub async fn hash_new(
        &self,
        sign_in: String,
        new: String,
    ) -> Result<password::PasswordHash, PeopleError> {
        let not_hashed = PeopleError::Password(password::PasswordFault::NotHashed);
        let Ok(turn) = Arc::clone(&self.verifying).acquire_owned().await else { return Err(not_hashed) };
        let chance = Arc::clone(&self.chance);
        let hashed = tokio::task::spawn_blocking(move || {
            let hashed = password::hash_new(&sign_in, &new, &*chance);
            drop(turn);
            hashed
        });
        hashed.await.map_err(|_| not_hashed)?.map_err(PeopleError::from)
    }
}
