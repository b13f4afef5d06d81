//! Where a letter belongs: one pure decision from what has been looked up.
//!
//! The subject line is not among the facts, on purpose. A Message-ID is no secret either: whoever has seen a letter, or
//! guesses well, can name it. So a letter is let into a conversation, or on to a case, only when it names a letter of it
//! **and** comes from somebody who has part in it. Anybody else's is laid before a person, who sees what it claims.

use vocabulary::{CaseId, ConversationId, LinkId, MessageId};

/// What has been looked up about a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether it has been taken in before: by place in the mailbox, or by its bytes.
    pub known: bool,
    /// Who or what wrote it.
    pub writer: Writer,
    /// The officer's link whose signed reply address is among the recipients.
    pub officer_address: Option<LinkId>,
    /// What the letters are part of that it says it answers, in the order in which it names them.
    pub threads: Vec<Thread>,
}

/// Who or what wrote a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A person.
    Person,
    /// A machine, or an address of our own.
    Machine,
    /// A mail server: a letter did not arrive.
    Server {
        /// The letter of ours it is about, if it is one of ours and went to the recipient the report names.
        about: Option<MessageId>,
        /// Whether it never will arrive.
        permanent: bool,
    },
}

/// What one named letter is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thread {
    /// A conversation.
    Conversation {
        /// Which.
        id: ConversationId,
        /// Whether the sender has part in it.
        participant: bool,
    },
    /// A letter about a case that Lots wrote to a resident.
    CaseLetter {
        /// The case.
        case: CaseId,
        /// Whether it went to this sender.
        participant: bool,
    },
    /// A question to an officer.
    Question {
        /// The officer's link.
        link: LinkId,
        /// The case.
        case: CaseId,
        /// Whether it went to this sender.
        participant: bool,
    },
}

impl Thread {
    const fn participant(self) -> bool {
        match self {
            Self::Conversation { participant, .. }
            | Self::CaseLetter { participant, .. }
            | Self::Question { participant, .. } => participant,
        }
    }
}

/// Where a letter belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is here already.
    Known,
    /// It says that a letter of ours did not arrive.
    Undelivered(MessageId),
    /// A machine's: kept where it belongs if that is known, waited for by nobody.
    Quiet(Option<Belongs>),
    /// An officer's answer.
    Officer(LinkId),
    /// Goes on in a conversation.
    Conversation(ConversationId),
    /// A resident's answer to a letter about a case.
    Case(CaseId),
    /// New, but says that it answers something its sender has no part in: for a person to look at.
    Stranger(Belongs),
    /// New.
    New,
}

/// What a letter belongs to, or says that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// A conversation.
    Conversation(ConversationId),
    /// A case.
    Case(CaseId),
}

/// Where a letter with these facts belongs.
#[must_use]
pub fn place(facts: &Facts) -> Place {
    if facts.known {
        return Place::Known;
    }
    let own = facts.threads.iter().copied().find(|thread| thread.participant());
    match facts.writer {
        Writer::Server { about: Some(message), permanent: true } => return Place::Undelivered(message),
        // A report that it takes longer, or about a letter we know nothing of, changes nothing.
        Writer::Server { .. } => return Place::Quiet(None),
        // Out of office says nothing about the case, not even from the officer's own reply address.
        Writer::Machine => return Place::Quiet(own.and_then(belongs_to_residents)),
        Writer::Person => {}
    }
    if let Some(link) = facts.officer_address {
        return Place::Officer(link);
    }
    match (own, facts.threads.first()) {
        (Some(Thread::Conversation { id, .. }), _) => Place::Conversation(id),
        (Some(Thread::CaseLetter { case, .. }), _) => Place::Case(case),
        (Some(Thread::Question { link, .. }), _) => Place::Officer(link),
        (None, Some(foreign)) => Place::Stranger(belongs(*foreign)),
        (None, None) => Place::New,
    }
}

const fn belongs(thread: Thread) -> Belongs {
    match thread {
        Thread::Conversation { id, .. } => Belongs::Conversation(id),
        Thread::CaseLetter { case, .. } | Thread::Question { case, .. } => Belongs::Case(case),
    }
}

/// What a machine's letter may be laid to. A question to an officer is the house's own business: no conversation with a
/// resident is made of it.
const fn belongs_to_residents(thread: Thread) -> Option<Belongs> {
    match thread {
        Thread::Question { .. } => None,
        other => Some(belongs(other)),
    }
}

/// Whether a letter in this place is acknowledged, if its mailbox does that: only what is new and from a person.
#[must_use]
pub const fn is_acknowledged(place: Place) -> bool {
    matches!(place, Place::New)
}

