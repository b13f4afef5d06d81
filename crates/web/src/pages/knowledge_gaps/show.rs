//! One gap: how it is asked, what can be done, what was done and whether it helped.

use super::{chart, count, list, path};
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Select},
        layout::Page,
    },
    error::PageError,
    pages::knowledge::Names,
    t,
    visit::Visit,
};
use axum::extract::{Path, State};
use knowledge::asked::gaps::{Gap, GapDetails, GapState, WINDOW_WEEKS};
use knowledge::asked::helped::{Course, Helped, helped};
use knowledge::asked::{Act, SynonymDraft, gaps, queries};
use knowledge::{Article, KnowledgeError};
use maud::{Markup, html};
use people::Action;
use quality::{Change, Ratio};
use vocabulary::GenericUuid as _;
use vocabulary::{GapId, local_day};

/// Ways of asking shown.
const WAYS_MAX: usize = 20;

/// What the page shows.
struct Seen {
    details: GapDetails,
    helped: Helped,
    shown_first: Option<Article>,
    acts: Vec<(Act, String, Option<String>)>,
    names: Names,
}

/// `GET /knowledge/gaps/{id}`
///
/// # Errors
/// There is no such gap; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    page(&state, &visit, GapId::from_untyped_uuid(id), &SynonymDraft::default(), &Faults::none()).await
}

/// The page, with a synonym as it was typed and what is wrong with it.
pub(super) async fn page(
    state: &AppState,
    visit: &Visit,
    id: GapId,
    draft: &SynonymDraft,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let now = visit.now;
    let seen = state
        .db
        .read(move |s| -> Result<Option<Seen>, KnowledgeError> {
            let Some(details) = gaps::gap(s, now, id)? else { return Ok(None) };
            let helped = helped(s, now, &details.gap)?;
            let shown_first = match details.shown_first {
                Some(id) => knowledge::queries::newest(s, id)?,
                None => None,
            };
            let mut acts = Vec::new();
            for done in &details.gap.acts {
                let (name, way) = match done.act {
                    Act::Article(id) => match knowledge::queries::newest(s, id)? {
                        Some(article) => {
                            (article.title().to_owned(), Some(format!("/knowledge/{}", article.slug)))
                        }
                        None => (String::new(), None),
                    },
                    Act::Synonym(id) => {
                        let set = queries::synonym(s, id)?;
                        let words =
                            set.map(|set| set.words.iter().chain(&set.means).cloned().collect::<Vec<_>>());
                        (words.unwrap_or_default().join(", "), Some("/knowledge/synonyms".to_owned()))
                    }
                    Act::Task(_) => (String::new(), Some("/knowledge/tasks".to_owned())),
                };
                acts.push((done.act, name, way));
            }
            Ok(Some(Seen { details, helped, shown_first, acts, names: Names::read(s)? }))
        })
        .await?
        .ok_or(PageError::NotFound)?;
    Ok(whole(visit, &seen, draft, faults))
}

fn whole(visit: &Visit, seen: &Seen, draft: &SynonymDraft, faults: &Faults) -> Markup {
    let words = visit.words;
    let gap = &seen.details.gap;
    let content = html! {
        p { a href="/knowledge/gaps" { (t!(words, "gaps-back")) } }
        div .columns {
            section .card aria-labelledby="missed-heading" {
                h2 #missed-heading { (t!(words, "gap-missed", weeks = WINDOW_WEEKS)) }
                (facts(visit, seen))
                h3 { (t!(words, "gap-ways")) }
                ul { @for (way, n) in seen.details.ways.iter().take(WAYS_MAX) {
                    li { (way) " " span .soft { (t!(words, "gap-times", count = count(*n))) } }
                } }
                @if seen.details.ways.is_empty() { p .soft { (t!(words, "gap-ways-none")) } }
            }
            section .card aria-labelledby="do-heading" {
                h2 #do-heading { (t!(words, "gap-do")) }
                (deeds(visit, seen, draft, faults))
            }
        }
        (outcome(visit, seen))
    };
    Page::wide(t!(words, "gap-title", question = gap.question.clone())).around(visit, &content)
}

fn facts(visit: &Visit, seen: &Seen) -> Markup {
    let words = visit.words;
    let gap = &seen.details.gap;
    html! {
        dl .facts {
            dt { (t!(words, "gap-state")) } dd { (words.word("gap-state", list::state_word(gap.state))) }
            dt { (t!(words, "gap-kind-no-hit")) } dd { (gap.no_hit) }
            dt { (t!(words, "gap-kind-no-click")) } dd { (gap.no_click) }
            dt { (t!(words, "gap-kind-contact")) } dd { (gap.contacted) }
            dt { (t!(words, "gap-trend")) } dd { (list::trend(visit, gap)) }
            @if gap.misses() > 0 { dt { (t!(words, "gap-last")) } dd { (words.day(local_day(gap.last_at))) } }
            @if let Some(article) = &seen.shown_first {
                dt { (t!(words, "gap-shown-first")) }
                dd { a href=(format!("/knowledge/{}", article.slug)) { (article.title()) } }
            }
        }
    }
}

