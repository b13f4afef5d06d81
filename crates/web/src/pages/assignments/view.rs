//! What a version says, as whoever reads it sees it: the guide, the manager, and the department that is asked to approve.

use super::{Known, drawing};
use crate::{t, visit::Visit};
use assignments::compare::{self, Names as _};
use assignments::{Agreed, Basis, Referral, RuleKind, Version, words};
use maud::{Markup, html};
use people::Action;
use vocabulary::GenericUuid as _;

/// What stands beside a version's words.
pub(super) struct Beside<'a> {
    /// What ids are told by.
    pub known: &'a Known,
    /// What others own: a rule may point there.
    pub referrals: &'a [Referral],
    /// The terms of its case types as they stand now.
    pub terms: &'a [Agreed],
}

/// Everything a version says.
pub(super) fn basis(visit: &Visit, version: &Version, beside: &Beside<'_>) -> Markup {
    let words = visit.words;
    let basis = &version.basis;
    html! {
        @if !basis.purpose.is_empty() { p .lead .pre { (basis.purpose) } }
        div .rule-columns {
            @for kind in RuleKind::ALL { (rules(visit, basis, *kind, beside.referrals)) }
        }
        section .card aria-labelledby="map-heading" {
            h2 #map-heading { (t!(words, "assignment-map")) }
            @if basis.steps.is_empty() { p .empty { (t!(words, "assignment-map-none")) } }
            @else { (drawing::drawing(visit, &basis.title, &basis.steps)) }
        }
        (case_types(visit, version, beside))
        div .columns {
            (competence(visit, basis, beside.known))
            (contacts(visit, basis))
        }
    }
}

