//! Where the guides' SIP telephones are: registrations, proved by digest.

use crate::centre::Account;
use crate::driver::agent::ServerRequest;
use crate::protocol::digest::{self, Algorithm, Credentials};
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, headers::untyped};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use vocabulary::{Chance, UserId};

/// How long a challenge may be answered.
const NONCE_LIFE: Duration = Duration::from_secs(300);
/// Challenges remembered; beyond that the oldest are forgotten, and their answers get a new one.
const NONCES_MAX: usize = 10_000;
/// Accounts remembered to have left a challenge unanswered.
const PUZZLED_MAX: usize = 1_000;
/// Telephones that give up at the sight of a hash they do not know, even if another is offered beside it.
const ONLY_MD5: &[&str] = &["baresip v0.", "baresip v1.", "baresip v2."];
/// For how long a telephone may register, in seconds.
const EXPIRES_SECONDS: std::ops::RangeInclusive<u32> = 30..=600;
/// What it gets if it does not say.
const EXPIRES_SECONDS_DEFAULT: u32 = 300;

/// Where a telephone is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The address it gave itself.
    pub contact: String,
    /// Where it really sends from, and is reached, also behind address translation.
    pub flow: SocketAddr,
    expires_at: Instant,
    call_id: String,
    sequence: u32,
}

#[derive(Clone, Copy, Debug)]
struct Nonce {
    issued: Instant,
    count: u32,
}

/// What a REGISTER wants, before it is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It has to prove itself first; answer 401 with these headers' values.
    Challenge(Vec<String>),
    /// It says to be this; look up the account and [`Registrar::prove`] it.
    Proof(Credentials),
    /// It cannot be: answer with this code.
    Refused(u16),
}

/// What came of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The telephone of this guide is there; answer 200 with this contact.
    Up(UserId, String),
    /// The telephone of this guide has signed off.
    Down(UserId),
    /// Nothing has changed; answer 200 with the contact there is.
    Asked(Option<String>),
    /// Answer with this code.
    Refused(u16),
}

/// The registrar. Time is real time: telephones know no other.
pub struct Registrar {
    realm: String,
    nonces: HashMap<String, Nonce>,
    issued: VecDeque<String>,
    /// Accounts whose telephones were offered both hashes and have not answered yet.
    puzzled: HashSet<String>,
    bindings: BTreeMap<UserId, Binding>,
}

impl Registrar {
    /// A registrar for `realm` without registrations.
    #[must_use]
    pub fn new(realm: &str) -> Self {
        Self {
            realm: realm.to_owned(),
            nonces: HashMap::new(),
            issued: VecDeque::new(),
            puzzled: HashSet::new(),
            bindings: BTreeMap::new(),
        }
    }

    /// What a REGISTER claims.
    pub fn claim(&mut self, request: &ServerRequest, now: Instant, chance: &dyn Chance) -> Claim {
        let authorization = request.header("Authorization");
        let only_md5 =
            request.header("User-Agent").is_some_and(|agent| ONLY_MD5.iter().any(|o| agent.starts_with(o)));
        self.judge(authorization.as_deref(), &to_user(request), only_md5, now, chance)
    }

    fn judge(
        &mut self,
        authorization: Option<&str>,
        to_user: &str,
        only_md5: bool,
        now: Instant,
        chance: &dyn Chance,
    ) -> Claim {
        let Some(credentials) = authorization.and_then(Credentials::parse) else {
            // Who asks again instead of answering has not understood: it is offered the older hash alone.
            let only_md5 = only_md5 || self.puzzled.contains(to_user);
            if self.puzzled.len() >= PUZZLED_MAX {
                self.puzzled.clear();
            }
            self.puzzled.insert(to_user.to_owned());
            return Claim::Challenge(self.challenge(false, only_md5, now, chance));
        };
        self.puzzled.remove(to_user);
        if credentials.realm != self.realm || credentials.user != to_user {
            return Claim::Refused(403);
        }
        let fresh = match self.nonces.get_mut(&credentials.nonce) {
            Some(nonce) if now.saturating_duration_since(nonce.issued) <= NONCE_LIFE => {
                // A count that does not grow is an answer played back.
                let grows = credentials.nonce_count > nonce.count;
                nonce.count = nonce.count.max(credentials.nonce_count);
                grows
            }
            _ => false,
        };
        if fresh {
            Claim::Proof(credentials)
        } else {
            Claim::Challenge(self.challenge(true, credentials.algorithm == Algorithm::Md5, now, chance))
        }
    }