fn deeds(visit: &Visit, seen: &Seen, draft: &SynonymDraft, faults: &Faults) -> Markup {
    let words = visit.words;
    let gap = &seen.details.gap;
    let to = path(gap.id);
    html! {
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @if visit.may(Action::WriteArticles) {
            form method="post" action="/knowledge/new" {
                (forms::token(visit))
                input type="hidden" name="what" value="begin";
                input type="hidden" name="title" value=(gap.question);
                input type="hidden" name="gap" value=(gap.id.into_untyped_uuid());
                @if let Some(case_type) = gap.case_type {
                    input type="hidden" name="case_type" value=(case_type.into_untyped_uuid());
                }
                p { button type="submit" .primary { (t!(words, "gap-write-article")) } }
            }
            (task_form(visit, seen, &to))
        }
        @if visit.may(Action::EditSynonyms) {
            (synonym_form(visit, gap, &to, draft, faults))
            (topic_form(visit, seen, &to))
            @if gap.state == GapState::Open {
                form method="post" action=(format!("{to}/dismiss")) {
                    (forms::token(visit))
                    p .hint { (t!(words, "gap-dismiss-hint")) }
                    button type="submit" { (t!(words, "gap-dismiss")) }
                }
            } @else if gap.state == GapState::Dismissed {
                (forms::button(visit, &format!("{to}/reopen"), "", &t!(words, "gap-reopen")))
            }
        }
    }
}

fn task_form(visit: &Visit, seen: &Seen, to: &str) -> Markup {
    let words = visit.words;
    let owners: Vec<Choice> = seen
        .names
        .owners
        .iter()
        .map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone()))
        .collect();
    let mine = visit.user_id().into_untyped_uuid().to_string();
    let owner = Select {
        name: "owner",
        prefix: "gap",
        label: t!(words, "gap-owner"),
        choices: &owners,
        chosen: &mine,
        nothing: Some(t!(words, "gap-owner-nobody")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        form method="post" action=(format!("{to}/task")) {
            (forms::token(visit))
            (owner.show(words, &Faults::none()))
            (Field::line("gap", "note", t!(words, "gap-note"), "").optional().room(500).show(words, &Faults::none()))
            p { button type="submit" { (t!(words, "gap-make-task")) } }
        }
    }
}

fn synonym_form(visit: &Visit, gap: &Gap, to: &str, draft: &SynonymDraft, faults: &Faults) -> Markup {
    let words = visit.words;
    // What is asked, without what was masked and what no synonym holds.
    let asked = if draft.words.is_empty() { plain(&gap.question) } else { draft.words.clone() };
    html! {
        details open[!faults.is_empty()] {
            summary { (t!(words, "gap-teach")) }
            form method="post" action=(format!("{to}/synonym")) {
                (forms::token(visit))
                (Field::line("synonym", "words", t!(words, "synonym-asked"), &asked).hint(t!(words, "synonym-words-hint"))
                    .room(400).show(words, faults))
                (Field::line("synonym", "means", t!(words, "synonym-same"), &draft.means).room(400).show(words, faults))
                (forms::tick("synonym", "one_way", &t!(words, "synonym-one-way"), false))
                p { button type="submit" { (t!(words, "synonym-add")) } }
            }
        }
    }
}

/// A question as words that a synonym can have: without what was masked, and without signs.
fn plain(question: &str) -> String {
    const WORDS_MAX: usize = 4;
    let mut bare = String::new();
    let mut inside = false;
    for c in question.chars() {
        inside = match c {
            '«' => true,
            '»' => false,
            _ => inside,
        };
        bare.push(if !inside && (c.is_alphanumeric() || c == '-') { c } else { ' ' });
    }
    bare.split_whitespace().take(WORDS_MAX).collect::<Vec<_>>().join(" ").to_lowercase()
}

