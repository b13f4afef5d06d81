//! Letters to officers and their departments.

use super::{Letter, day, loader};
use i18n_embed_fl::fl;
use vocabulary::Language;
use vocabulary::civil::Date;

/// What a letter to an officer tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfficerLetter<'a> {
    pub language: Language,
    pub officer: &'a str,
    pub number: &'a str,
    /// Where the question is answered.
    pub link: &'a str,
    /// Where all that waits is counted.
    pub desk: &'a str,
    /// Whether the letter may be answered by e-mail.
    pub by_mail: bool,
    pub municipality: &'a str,
}

/// What an officer and a resident have told each other, as a letter tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exchange<'a> {
    /// The resident's words.
    Told(&'a str),
    /// The resident has answered, and the case is secret: the words are behind the link.
    Secret,
    /// The waiting is over without words of the resident's.
    GoesOn,
}

impl OfficerLetter<'_> {
    /// The question itself. `content` is the title, the message and the description, or none if the case is secret;
    /// `checklist` what the department wants to know, a point a line.
    pub fn question(&self, due: Date, content: Option<(&str, &str, &str)>, checklist: &[String]) -> Letter {
        let &Self { language, officer, number, municipality, .. } = self;
        let loader = loader(language);
        let (due, how) = (day(language, due), self.how());
        let Some((title, message, description)) = content else {
            return self.with_answer_line(Letter {
                subject: fl!(loader, "officer-subject-secret", number = number),
                body: fl!(
                    loader,
                    "officer-body-secret",
                    officer = officer,
                    due = due,
                    number = number,
                    how = how,
                    municipality = municipality
                ),
            });
        };
        let told = (!description.is_empty()).then(|| fl!(loader, "officer-told", description = description));
        let points = (!checklist.is_empty()).then(|| {
            let points: Vec<String> = checklist.iter().map(|point| format!("- {point}")).collect();
            fl!(loader, "officer-checklist", points = points.join("\n"))
        });
        let parts: Vec<&str> = [Some(message).filter(|m| !m.is_empty()), told.as_deref(), points.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        self.with_answer_line(Letter {
            subject: fl!(loader, "officer-subject", number = number, title = title),
            body: fl!(
                loader,
                "officer-body",
                officer = officer,
                due = due,
                number = number,
                title = title,
                content = parts.join("\n\n"),
                how = how,
                municipality = municipality
            ),
        })
    }

    /// A reminder of a question sent on `sent`.
    pub fn reminder(&self, sent: Date) -> Letter {
        let &Self { language, officer, number, municipality, .. } = self;
        self.with_answer_line(Letter {
            subject: fl!(loader(language), "reminder-subject", number = number),
            body: fl!(
                loader(language),
                "reminder-body",
                officer = officer,
                sent = day(language, sent),
                number = number,
                how = self.how(),
                municipality = municipality
            ),
        })
    }

    /// The resident has answered the officer's question, or the waiting for it is over.
    pub fn resident_answered(&self, due: Date, exchange: Exchange<'_>) -> Letter {
        let &Self { language, officer, number, municipality, .. } = self;
        let loader = loader(language);
        let content = match exchange {
            Exchange::Told(words) => fl!(loader, "resident-told-officer", words = words),
            Exchange::Secret => fl!(loader, "resident-told-officer-secret"),
            Exchange::GoesOn => fl!(loader, "resident-told-officer-nothing"),
        };
        self.with_answer_line(Letter {
            subject: fl!(loader, "resident-told-officer-subject", number = number),
            body: fl!(
                loader,
                "resident-told-officer-body",
                officer = officer,
                number = number,
                content = content,
                due = day(language, due),
                how = self.how(),
                municipality = municipality
            ),
        })
    }

    /// The question sent on `sent` is taken back.
    pub fn withdrawn(&self, sent: Date) -> Letter {
        let &Self { language, officer, number, municipality, .. } = self;
        Letter {
            subject: fl!(loader(language), "withdrawn-subject", number = number),
            body: fl!(
                loader(language),
                "withdrawn-body",
                officer = officer,
                sent = day(language, sent),
                number = number,
                municipality = municipality
            ),
        }
    }

    /// How the letter is answered: on the page, and by e-mail if somebody reads it.
    fn how(&self) -> String {
        let loader = loader(self.language);
        let page = fl!(loader, "officer-how", link = self.link, desk = self.desk);
        if self.by_mail { format!("{page}\n\n{}", fl!(loader, "officer-how-by-mail")) } else { page }
    }

    /// Puts the line above which an answer is written on top, so that what is quoted below it is known as quoted
    /// whatever the mail program does to it.
    fn with_answer_line(&self, letter: Letter) -> Letter {
        if !self.by_mail {
            return letter;
        }
        let line = fl!(loader(self.language), "officer-answer-above");
        Letter { body: format!("{line}\n\n{}", letter.body), ..letter }
    }
}

/// What the department's contact is told of a question nobody answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escalation<'a> {
    pub language: Language,
    pub department: &'a str,
    pub number: &'a str,
    pub officer: &'a str,
    pub sent: Date,
    pub due: Date,
    pub municipality: &'a str,
}

/// Tells the department's contact that a question has gone unanswered.
pub(crate) fn escalation_letter(told: &Escalation<'_>) -> Letter {
    let &Escalation { language, department, number, officer, sent, due, municipality } = told;
    let loader = loader(language);
    Letter {
        subject: fl!(loader, "escalation-subject", number = number),
        body: fl!(
            loader,
            "escalation-body",
            department = department,
            number = number,
            officer = officer,
            sent = day(language, sent),
            due = day(language, due),
            municipality = municipality
        ),
    }
}

/// The key to an officer's own page; `hours` is how long it opens.
pub(crate) fn key_letter(
    language: Language,
    officer: &str,
    link: &str,
    hours: i64,
    municipality: &str,
) -> Letter {
    let loader = loader(language);
    Letter {
        subject: fl!(loader, "officer-key-subject"),
        body: fl!(
            loader,
            "officer-key-body",
            officer = officer,
            link = link,
            hours = hours,
            municipality = municipality
        ),
    }
}