    /// Two challenges with one nonce, or one. RFC 8760 wants the better hash first, but telephones that know only MD5 tend
    /// to read only the first challenge and then give up (SIPp does), while those that know better choose themselves.
    fn challenge(&mut self, stale: bool, only_md5: bool, now: Instant, chance: &dyn Chance) -> Vec<String> {
        let mut bytes = [0; 16];
        chance.fill(&mut bytes);
        let nonce = digest::hex(&bytes);
        if self.issued.len() >= NONCES_MAX
            && let Some(oldest) = self.issued.pop_front()
        {
            self.nonces.remove(&oldest);
        }
        self.issued.push_back(nonce.clone());
        self.nonces.insert(nonce.clone(), Nonce { issued: now, count: 0 });
        let offered: &[Algorithm] =
            if only_md5 { &[Algorithm::Md5] } else { &[Algorithm::Md5, Algorithm::Sha256] };
        offered.iter().map(|a| digest::challenge(*a, &self.realm, &nonce, stale)).collect()
    }

    /// Whether `credentials` prove to be of `account`. An account that is not there takes as long as one that is.
    #[must_use]
    pub fn prove(&self, credentials: &Credentials, account: Option<&Account>) -> Option<UserId> {
        let nobody = (String::new(), None);
        let (ha1, user) = account.map_or(nobody, |account| {
            let ha1 = match credentials.algorithm {
                Algorithm::Md5 => &account.ha1_md5,
                Algorithm::Sha256 => &account.ha1_sha256,
            };
            (ha1.to_ascii_lowercase(), Some(account.user))
        });
        if credentials.prove(&ha1, "REGISTER") { user } else { None }
    }

    /// Does what a proved REGISTER of `user` wants.
    pub fn register(&mut self, user: UserId, request: &ServerRequest, now: Instant) -> Registered {
        let contacts = request.request().contact_headers();
        let header_expires = request.header("Expires").and_then(|e| e.trim().parse().ok());
        let star = contacts.iter().any(|contact| contact.value().trim() == "*");
        if star {
            return if header_expires == Some(0) { self.remove(user) } else { Registered::Refused(400) };
        }
        let Ok(typed) = request.request().typed_contact_headers() else { return Registered::Refused(400) };
        let Some(contact) = typed.first() else {
            return Registered::Asked(self.bindings.get(&user).map(|b| with_expires(b, now)));
        };
        let expires = contact.expires().or(header_expires).unwrap_or(EXPIRES_SECONDS_DEFAULT);
        if expires == 0 {
            return self.remove(user);
        }
        if expires < *EXPIRES_SECONDS.start() {
            return Registered::Refused(423);
        }
        let expires = expires.min(*EXPIRES_SECONDS.end());
        let call_id = request.header("Call-ID").unwrap_or_default();
        let sequence = request.request().cseq_header().ok().and_then(|c| c.seq().ok()).unwrap_or(0);
        if self.bindings.get(&user).is_some_and(|b| b.call_id == call_id && b.sequence > sequence) {
            return Registered::Refused(500); // An older request that comes late.
        }
        let binding = Binding {
            contact: contact.uri.to_string(),
            flow: request.source(),
            expires_at: now + Duration::from_secs(u64::from(expires)),
            call_id,
            sequence,
        };
        let told = with_expires(&binding, now);
        self.bindings.insert(user, binding);
        Registered::Up(user, told)
    }

    fn remove(&mut self, user: UserId) -> Registered {
        self.bindings.remove(&user);
        Registered::Down(user)
    }

    /// Where the telephone of `user` is.
    #[must_use]
    pub fn binding(&self, user: UserId) -> Option<&Binding> {
        self.bindings.get(&user)
    }

    /// Forgets the telephone of `user`, which is gone. True if there was one.
    pub fn forget(&mut self, user: UserId) -> bool {
        self.bindings.remove(&user).is_some()
    }

    /// The guides whose registrations have run out; they are forgotten.
    pub fn expire(&mut self, now: Instant) -> Vec<UserId> {
        let gone: Vec<UserId> =
            self.bindings.iter().filter(|(_, b)| b.expires_at <= now).map(|(user, _)| *user).collect();
        for user in &gone {
            self.bindings.remove(user);
        }
        while let Some(oldest) = self.issued.front() {
            let is_old =
                self.nonces.get(oldest).is_none_or(|n| now.saturating_duration_since(n.issued) > NONCE_LIFE);
            if !is_old {
                break;
            }
            if let Some(oldest) = self.issued.pop_front() {
                self.nonces.remove(&oldest);
            }
        }
        gone
    }
}

fn with_expires(binding: &Binding, now: Instant) -> String {
    let left = binding.expires_at.saturating_duration_since(now).as_secs();
    format!("<{}>;expires={left}", binding.contact)
}

