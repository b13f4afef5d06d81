//! What residents are written: short, in plain words, and without anything personal.

use super::{Letter, loader, status_name, status_public};
use crate::model::MessageChannel;
use i18n_embed_fl::fl;
use vocabulary::{CaseStatus, Language};

/// What a letter to a resident is made of.
pub(crate) struct ResidentLetter<'a> {
    /// In which language.
    pub language: Language,
    /// The case's number.
    pub number: &'a str,
    /// Where it stands.
    pub status: CaseStatus,
    /// Whether there is an answer to read.
    pub answered: bool,
    /// Where to look; none if the links were taken back.
    pub link: Option<&'a str>,
    /// The code that goes with the number, in the first letter only.
    pub code: Option<&'a str>,
    /// Where the number and the code are typed.
    pub status_page: &'a str,
    /// Who writes.
    pub municipality: &'a str,
}

impl ResidentLetter<'_> {
    /// As an e-mail.
    pub(crate) fn email(&self) -> Letter {
        let loader = loader(self.language);
        let name = status_name(self.language, self.status);
        let mut more = match self.link {
            Some(link) => fl!(loader, "resident-follow", link = link),
            None => fl!(loader, "resident-no-link"),
        };
        if let Some(code) = self.code {
            more.push_str("\n\n");
            let (number, page) = (self.number, self.status_page);
            more.push_str(&fl!(loader, "resident-code", number = number, code = code, page = page));
        }
        Letter {
            subject: if self.answered {
                fl!(loader, "resident-subject-answer", number = self.number)
            } else {
                fl!(loader, "resident-subject", number = self.number, status = name.as_str())
            },
            body: fl!(
                loader,
                "resident-body",
                number = self.number,
                status = name.as_str(),
                text = status_public(self.language, self.status),
                more = more,
                municipality = self.municipality
            ),
        }
    }

    /// As a text message: as short as can be understood.
    pub(crate) fn text(&self) -> Letter {
        let loader = loader(self.language);
        let name = status_name(self.language, self.status);
        let (number, status, municipality) = (self.number, name.as_str(), self.municipality);
        let first = if self.answered {
            fl!(loader, "resident-text-answer", number = number, municipality = municipality)
        } else {
            fl!(loader, "resident-text", number = number, status = status, municipality = municipality)
        };
        let code = self.code.map(|code| fl!(loader, "resident-text-code", code = code));
        let parts = [Some(first), self.link.map(str::to_owned), code];
        Letter {
            subject: fl!(loader, "resident-subject", number = number, status = status),
            body: parts.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        }
    }
}

/// The message with the code that proves who somebody is.
pub(crate) fn proof_letter(
    language: Language,
    channel: MessageChannel,
    code: &str,
    municipality: &str,
) -> Letter {
    let loader = loader(language);
    let subject = fl!(loader, "proof-subject", municipality = municipality);
    let body = match channel {
        MessageChannel::Sms => fl!(loader, "proof-text", code = code, municipality = municipality),
        MessageChannel::Email => fl!(loader, "proof-body", code = code, municipality = municipality),
    };
    Letter { subject, body }
}
