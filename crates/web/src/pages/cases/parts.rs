//! On a case's page: its files, those with a part in it, the cases it has to do with, and what was merged into it.

use super::show::{Opened, path};
use crate::{
    components::{
        badges,
        forms::{self, Choice, Faults, Field, Kind, Select},
        lists,
    },
    pages::resident_card,
    t,
    uploads::FILES_PER_FORM_MAX,
    visit::Visit,
    words::Words,
};
use cases::queries::{Neighbour, Relation, StakeholderLine};
use cases::{Document, StakeholderRole};
use maud::{Markup, html};
use people::Action;
use vocabulary::GenericUuid as _;

/// A file's size as people say it.
#[must_use]
pub fn size(words: &Words, bytes: u64) -> String {
    const KILO: u64 = 1_024;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..1_048_576 => format!("{} kB", bytes.div_ceil(KILO)),
        _ => {
            let tenths = bytes.saturating_mul(10) / (KILO * KILO);
            let whole = f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0;
            format!("{} MB", words.one_decimal(whole))
        }
    }
}

/// From which merged case something came, if it did.
pub fn origin(visit: &Visit, opened: &Opened, row: uuid::Uuid) -> Markup {
    html! {
        @if let Some(number) = opened.page.parts.origins.get(&row) {
            span .soft .small { (t!(visit.words, "case-came-from", number = number.as_str())) }
        }
    }
}

/// The files, and the form that adds one.
pub fn documents(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let documents = &opened.page.parts.documents;
    html! {
        section .card aria-labelledby="documents-heading" {
            h2 #documents-heading { (t!(words, "case-documents")) }
            @if documents.is_empty() { (lists::empty(&t!(words, "case-documents-none"))) }
            ul .timeline { @for document in documents { (document_line(visit, opened, document)) } }
            @if visit.may(Action::ChangeCase) {
                details open[faults.of("files").is_some()] {
                    summary { (t!(words, "case-document-add")) }
                    form method="post" action=(path(opened, "documents")) enctype="multipart/form-data" {
                        (forms::token(visit))
                        (file_field(words, "document", &t!(words, "case-document-files"), faults))
                        (forms::tick("document", "public", &t!(words, "document-make-public"), false))
                        p { button type="submit" { (t!(words, "case-document-save")) } }
                    }
                }
            }
        }
    }
}

/// A field for files.
#[must_use]
pub fn file_field(words: &Words, prefix: &str, label: &str, faults: &Faults) -> Markup {
    let id = format!("{prefix}-files");
    let hint = t!(words, "document-hint", count = FILES_PER_FORM_MAX.to_string());
    let fault = faults.of("files");
    html! {
        div .field {
            label for=(id) { (label) }
            (forms::notes(&id, Some(&hint), fault))
            input id=(id) type="file" name="files" multiple accept=(cases::documents::accepted())
                aria-describedby=[forms::described_by(&id, true, fault.is_some())]
                aria-invalid=[fault.map(|_| "true")];
        }
    }
}

fn document_line(visit: &Visit, opened: &Opened, document: &Document) -> Markup {
    let words = visit.words;
    let id = document.id.into_untyped_uuid();
    let by = document.author_id.and_then(|author| opened.names.get(&author).cloned());
    let name = document.name.as_str();
    let (label, named) = if document.public {
        (t!(words, "document-hide"), t!(words, "document-hide-named", name = name))
    } else {
        (t!(words, "document-show"), t!(words, "document-show-named", name = name))
    };
    html! {
        li {
            div .timeline-head {
                a href=(path(opened, &format!("documents/{id}"))) download { (document.name) }
                span .soft .small { (size(words, document.size_bytes)) }
                @if document.public { span .badge .info { (t!(words, "note-public")) } }
                (origin(visit, opened, id))
            }
            p .small .soft {
                (words.when(document.added_at, visit.now)) ", "
                (by.unwrap_or_else(|| words.word("actor", &document.author_kind)))
            }
            @if visit.may(Action::ChangeCase) {
                form method="post" action=(path(opened, &format!("documents/{id}/public"))) {
                    (forms::token(visit))
                    @if !document.public { input type="hidden" name="public" value="yes"; }
                    button type="submit" .slim aria-label=(named) { (label) }
                }
            }
        }
    }
}

