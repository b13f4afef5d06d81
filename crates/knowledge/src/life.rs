//! Where an article stands and who may take it further: draft, reviewed, published, archived. Pure.
//!
//! The review is by another pair of eyes: whoever wrote words of a text that nobody has reviewed leaves it to somebody who
//! did not, as long as there is such a reviewer. Where all reviewers have written in it, the one who wrote last leaves it to
//! another; where there is one reviewer only, they review themselves, since a text that is never published helps nobody.

use crate::model::Content;
use vocabulary::UserId;
use vocabulary::civil::Date;

vocabulary::words! {
    /// Where an article's newest version stands.
    ArticleState, "article state" {
        /// Being written.
        Draft = "draft",
        /// Somebody else has read it and it can be published.
        Reviewed = "reviewed",
        /// Read by guides, and by residents if it has a public text.
        Published = "published",
        /// Read by nobody any longer; kept.
        Archived = "archived",
    }
}

vocabulary::words! {
    /// What can be done with an article.
    Deed, "deed" {
        /// Write a new version.
        Write = "write",
        /// Ask for somebody to review it.
        AskReview = "ask_review",
        /// Say that it is right.
        Review = "review",
        /// Give it back to be written on.
        SendBack = "send_back",
        /// Let it be read.
        Publish = "publish",
        /// Say that what is read is still right, until the next review day.
        Confirm = "confirm",
        /// Take it out of use.
        Archive = "archive",
        /// Take it into use again, as a draft.
        Reopen = "reopen",
    }
}

vocabulary::words! {
    /// Why something is not done with an article, although what was asked could be read.
    Refusal, "article refusal" {
        /// It is archived; reopen it first.
        Archived = "archived",
        /// It is not archived.
        NotArchived = "not_archived",
        /// It is reviewed already, or out of use.
        NotDraft = "not_draft",
        /// Nobody has reviewed it.
        NotReviewed = "not_reviewed",
        /// It is not published, or being rewritten.
        NotPublished = "not_published",
        /// One does not review what one has written oneself.
        OwnWords = "own_words",
        /// That takes somebody who reviews articles, or the article's owner.
        NotYours = "not_yours",
        /// It has no owner.
        NoOwner = "no_owner",
        /// It has no review day.
        NoReviewDay = "no_review_day",
        /// Its review day is not ahead, or too far ahead.
        ReviewDay = "review_day",
        /// Its owner cannot sign in any longer.
        OwnerGone = "owner_gone",
        /// A note says what is wrong.
        NoteMissing = "note_missing",
    }
}

impl std::error::Error for Refusal {}

storage::word_value!(ArticleState);

/// Whoever does something, as the article sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// Whether they review and publish articles.
    pub reviews: bool,
    /// Whether the article is theirs.
    pub owns: bool,
    /// Whether they leave the review to somebody else ([`leaves_to_another`]).
    pub leaves: bool,
}

impl Hand {
    /// The house itself, which puts articles in.
    pub const HOUSE: Self = Self { reviews: true, owns: false, leaves: false };
}

/// Where an article stands after a deed.
///
/// # Errors
/// [`Refusal`], if it cannot be done from where it stands or not by that hand.
pub fn after(state: ArticleState, deed: Deed, hand: Hand) -> Result<ArticleState, Refusal> {
    use ArticleState::{Archived, Draft, Published, Reviewed};
    let by_reviewer = |next| if hand.reviews { Ok(next) } else { Err(Refusal::NotYours) };
    match (deed, state) {
        (
            Deed::Write | Deed::AskReview | Deed::Review | Deed::SendBack | Deed::Publish | Deed::Confirm,
            Archived,
        ) => Err(Refusal::Archived),
        (Deed::Write, _) | (Deed::AskReview | Deed::SendBack, Draft) => Ok(Draft),
        (Deed::AskReview, _) => Err(Refusal::NotDraft),
        (Deed::Review, Draft) if hand.reviews && hand.leaves => Err(Refusal::OwnWords),
        (Deed::Review, Draft) => by_reviewer(Reviewed),
        (Deed::Review, _) => Err(Refusal::NotDraft),
        (Deed::SendBack, Reviewed) => by_reviewer(Draft),
        (Deed::SendBack, Published) => Err(Refusal::NotDraft),
        (Deed::Publish, Draft) => Err(Refusal::NotReviewed),
        (Deed::Publish, Reviewed | Published) => by_reviewer(Published),
        (Deed::Confirm, Published) if hand.owns || hand.reviews => Ok(Published),
        (Deed::Confirm, Published) => Err(Refusal::NotYours),
        (Deed::Confirm, _) => Err(Refusal::NotPublished),
        (Deed::Archive, _) => by_reviewer(Archived),
        (Deed::Reopen, Archived) => Ok(Draft),
        (Deed::Reopen, _) => Err(Refusal::NotArchived),
    }
}

