//! What everybody must know today, on top of every public page: the crisis message that is in force, and what departments
//! have planned that touches people now.

use super::shelf::{Standing, public};
use crate::{t, visit::Visit, words::Words};
use maud::{Markup, html};
use storage::{Session, StorageError};
use vocabulary::{GenericUuid as _, Timestamp, local_day};

/// Something that stands on top of the public pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is a crisis message: those stand first and are said to be important.
    pub crisis: bool,
    /// What tells it from the others and from its own earlier versions.
    pub mark: String,
    /// What happens.
    pub title: String,
    /// What to know and do.
    pub text: String,
    /// Where; empty if it is nowhere in particular.
    pub place: String,
    /// From when.
    pub from: Timestamp,
    /// Until when, if that is known.
    pub until: Option<Timestamp>,
    /// Whether only the days count.
    pub all_day: bool,
    /// When it was last changed.
    pub changed: Timestamp,
    /// The answers that tell more: slug and title.
    pub more: Vec<(String, String)>,
}

/// What is to be told now: crises first, then what is planned, soonest first.
///
/// # Errors
/// The database.
pub fn read(s: &mut Session<'_>, standing: &Standing, now: Timestamp) -> Result<Vec<Notice>, StorageError> {
    let crises = crisis::queries::live(s, now)?.into_iter().map(|message| Notice {
        crisis: true,
        mark: format!("{}-{}", message.id.into_untyped_uuid(), message.version),
        title: message.title,
        text: message.public_text,
        place: String::new(),
        from: message.since,
        until: None,
        all_day: false,
        changed: message.since,
        more: Vec::new(),
    });
    let planned = ahead::queries::notices(s, now)?.into_iter().map(|notice| Notice {
        crisis: false,
        mark: notice.event.into_untyped_uuid().to_string(),
        title: notice.title,
        text: notice.text,
        place: notice.place,
        from: notice.begins_at,
        until: notice.ends_at,
        all_day: notice.all_day,
        changed: notice.changed_at,
        more: standing
            .these(notice.articles)
            .map(|article| (article.slug.clone(), public(article).title.clone()))
            .collect(),
    });
    Ok(crises.chain(planned).collect())
}

/// The notices as they stand on top. The element is always there, so that the script can fill it when something happens.
#[must_use]
pub fn shown(visit: &Visit, notices: &[Notice], open: bool) -> Markup {
    html! {
        section #notices .notices aria-label=(t!(visit.words, "site-notices")) data-src=(super::link(visit, "/site/notices"))
            data-open[open] aria-live="polite" { (inside(visit, notices, open)) }
    }
}

/// What stands in the notices' element: a crisis in full; what is planned in full where one begins (`open`), elsewhere by its
/// title, to be folded out.
#[must_use]
pub fn inside(visit: &Visit, notices: &[Notice], open: bool) -> Markup {
    let words = visit.words;
    html! {
        @for notice in notices.iter().filter(|notice| notice.crisis) {
            div .notice .bad {
                p { span .badge .bad { (t!(words, "site-important")) } " " strong lang="sv" { (notice.title) } }
                (told(visit, notice))
            }
        }
        @for notice in notices.iter().filter(|notice| !notice.crisis) {
            details .notice .warn open[open] {
                summary lang="sv" { strong { (notice.title) } }
                (told(visit, notice))
            }
        }
    }
}

fn told(visit: &Visit, notice: &Notice) -> Markup {
    html! {
        @if !notice.text.is_empty() { p .pre lang="sv" { (notice.text) } }
        @for (slug, title) in &notice.more {
            p { a href=(super::link(visit, &format!("/questions/{slug}"))) lang="sv" { (title) } }
        }
        p .small .soft {
            @if !notice.place.is_empty() { span lang="sv" { (notice.place) } " · " }
            (lasts(visit.words, notice, visit.now))
        }
    }
}

/// From when until when it lasts, in words.
fn lasts(words: &Words, notice: &Notice, now: Timestamp) -> String {
    let at = |at: Timestamp| if notice.all_day { words.day(local_day(at)) } else { words.day_and_time(at) };
    let from = if notice.from <= now {
        t!(words, "site-since", at = at(notice.from))
    } else {
        t!(words, "site-from", at = at(notice.from))
    };
    // Whole days end as the next begins: the last of them is what people mean.
    let last = |until: Timestamp| {
        if notice.all_day { until - vocabulary::SignedDuration::from_secs(1) } else { until }
    };
    match notice.until {
        Some(until) => format!("{from} {}", t!(words, "site-until", at = at(last(until)))),
        None => from,
    }
}