/// Whose address is to be bound.
fn to_user(request: &ServerRequest) -> String {
    let uri = request.request().to_header().ok().and_then(|to| to.uri().ok());
    uri.and_then(|uri| uri.user().map(str::to_owned)).unwrap_or_default()
}

/// The headers of a 401.
#[must_use]
pub fn challenge_headers(challenges: Vec<String>) -> Vec<Header> {
    challenges
        .into_iter()
        .map(|value| Header::WwwAuthenticate(untyped::WwwAuthenticate::new(value)))
        .collect()
}

/// The headers of an answer with `code`.
#[must_use]
pub fn refusal_headers(code: u16) -> Vec<Header> {
    match code {
        423 => vec![Header::MinExpires(untyped::MinExpires::new(EXPIRES_SECONDS.start().to_string()))],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededChance;

    fn answer(challenges: &[String], at: usize) -> String {
        digest::answer(&challenges[at], "anna", "hemligt", "REGISTER", "sip:x", "c").unwrap()
    }

    fn challenged(claim: Claim) -> Vec<String> {
        match claim {
            Claim::Challenge(challenges) => challenges,
            other => panic!("not challenged: {other:?}"),
        }
    }

    #[test]
    fn an_answer_counts_once_and_only_in_time() {
        let chance = SeededChance::new(1);
        let mut registrar = Registrar::new("lots");
        let start = Instant::now();
        let challenges = challenged(registrar.judge(None, "anna", false, start, &chance));
        let authorization = answer(&challenges, 0);
        let proof = registrar.judge(Some(&authorization), "anna", false, start, &chance);
        assert!(matches!(proof, Claim::Proof(_)));
        let again = challenged(registrar.judge(Some(&authorization), "anna", false, start, &chance));
        assert!(again[0].contains("stale=true"));
        let late = registrar.judge(
            Some(&answer(&again, 0)),
            "anna",
            false,
            start + Duration::from_secs(301),
            &chance,
        );
        assert!(matches!(late, Claim::Challenge(_)));
        assert_eq!(
            registrar.judge(Some(&authorization), "berit", false, start, &chance),
            Claim::Refused(403)
        );
    }

    #[test]
    fn both_hashes_prove_and_a_wrong_password_does_not() {
        let chance = SeededChance::new(1);
        let user: UserId = vocabulary::NewId::next(vocabulary::Timestamp::UNIX_EPOCH, &chance);
        let account = |password: &str| Account {
            user,
            ha1_md5: Algorithm::Md5.ha1("anna", "lots", password),
            ha1_sha256: Algorithm::Sha256.ha1("anna", "lots", password),
        };
        for at in [0, 1] {
            let mut registrar = Registrar::new("lots");
            let challenges = challenged(registrar.judge(None, "anna", false, Instant::now(), &chance));
            let credentials = Credentials::parse(&answer(&challenges, at)).unwrap();
            assert_eq!(registrar.prove(&credentials, Some(&account("hemligt"))), Some(user));
            assert_eq!(registrar.prove(&credentials, Some(&account("fel"))), None);
            assert_eq!(registrar.prove(&credentials, None), None);
        }
    }

    #[test]
    fn who_does_not_understand_is_offered_md5_alone() {
        let chance = SeededChance::new(1);
        let mut registrar = Registrar::new("lots");
        let now = Instant::now();
        assert_eq!(challenged(registrar.judge(None, "anna", true, now, &chance)).len(), 1);
        assert_eq!(challenged(registrar.judge(None, "berit", false, now, &chance)).len(), 2);
        let again = challenged(registrar.judge(None, "berit", false, now, &chance));
        assert_eq!(again.len(), 1);
        let answer = digest::answer(&again[0], "berit", "hemligt", "REGISTER", "sip:x", "c").unwrap();
        assert!(matches!(registrar.judge(Some(&answer), "berit", false, now, &chance), Claim::Proof(_)));
        assert_eq!(challenged(registrar.judge(None, "berit", false, now, &chance)).len(), 2);
    }

    #[test]
    fn challenges_are_bounded() {
        let chance = SeededChance::new(1);
        let mut registrar = Registrar::new("lots");
        let now = Instant::now();
        for _ in 0..NONCES_MAX + 10 {
            registrar.judge(None, "anna", false, now, &chance);
        }
        assert_eq!((registrar.nonces.len(), registrar.issued.len()), (NONCES_MAX, NONCES_MAX));
        registrar.expire(now + NONCE_LIFE + Duration::from_secs(1));
        assert_eq!((registrar.nonces.len(), registrar.issued.len()), (0, 0));
    }
}
