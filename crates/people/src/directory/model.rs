//! Departments, officers, answer groups and telephones.

use md5::Md5;
use sha2::{Digest as _, Sha256};
use std::fmt;
use vocabulary::{AnswerGroupId, DepartmentId, Language, OfficerId, TelephoneId, UserId};

use crate::secret::to_hex;

/// A department (förvaltning): a client that assigns work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// The board (nämnd) that owns its cases.
    pub board: String,
    /// Where what nobody answers is sent.
    pub escalation_email: String,
}

/// What is needed to make a department.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Department")]
pub struct NewDepartment {
    pub code: String,
    pub name: String,
    pub board: String,
    pub escalation_email: String,
}

vocabulary::words! {
    /// Who reads what is sent to a recipient in a department.
    RecipientKind, "recipient kind" {
        /// One person.
        Person = "person",
        /// A function's address (driften@, felanmalan@), read by whoever is on duty.
        Function = "function",
    }
}

storage::word_value!(RecipientKind);

/// An officer (handläggare): a specialist in a department, or a function of it that is written to in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Id.
    pub id: OfficerId,
    /// The department.
    pub department: DepartmentId,
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Where questions are sent; unique.
    pub email: String,
    /// E.164, if known.
    pub telephone: Option<String>,
    /// The language of their mails and pages.
    pub language: Language,
    /// Whether they can be sent cases.
    pub active: bool,
    /// One person, or a function's address.
    pub kind: RecipientKind,
}

/// What is needed to make an officer.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Officer")]
pub struct NewOfficer {
    pub department: DepartmentId,
    pub name: String,
    pub title: String,
    pub email: String,
    pub telephone: Option<String>,
    pub language: Language,
}

/// An answer group (svarsgrupp).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerGroup {
    /// Id.
    pub id: AnswerGroupId,
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// The number residents dial for it, as the trunk presents it; none takes what no other group has.
    pub dialled: Option<String>,
}

/// What is needed to make an answer group.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of AnswerGroup")]
pub struct NewAnswerGroup {
    pub code: String,
    pub name: String,
    pub dialled: Option<String>,
}

/// What a SIP registrar needs to verify a digest (RFC 3261, RFC 8760): H(user:realm:password) in hexadecimal, with MD5
/// and with SHA-256. Whoever holds them can sign in as the telephone, so they are not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SipDigests {
    /// With MD5, for telephones that know nothing better.
    pub ha1_md5: String,
    /// With SHA-256.
    pub ha1_sha256: String,
}

impl fmt::Debug for SipDigests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SipDigests(..)")
    }
}

/// The digests of a SIP account.
#[must_use]
pub fn sip_digests(sip_user: &str, realm: &str, password: &str) -> SipDigests {
    let message = format!("{sip_user}:{realm}:{password}");
    SipDigests {
        ha1_md5: to_hex(&Md5::digest(message.as_bytes())),
        ha1_sha256: to_hex(&Sha256::digest(message.as_bytes())),
    }
}

/// A guide's SIP account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Id.
    pub id: TelephoneId,
    /// Whose.
    pub user: UserId,
    /// The account's name, unique.
    pub sip_user: String,
    /// What its registrations are verified with.
    pub digests: SipDigests,
}