/// Those with a part in the case.
pub fn stakeholders(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let present = &opened.page.parts.stakeholders;
    let wrong =
        ["name", "organisation", "telephone", "email", "address"].iter().any(|f| faults.of(f).is_some());
    html! {
        section .card aria-labelledby="stakeholders-heading" {
            h2 #stakeholders-heading { (t!(words, "case-stakeholders")) }
            @if present.is_empty() { (lists::empty(&t!(words, "case-stakeholders-none"))) }
            ul .timeline { @for line in present { (stakeholder_line(visit, opened, line)) } }
            @if visit.may(Action::ChangeCase) {
                details open[wrong] {
                    summary { (t!(words, "case-stakeholder-add")) }
                    (stakeholder_form(visit, opened, faults))
                }
            }
        }
    }
}

/// How a stakeholder is named: by the card of the resident they are, else as written.
fn stakeholder_name(words: &Words, line: &StakeholderLine) -> String {
    match &line.resident {
        Some(resident) => resident_card::name_of(words, resident),
        None => {
            let written = line.stakeholder.name.clone().or_else(|| line.stakeholder.organisation.clone());
            written.unwrap_or_else(|| t!(words, "case-stakeholder-unnamed"))
        }
    }
}

fn stakeholder_line(visit: &Visit, opened: &Opened, line: &StakeholderLine) -> Markup {
    let words = visit.words;
    let one = &line.stakeholder;
    let id = one.id.into_untyped_uuid();
    let name = stakeholder_name(words, line);
    let protected = line.resident.as_ref().is_some_and(|resident| resident.protected);
    html! {
        li {
            div .timeline-head {
                strong { (name) }
                span .badge { (words.word("stakeholder", one.role.as_str())) }
                (origin(visit, opened, id))
            }
            @if let Some(resident) = &line.resident {
                p { a href=(format!("/residents/{}", resident.id.into_untyped_uuid())) { (t!(words, "case-stakeholder-card")) } }
            }
            @if !protected {
                p .small {
                    @if one.name.is_some() { @if let Some(organisation) = &one.organisation { (organisation) " " } }
                    @if let Some(telephone) = &one.telephone { (words.telephone(telephone)) " " }
                    @if let Some(email) = &one.email { (email) " " }
                    @if let Some(address) = &one.address { (address) }
                }
            }
            @if visit.may(Action::ChangeCase) {
                form method="post" action=(path(opened, &format!("stakeholders/{id}/remove"))) {
                    (forms::token(visit))
                    button type="submit" .slim aria-label=(t!(words, "case-stakeholder-remove-named", name = name.as_str())) {
                        (t!(words, "case-stakeholder-remove"))
                    }
                }
            }
        }
    }
}

fn stakeholder_form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let roles: Vec<Choice> = StakeholderRole::ALL
        .iter()
        .map(|role| Choice::new(role, words.word("stakeholder", role.as_str())))
        .collect();
    let role = Select {
        name: "role",
        prefix: "stakeholder",
        label: t!(words, "case-stakeholder-role"),
        choices: &roles,
        chosen: StakeholderRole::Relative.as_str(),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    let field = |name, label| Field::line("stakeholder", name, label, "").optional();
    html! {
        form method="post" action=(path(opened, "stakeholders")) {
            (forms::token(visit))
            (role.show(words, faults))
            (field("name", t!(words, "case-stakeholder-name")).room(people::text::NAME_CHARS_MAX).show(words, faults))
            (field("organisation", t!(words, "case-stakeholder-organisation"))
                .room(people::text::NAME_CHARS_MAX).show(words, faults))
            (field("telephone", t!(words, "case-stakeholder-telephone")).kind(Kind::Telephone).show(words, faults))
            (field("email", t!(words, "case-stakeholder-email")).kind(Kind::Email).show(words, faults))
            (field("address", t!(words, "case-stakeholder-address")).show(words, faults))
            p { button type="submit" { (t!(words, "case-stakeholder-save")) } }
        }
    }
}

/// The cases this one has to do with, and what was merged into it.
pub fn connections(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let parts = &opened.page.parts;
    html! {
        section .card aria-labelledby="connections-heading" {
            h2 #connections-heading { (t!(words, "case-connections")) }
            @if parts.neighbours.is_empty() && parts.merged.is_empty() { (lists::empty(&t!(words, "case-connections-none"))) }
            ul .timeline {
                @for (relation, neighbour) in &parts.neighbours { (neighbour_line(visit, opened, *relation, neighbour)) }
                @for merged in &parts.merged {
                    li {
                        div .timeline-head {
                            strong { (merged.number) }
                            span .badge .warn { (t!(words, "case-merged-here")) }
                            span .soft .small { (words.when(merged.merge.merged_at, visit.now)) }
                        }
                        @if let Some((title, description)) = &merged.told {
                            p { (title) }
                            @if !description.is_empty() { p .pre .small { (description) } }
                        }
                        p .small .soft { (t!(words, "case-arrived-on", day = words.day(merged.arrival_day))) }
                        @if visit.may(Action::ChangeCase) {
                            form method="post" action=(path(opened, &format!("merges/{}/undo", merged.merge.id.into_untyped_uuid()))) {
                                (forms::token(visit))
                                button type="submit" .slim aria-label=(t!(words, "case-merge-undo-named", number = merged.number.as_str())) {
                                    (t!(words, "case-merge-undo"))
                                }
                            }
                        }
                    }
                }
            }
            @if visit.may(Action::ChangeCase) {
                details { summary { (t!(words, "case-link-add")) } (link_form(visit, opened, faults)) }
                details { summary { (t!(words, "case-merge")) } (merge_form(visit, opened, faults)) }
                @if can_split(opened) {
                    details { summary { (t!(words, "case-split")) } (split_form(visit, opened, faults)) }
                }
            }
        }
    }
}