/// Whether `reviewer` leaves a text to somebody else: `authors` wrote what nobody has reviewed, the last one last;
/// `reviewers` are those who could review it.
#[must_use]
pub fn leaves_to_another(reviewer: UserId, authors: &[UserId], reviewers: &[UserId]) -> bool {
    let others = || reviewers.iter().filter(|other| **other != reviewer);
    let wrote = authors.contains(&reviewer);
    let wrote_last = authors.last() == Some(&reviewer);
    wrote && (others().any(|other| !authors.contains(other)) || (wrote_last && others().next().is_some()))
}

/// Proof that a content may be published: it has an owner and a review day. What is written as published in the database
/// takes one of these.
#[derive(Clone, Copy, Debug)]
pub struct Publishable<'a> {
    content: &'a Content,
    owner: UserId,
    review_day: Date,
}

impl<'a> Publishable<'a> {
    /// Looks whether it may.
    ///
    /// # Errors
    /// [`Refusal::NoOwner`] or [`Refusal::NoReviewDay`].
    pub fn of(content: &'a Content) -> Result<Self, Refusal> {
        let owner = content.owner.ok_or(Refusal::NoOwner)?;
        let review_day = content.review_day.ok_or(Refusal::NoReviewDay)?;
        Ok(Self { content, owner, review_day })
    }

    /// The same, with a review day that lies ahead of `today` and no more than
    /// [`crate::model::REVIEW_DAYS_MAX`] days.
    ///
    /// # Errors
    /// [`Refusal::ReviewDay`] besides those of [`Self::of`].
    pub fn ahead(content: &'a Content, today: Date) -> Result<Self, Refusal> {
        let publishable = Self::of(content)?;
        let days = (publishable.review_day - today).get_days();
        if (1..=crate::model::REVIEW_DAYS_MAX).contains(&days) {
            Ok(publishable)
        } else {
            Err(Refusal::ReviewDay)
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn owner(&self) -> UserId {
        self.owner
    }

    /// What is published.
    #[must_use]
    pub const fn content(&self) -> &Content {
        self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;
    use vocabulary::{NewId as _, SeededChance, Timestamp};

    fn user(n: u64) -> UserId {
        UserId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(n))
    }

    /// The whole table: what each hand makes of each state. The hands are a writer, the owner, a reviewer who wrote it
    /// and one who did not; the letters are the states' first, `-` is a refusal.
    #[test]
    fn the_table_is_the_one_that_was_decided() {
        let hands = [
            Hand::default(),
            Hand { owns: true, ..Hand::default() },
            Hand { reviews: true, leaves: true, owns: false },
            Hand { reviews: true, ..Hand::default() },
        ];
        let told: Vec<String> = Deed::ALL
            .iter()
            .map(|deed| {
                let cell = |state: &ArticleState| -> String {
                    hands
                        .iter()
                        .map(|hand| match after(*state, *deed, *hand) {
                            Ok(next) => next.as_str().chars().next().unwrap().to_ascii_uppercase(),
                            Err(_) => '-',
                        })
                        .collect()
                };
                format!("{deed}: {}", ArticleState::ALL.iter().map(cell).collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            told,
            [
                // Draft Reviewed Published Archived
                "write: DDDD DDDD DDDD ----",
                "ask_review: DDDD ---- ---- ----",
                "review: ---R ---- ---- ----",
                "send_back: DDDD --DD ---- ----",
                "publish: ---- --PP --PP ----",
                "confirm: ---- ---- -PPP ----",
                "archive: --AA --AA --AA --AA",
                "reopen: ---- ---- ---- DDDD",
            ]
        );
    }

    #[test]
    fn one_leaves_ones_own_words_to_another_while_there_is_another() {
        let [anna, bo, cia] = [1, 2, 3].map(user);
        assert!(!leaves_to_another(anna, &[bo], &[anna, bo]), "she wrote none of it");
        assert!(leaves_to_another(anna, &[anna, bo], &[anna, bo, cia]), "Cia has not written in it");
        assert!(leaves_to_another(anna, &[bo, anna], &[anna, bo]), "she wrote last");
        assert!(!leaves_to_another(anna, &[anna, bo], &[anna, bo]), "both wrote; the other one wrote last");
        assert!(!leaves_to_another(anna, &[anna], &[anna]), "there is nobody else");
    }

    #[test]
    fn nothing_is_publishable_without_owner_and_a_day_ahead() {
        let today = date(2026, 11, 2);
        let mut content = Content::default();
        assert_eq!(Publishable::of(&content).err(), Some(Refusal::NoOwner));
        content.owner = Some(user(1));
        assert_eq!(Publishable::of(&content).err(), Some(Refusal::NoReviewDay));
        for (day, fits) in [(date(2026, 11, 2), false), (date(2026, 11, 3), true), (date(2029, 1, 1), false)]
        {
            content.review_day = Some(day);
            assert_eq!(Publishable::ahead(&content, today).is_ok(), fits, "{day}");
            assert!(Publishable::of(&content).is_ok(), "what is put in by the house may be overdue");
        }
    }
}