/// Whether an address is one that machines write from and nobody reads: no answer is sent there.
#[must_use]
pub fn nobody_reads(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let begins = ["noreply", "donotreply", "mailerdaemon", "bounce", "nobody", "svarainte", "svarej"];
    local.is_empty()
        || begins.iter().any(|machine| plain.starts_with(machine))
        || matches!(plain.as_str(), "postmaster" | "autosvar" | "daemon" | "automailer")
        || plain.ends_with("noreply")
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-bounces")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: ConversationId = ConversationId::from_u128(1);
    const B: ConversationId = ConversationId::from_u128(2);
    const CASE: CaseId = CaseId::from_u128(3);
    const LINK: LinkId = LinkId::from_u128(4);
    const OTHER_LINK: LinkId = LinkId::from_u128(5);
    const MESSAGE: MessageId = MessageId::from_u128(6);

    fn conversation(id: ConversationId, participant: bool) -> Thread {
        Thread::Conversation { id, participant }
    }

    fn person(threads: &[Thread]) -> Facts {
        Facts { known: false, writer: Writer::Person, officer_address: None, threads: threads.to_vec() }
    }

    #[test]
    fn a_person_is_let_in_where_they_have_part() {
        assert_eq!(place(&person(&[])), Place::New);
        assert_eq!(place(&person(&[conversation(A, true)])), Place::Conversation(A));
        assert_eq!(
            place(&person(&[Thread::CaseLetter { case: CASE, participant: true }])),
            Place::Case(CASE)
        );
        let question = Thread::Question { link: LINK, case: CASE, participant: true };
        assert_eq!(place(&person(&[question])), Place::Officer(LINK));
    }

    #[test]
    fn a_stranger_is_laid_before_a_person_whatever_is_named() {
        assert_eq!(place(&person(&[conversation(A, false)])), Place::Stranger(Belongs::Conversation(A)));
        assert_eq!(
            place(&person(&[Thread::CaseLetter { case: CASE, participant: false }, conversation(A, false)])),
            Place::Stranger(Belongs::Case(CASE))
        );
        let question = Thread::Question { link: LINK, case: CASE, participant: false };
        assert_eq!(place(&person(&[question])), Place::Stranger(Belongs::Case(CASE)));
    }

    #[test]
    fn among_what_is_named_the_senders_own_counts_and_of_these_the_first() {
        assert_eq!(place(&person(&[conversation(A, false), conversation(B, true)])), Place::Conversation(B));
        assert_eq!(place(&person(&[conversation(A, true), conversation(B, true)])), Place::Conversation(A));
    }

    #[test]
    fn the_signed_address_decides_before_the_thread() {
        let mut facts = person(&[conversation(A, true)]);
        facts.officer_address = Some(OTHER_LINK);
        assert_eq!(place(&facts), Place::Officer(OTHER_LINK));
        facts.writer = Writer::Machine;
        assert_eq!(place(&facts), Place::Quiet(Some(Belongs::Conversation(A))), "out of office is no answer");
    }

    #[test]
    fn a_report_is_about_a_letter_of_ours_or_about_nothing() {
        let report = |about, permanent| {
            let mut facts = person(&[conversation(A, true)]);
            facts.writer = Writer::Server { about, permanent };
            place(&facts)
        };
        assert_eq!(report(Some(MESSAGE), true), Place::Undelivered(MESSAGE));
        assert_eq!(report(Some(MESSAGE), false), Place::Quiet(None));
        assert_eq!(report(None, true), Place::Quiet(None));
    }

    #[test]
    fn addresses_that_nobody_reads() {
        for machine in [
            "noreply@a.se",
            "no-reply@a.se",
            "No.Reply@a.se",
            "MAILER-DAEMON@a.se",
            "bounces+17@a.se",
            "x-noreply@a.se",
            "postmaster@a.se",
            "owner-list@a.se",
            "list-request@a.se",
            "svara-inte@a.se",
            "",
            "@a.se",
        ] {
            assert!(nobody_reads(machine), "{machine}");
        }
        for person in ["kim@a.se", "nora@a.se", "reply@a.se", "anna.noren@a.se", "post@a.se"] {
            assert!(!nobody_reads(person), "{person}");
        }
    }

    fn any_thread() -> impl Strategy<Value = Thread> {
        (0..3_u8, 1..4_u128, any::<bool>()).prop_map(|(sort, id, participant)| match sort {
            0 => Thread::Conversation { id: ConversationId::from_u128(id), participant },
            1 => Thread::CaseLetter { case: CaseId::from_u128(id), participant },
            _ => Thread::Question { link: LinkId::from_u128(id), case: CaseId::from_u128(id), participant },
        })
    }

    fn any_writer() -> impl Strategy<Value = Writer> {
        (0..3_u8, any::<bool>(), any::<bool>()).prop_map(|(sort, ours, permanent)| match sort {
            0 => Writer::Person,
            1 => Writer::Machine,
            _ => Writer::Server { about: ours.then_some(MESSAGE), permanent },
        })
    }

    proptest! {
        #[test]
        fn nobody_without_part_is_ever_let_in(
            known: bool,
            writer in any_writer(),
            addressed: bool,
            threads in proptest::collection::vec(any_thread(), 0..6),
        ) {
            let officer_address = addressed.then_some(LINK);
            let facts = Facts { known, writer: writer.clone(), officer_address, threads: threads.clone() };
            let has_part = |wanted: &dyn Fn(Thread) -> bool| {
                threads.iter().any(|thread| thread.participant() && wanted(*thread))
            };
            let of_conversation = |id| has_part(&|t| matches!(t, Thread::Conversation { id: other, .. } if other == id));
            let of_case = |id| has_part(&|t| matches!(t, Thread::CaseLetter { case, .. } if case == id));
            let asked = |link| has_part(&|t| matches!(t, Thread::Question { link: other, .. } if other == link));
            let sound = match place(&facts) {
                Place::Known => known,
                Place::Conversation(id) => writer == Writer::Person && of_conversation(id),
                Place::Case(id) => writer == Writer::Person && of_case(id),
                Place::Officer(link) => writer == Writer::Person && (officer_address == Some(link) || asked(link)),
                Place::Quiet(Some(Belongs::Conversation(id))) => writer == Writer::Machine && of_conversation(id),
                Place::Quiet(Some(Belongs::Case(id))) => writer == Writer::Machine && of_case(id),
                Place::Quiet(None) => writer != Writer::Person,
                Place::Undelivered(_) => matches!(writer, Writer::Server { permanent: true, .. }),
                Place::Stranger(_) => !threads.is_empty() && !has_part(&|_| true),
                Place::New => threads.is_empty() && !addressed,
            };
            prop_assert!(sound, "{facts:?} belongs {:?}", place(&facts));
        }
    }
}