fn neighbour_line(visit: &Visit, opened: &Opened, relation: Relation, neighbour: &Neighbour) -> Markup {
    let words = visit.words;
    html! {
        li {
            div .timeline-head {
                span .soft { (words.word("case-relation", relation.as_str())) }
                a href=(format!("/cases/{}", neighbour.id.into_untyped_uuid())) { (neighbour.number) }
                (badges::status(words, neighbour.status))
            }
            @if let Some(title) = &neighbour.title { p { (title) } }
            @if visit.may(Action::ChangeCase) {
                form method="post" action=(path(opened, "links/remove")) {
                    (forms::token(visit))
                    input type="hidden" name="other" value=(neighbour.id.into_untyped_uuid());
                    input type="hidden" name="relation" value=(relation.as_str());
                    button type="submit" .slim aria-label=(t!(words, "case-link-remove-named", number = neighbour.number.as_str())) {
                        (t!(words, "case-link-remove"))
                    }
                }
            }
        }
    }
}

fn link_form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> = Relation::ALL
        .iter()
        .map(|relation| Choice::new(relation.as_str(), words.word("case-relation-choice", relation.as_str())))
        .collect();
    let relation = Select {
        name: "relation",
        prefix: "link",
        label: t!(words, "case-link-how"),
        choices: &choices,
        chosen: Relation::Related.as_str(),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    html! {
        form method="post" action=(path(opened, "links")) {
            (forms::token(visit))
            (relation.show(words, faults))
            (Field::line("link", "number", t!(words, "case-other-number"), "").hint(t!(words, "case-number-hint")).room(20).show(words, faults))
            p { button type="submit" { (t!(words, "case-link-save")) } }
        }
    }
}

fn merge_form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action=(path(opened, "merge")) {
            (forms::token(visit))
            p .small { (t!(words, "case-merge-help", number = opened.page.case.number.as_str())) }
            (Field::line("merge", "number", t!(words, "case-merge-number"), "").hint(t!(words, "case-number-hint")).room(20).show(words, faults))
            p { button type="submit" { (t!(words, "case-merge-do")) } }
        }
    }
}

fn can_split(opened: &Opened) -> bool {
    let parts = &opened.page.parts;
    opened.page.notes.iter().any(|note| note.follow_up_id.is_none())
        || !parts.documents.is_empty()
        || !parts.stakeholders.is_empty()
}

fn split_form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let parts = &opened.page.parts;
    let line = |name: &'static str, id: uuid::Uuid, label: &str| {
        let field = format!("split-{id}");
        html! {
            div .check {
                input type="checkbox" id=(field) name=(name) value=(id);
                label for=(field) { (label) }
            }
        }
    };
    let beginning = |text: &str| text.chars().take(80).collect::<String>();
    html! {
        form method="post" action=(path(opened, "split")) {
            (forms::token(visit))
            p .small { (t!(words, "case-split-help")) }
            fieldset {
                legend { (t!(words, "case-split-what")) }
                @for note in opened.page.notes.iter().filter(|note| note.follow_up_id.is_none()) {
                    (line("note", note.id.into_untyped_uuid(), &beginning(&note.text)))
                }
                @for document in &parts.documents { (line("document", document.id.into_untyped_uuid(), &document.name)) }
                @for one in &parts.stakeholders {
                    (line("stakeholder", one.stakeholder.id.into_untyped_uuid(), &stakeholder_name(words, one)))
                }
            }
            (opened.type_select("split", "").show(words, faults))
            (Field::line("split", "title", t!(words, "case-split-title"), "").optional().show(words, faults))
            p { button type="submit" { (t!(words, "case-split-do")) } }
        }
    }
}