fn topic_form(visit: &Visit, seen: &Seen, to: &str) -> Markup {
    let words = visit.words;
    let types: Vec<Choice> = seen
        .names
        .types
        .iter()
        .map(|(id, name, group)| {
            let mut choice = Choice::new(id.into_untyped_uuid(), name.clone());
            choice.group = Some(group.clone());
            choice
        })
        .collect();
    let chosen = seen.details.gap.case_type.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    let topic = Select {
        name: "case_type",
        prefix: "gap",
        label: t!(words, "gap-topic"),
        choices: &types,
        chosen: &chosen,
        nothing: Some(t!(words, "gap-topic-none")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        form method="post" action=(format!("{to}/topic")) {
            (forms::token(visit))
            p .hint { (t!(words, "gap-topic-hint")) }
            (topic.show(words, &Faults::none()))
            p { button type="submit" { (t!(words, "save")) } }
        }
    }
}

fn outcome(visit: &Visit, seen: &Seen) -> Markup {
    let words = visit.words;
    let helped = &seen.helped;
    html! {
        section .card aria-labelledby="helped-heading" {
            h2 #helped-heading { (t!(words, "gap-helped")) }
            @if seen.acts.is_empty() { p .soft { (t!(words, "gap-nothing-done")) } }
            @else {
                ul { @for ((act, name, way), done) in seen.acts.iter().zip(&seen.details.gap.acts) { li {
                    (words.word("gap-act", act.kind()))
                    @if !name.is_empty() { ": " }
                    @match way {
                        Some(way) if !name.is_empty() => a href=(way) { (name) },
                        _ => (name),
                    }
                    " " span .soft { (words.day(local_day(done.taken_at))) " · "
                        @match done.works_since {
                            Some(since) => (t!(words, "gap-works-since", day = words.day(local_day(since)))),
                            None => (t!(words, "gap-works-not-yet")),
                        }
                    }
                } } }
            }
            h3 #misses-heading { (t!(words, "gap-course-misses")) }
            (course(visit, &helped.misses, "misses", &t!(words, "gap-course-searches")))
            h3 #calls-heading { (t!(words, "gap-course-contacts")) }
            @match &helped.contacts {
                Some(contacts) => {
                    p .soft { (t!(words, "gap-course-types", types = seen.names.types(&helped.case_types))) }
                    (course(visit, contacts, "calls", &t!(words, "gap-course-other-contacts")))
                }
                None => p { (t!(words, "gap-course-no-topic")) },
            }
            p .small .soft { (t!(words, "gap-helped-how")) }
        }
    }
}

/// The verdict, the picture and the table.
fn course(visit: &Visit, course: &Course, id: &str, others: &str) -> Markup {
    let words = visit.words;
    let heading = format!("{id}-heading");
    html! {
        @if let Some(change) = course.change { p { strong { (verdict(visit, change, id)) } } }
        (chart::weeks(words, course, &heading))
        details {
            summary { (t!(words, "gap-course-table")) }
            div .table-wrap tabindex="0" role="region" aria-labelledby=(heading) { table {
                thead { tr {
                    th scope="col" { (t!(words, "gap-course-week")) }
                    th scope="col" .number { (words.word("gap-course-these", id)) }
                    th scope="col" .number { (others) }
                    th scope="col" { (t!(words, "gap-course-when")) }
                } }
                tbody { @for week in &course.weeks { tr {
                    th scope="row" { (words.day(week.first_day)) }
                    td .number { (week.week.these) }
                    td .number { (week.week.others) }
                    td { @if week.after { (t!(words, "gap-course-after")) } @else { (t!(words, "gap-course-before")) } }
                } } }
            } }
        }
    }
}

/// What can be said, in words, with its interval.
fn verdict(visit: &Visit, change: Change, id: &str) -> String {
    let words = visit.words;
    let percent = |share: f64| words.percent(share);
    let interval = |ratio: Ratio| {
        t!(words, "gap-interval", low = signed(percent, ratio.low), high = signed(percent, ratio.high))
    };
    match change {
        Change::TooEarly { weeks } => t!(words, "gap-verdict-early", count = weeks),
        Change::TooFew => t!(words, "gap-verdict-few"),
        Change::Fell(ratio) => {
            let fall = percent(1.0 - ratio.ratio);
            format!("{} {}", words_of(visit, "fell", id, fall), interval(ratio))
        }
        Change::Rose(ratio) => {
            let rise = percent(ratio.ratio - 1.0);
            format!("{} {}", words_of(visit, "rose", id, rise), interval(ratio))
        }
        Change::Unsure(ratio) => format!("{} {}", t!(words, "gap-verdict-unsure"), interval(ratio)),
    }
}

fn words_of(visit: &Visit, how: &str, id: &str, by: String) -> String {
    let words = visit.words;
    match (how, id) {
        ("fell", "misses") => t!(words, "gap-verdict-misses-fell", by = by),
        ("rose", "misses") => t!(words, "gap-verdict-misses-rose", by = by),
        ("fell", _) => t!(words, "gap-verdict-contacts-fell", by = by),
        _ => t!(words, "gap-verdict-contacts-rose", by = by),
    }
}

/// "−40 %", "+12 %".
fn signed(percent: impl Fn(f64) -> String, ratio: f64) -> String {
    let change = ratio - 1.0;
    let sign = if change < 0.0 { "−" } else { "+" };
    format!("{sign}{}", percent(change.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_becomes_words_for_a_synonym() {
        assert_eq!(plain("Var finns «namn» cykelpumpen?"), "var finns cykelpumpen");
        assert_eq!(plain("«telefon»"), "");
        assert_eq!(plain("a b c d e"), "a b c d");
    }

    #[test]
    fn a_change_has_its_sign() {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        assert_eq!(signed(percent, 0.6), "−40 %");
        assert_eq!(signed(percent, 1.12), "+12 %");
    }
}