fn rules(visit: &Visit, basis: &Basis, kind: RuleKind, referrals: &[Referral]) -> Markup {
    let language = visit.words.language();
    let own: Vec<_> = basis.rules.iter().filter(|rule| rule.kind == kind).collect();
    let id = format!("rules-{kind}");
    html! {
        @if !own.is_empty() {
            section class=(format!("card rules {}", kind.as_str().replace('_', "-"))) aria-labelledby=(id) {
                h2 id=(id) { (words::rule_kind(language, kind)) }
                ul { @for rule in own {
                    li { (rule.text)
                        @if !rule.instead.is_empty() {
                            @let referral = referrals.iter().find(|referral| referral.code == rule.instead);
                            span .instead { " → "
                                @match referral {
                                    Some(referral) => (referral_words(referral)),
                                    None => (rule.instead),
                                }
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// A referral in a line: whose, and how to reach them.
pub(super) fn referral_words(referral: &Referral) -> Markup {
    html! {
        (referral.owner)
        @if !referral.telephone.is_empty() { ", " (referral.telephone) }
        @if !referral.url.is_empty() { " " a href=(referral.url) rel="noreferrer" { (short_address(&referral.url)) } }
    }
}

/// An address without what browsers put before and after it.
pub(super) fn short_address(url: &str) -> &str {
    let bare = url.split_once("://").map_or(url, |(_, bare)| bare);
    bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/')
}

/// The case types with their terms; and what of them is otherwise than when the department saw it.
fn case_types(visit: &Visit, version: &Version, beside: &Beside<'_>) -> Markup {
    let words = visit.words;
    let edits = visit.may(Action::SeeTerms);
    html! {
        section .card {
            h2 #types-heading { (t!(words, "assignment-types")) }
            @if beside.terms.is_empty() { p .empty { (t!(words, "assignment-types-none")) } } @else {
                p .hint { (t!(words, "assignment-types-hint")) }
                div .table-wrap tabindex="0" role="region" aria-labelledby="types-heading" { table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "log-type")) }
                        th scope="col" { (t!(words, "terms-recipient")) }
                        th scope="col" .number { (t!(words, "terms-due")) }
                        @if edits { th scope="col" { (t!(words, "assignment-terms")) } }
                    } }
                    tbody { @for now in beside.terms {
                        @let then = version.agreed.as_ref().and_then(|all| all.iter().find(|one| one.case_type == now.case_type));
                        tr {
                            th scope="row" { (now.name) }
                            td data-label=(t!(words, "terms-recipient")) {
                                (now.recipient.clone().unwrap_or_else(|| t!(words, "terms-recipient-none")))
                                @if let Some(then) = then.filter(|then| then.recipient != now.recipient) {
                                    br; span .small .changed { (t!(words, "assignment-agreed",
                                        was = then.recipient.clone().unwrap_or_else(|| t!(words, "terms-recipient-none")))) }
                                }
                            }
                            td .number data-label=(t!(words, "terms-due")) {
                                (t!(words, "terms-days", n = now.due_working_days))
                                @if let Some(then) = then.filter(|then| then.due_working_days != now.due_working_days) {
                                    br; span .small .changed { (t!(words, "assignment-agreed",
                                        was = t!(words, "terms-days", n = then.due_working_days))) }
                                }
                            }
                            @if edits {
                                td data-label=(t!(words, "assignment-terms")) {
                                    a href=(format!("/admin/terms/{}", now.case_type.into_untyped_uuid())) {
                                        (t!(words, "assignment-terms-link")) span .visually-hidden { " " (now.name) } }
                                }
                            }
                        }
                    } }
                } }
            }
        }
    }
}

fn competence(visit: &Visit, basis: &Basis, known: &Known) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="competence-heading" {
            h2 #competence-heading { (t!(words, "assignment-competence")) }
            dl .facts {
                @if !basis.groups.is_empty() {
                    dt { (t!(words, "assignment-groups")) }
                    dd { (basis.groups.iter().map(|id| known.group(*id)).collect::<Vec<_>>().join(", ")) }
                }
                @if !basis.skills.is_empty() {
                    dt { (t!(words, "assignment-skills")) }
                    dd { ul { @for skill in &basis.skills { li { (skill) } } } }
                }
                dt { (t!(words, "assignment-volume")) }
                dd { @match basis.contacts_per_month {
                    Some(count) => (t!(words, "assignment-volume-month", n = i64::from(count))),
                    None => (t!(words, "assignment-volume-none")),
                } }
                dt { (t!(words, "assignment-valid-from")) } dd { (words.day(basis.valid_from)) }
                dt { (t!(words, "assignment-notice")) }
                dd { (words::notice(words.language(), basis.notice_months)) }
                dt { (t!(words, "assignment-review-day")) } dd { (words.day(basis.review_day)) }
            }
        }
    }
}

fn contacts(visit: &Visit, basis: &Basis) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="contacts-heading" {
            h2 #contacts-heading { (t!(words, "assignment-contacts")) }
            @if basis.contacts.is_empty() { p .empty { (t!(words, "assignment-contacts-none")) } }
            ul .plain-list { @for person in &basis.contacts {
                li {
                    strong { (person.name) } @if !person.title.is_empty() { ", " (person.title) }
                    p .small { a href=(format!("mailto:{}", person.email)) { (person.email) }
                        @if !person.telephone.is_empty() { " · " (person.telephone) } }
                }
            } }
            @if !basis.public_text.is_empty() {
                h3 { (t!(words, "assignment-public")) }
                p { strong { (public_title(basis)) } }
                p .pre { (basis.public_text) }
            }
        }
    }
}

/// Its heading on the public page.
pub(super) fn public_title(basis: &Basis) -> &str {
    if basis.public_title.is_empty() { &basis.title } else { &basis.public_title }
}

/// What is different between two versions, part by part.
pub(super) fn difference(visit: &Visit, old: &Basis, new: &Basis, known: &Known) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let changes = compare::changes(old, new, language, known);
    html! {
        @if changes.is_empty() { p .empty { (t!(words, "process-no-difference")) } }
        @for (part, before, after) in &changes {
            h3 { (words::part(language, *part)) }
            (crate::pages::processes::difference(visit, &before.join("\n"), &after.join("\n")))
        }
    }
}
