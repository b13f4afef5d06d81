//! The form an article is written in: what it sends, and how it looks.

use super::{Names, path};
use crate::{
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    t,
    uploads::{FILES_PER_FORM_MAX, Upload},
    visit::Visit,
    words::Words,
};
use knowledge::model::{
    ANSWER_CHARS_MAX, APPROACH_CHARS_MAX, ArticleFile, BODY_CHARS_MAX, KEYWORDS_CHARS_MAX, LINKS_MAX,
    NOTE_CHARS_MAX, TITLE_CHARS_MAX, URL_CHARS_MAX,
};
use knowledge::{ArticleLink, AttachedFile, Content, KnowledgeError, Wording};
use maud::{Markup, html};
use storage::files::NewDocument;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{AnyId, ArticleFileId, ArticleId, AssignmentId, CaseTypeId, DepartmentId, UserId};

/// What keeps the form's ids apart from others'.
const PREFIX: &str = "article";
/// Rows for links beyond those that are filled in.
const LINK_ROWS_SPARE: usize = 2;

/// What is being written.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// Of which article; made when the form is shown, so that a form that arrives twice makes one.
    pub article: ArticleId,
    /// The version it is written from; 0 for a new article.
    pub base: u32,
    pub content: Content,
    pub note: String,
    /// The case it came of.
    pub case: Option<AnyId>,
    /// What was searched and not found.
    pub gap: Option<AnyId>,
}

fn id<T>(text: &str, make: fn(uuid::Uuid) -> T) -> Option<T> {
    text.parse().ok().map(make)
}

/// A day, or none; what is no day is a fault.
fn day(upload: &Upload, field: &'static str, words: &Words, faults: &mut Faults) -> Option<Date> {
    let text = upload.field(field).trim();
    let day = text.parse().ok();
    if day.is_none() && !text.is_empty() {
        faults.add(field, t!(words, "article-fault-day"));
    }
    day
}

impl Draft {
    /// What the form sent, and the files that came with it. What cannot be chosen is left out.
    pub fn read(
        upload: Upload,
        names: &Names,
        fresh: ArticleId,
        words: &Words,
        faults: &mut Faults,
    ) -> (Self, Vec<(NewDocument, bool)>) {
        let text = |field: &str| upload.field(field).to_owned();
        let wording = |[title, answer, body]: [&str; 3]| {
            let wording = Wording { title: text(title), answer: text(answer), body: text(body) };
            Some(wording).filter(|wording| *wording != Wording::default())
        };
        let known = |id: &CaseTypeId| names.types.iter().any(|(known, ..)| known == id);
        let usual = id(upload.field("case_type"), CaseTypeId::from_untyped_uuid);
        let others = upload.values("case_types").filter_map(|text| id(text, CaseTypeId::from_untyped_uuid));
        let links = (0..LINKS_MAX).map(|n| ArticleLink {
            title: text(&format!("link_title_{n}")),
            url: text(&format!("link_url_{n}")),
            public: upload.ticked(&format!("link_public_{n}")),
        });
        let public: Vec<&str> = upload.values("public_file").collect();
        let files = upload.values("keep_file").filter_map(|text| {
            let file = id(text, ArticleFileId::from_untyped_uuid)?;
            Some(AttachedFile { file, public: public.contains(&text) })
        });
        let content = Content {
            internal: wording(["title", "answer", "body"]),
            public: wording(["public_title", "public_answer", "public_body"]),
            keywords: text("keywords"),
            approach: text("approach"),
            department: id(upload.field("department"), DepartmentId::from_untyped_uuid)
                .filter(|id| names.departments.contains_key(id)),
            assignment: id(upload.field("assignment"), AssignmentId::from_untyped_uuid)
                .filter(|id| names.assignments.iter().any(|(known, _)| known == id)),
            case_types: usual.into_iter().chain(others).filter(known).collect(),
            owner: id(upload.field("owner"), UserId::from_untyped_uuid)
                .filter(|id| names.users.contains_key(id)),
            review_day: day(&upload, "review_day", words, faults),
            valid_from: day(&upload, "valid_from", words, faults),
            valid_to: day(&upload, "valid_to", words, faults),
            links: links.collect(),
            files: files.collect(),
        };
        let draft = Self {
            article: id(upload.field("article"), ArticleId::from_untyped_uuid).unwrap_or(fresh),
            base: upload.field("version").parse().unwrap_or(0),
            content: content.tidied(),
            note: text("note"),
            case: upload.field("case").parse().ok(),
            gap: upload.field("gap").parse().ok(),
        };
        let new_public = upload.ticked("new_public");
        let new_files = upload.into_files().into_iter().map(|file| (NewDocument::from(file), new_public));
        (draft, new_files.collect())
    }
}

/// At which field a refusal is shown.
pub(super) fn field_of(error: &KnowledgeError) -> Option<&'static str> {
    match error {
        KnowledgeError::Length { field, .. } | KnowledgeError::Unprintable { field } => Some(field),
        KnowledgeError::Link(_) => Some("links"),
        KnowledgeError::ValidOrder => Some("valid_to"),
        KnowledgeError::TooMany { what, .. } => Some(what),
        KnowledgeError::File(_) => Some("files"),
        KnowledgeError::Refused(knowledge::life::Refusal::OwnerGone) => Some("owner"),
        _ => None,
    }
}

/// The form. `slug` is none for a new article.
pub(super) fn show(
    visit: &Visit,
    names: &Names,
    draft: &Draft,
    files: &[ArticleFile],
    slug: Option<&str>,
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    let action = slug.map_or_else(|| "/knowledge/new".to_owned(), |slug| format!("{}/edit", path(slug)));
    html! {
        form #article-form method="post" action=(action) enctype="multipart/form-data" novalidate {
            (forms::token(visit))
            input type="hidden" name="article" value=(draft.article.into_untyped_uuid());
            input type="hidden" name="version" value=(draft.base);
            @if let Some(case) = draft.case { input type="hidden" name="case" value=(case); }
            @if let Some(gap) = draft.gap { input type="hidden" name="gap" value=(gap); }
            div .columns {
                div { (texts(words, draft, faults)) }
                div {
                    (responsibility(words, names, draft, faults))
                    (types(words, names, draft))
                    (around(words, draft, faults))
                    (attachments(words, draft, files, faults))
                }
            }
            div .card {
                (text(words, "note", t!(words, "article-note"), &draft.note, NOTE_CHARS_MAX, faults))
                div .actions {
                    button type="submit" name="what" value="save" .primary { (t!(words, "article-save")) }
                    button type="submit" name="what" value="ask" { (t!(words, "article-save-and-ask")) }
                    button type="submit" name="what" value="preview" hx-post="/knowledge/preview" hx-target="#preview"
                        hx-select="" hx-swap="innerHTML" { (t!(words, "article-preview")) }
                }
            }
        }
    }
}

fn line(
    words: &Words,
    name: &'static str,
    label: String,
    value: &str,
    room: usize,
    faults: &Faults,
) -> Markup {
    Field::line(PREFIX, name, label, value).optional().room(room).show(words, faults)
}

fn text(
    words: &Words,
    name: &'static str,
    label: String,
    value: &str,
    room: usize,
    faults: &Faults,
) -> Markup {
    Field::line(PREFIX, name, label, value).optional().kind(Kind::Text).room(room).show(words, faults)
}

/// Room to write in: the rest of an article is longer than a note.
fn long_text(
    words: &Words,
    name: &'static str,
    label: String,
    value: &str,
    rows: u32,
    faults: &Faults,
) -> Markup {
    let id = format!("{PREFIX}-{name}");
    let (hint, fault) = (t!(words, "article-body-hint"), faults.of(name));
    html! {
        div .field {
            label for=(id) { (label) " " span .optional { (t!(words, "optional")) } }
            (forms::notes(&id, Some(&hint), fault))
            textarea id=(id) name=(name) rows=(rows) maxlength=(BODY_CHARS_MAX)
                aria-describedby=[forms::described_by(&id, true, fault.is_some())] aria-invalid=[fault.map(|_| "true")] { (value) }
        }
    }
}

fn texts(words: &Words, draft: &Draft, faults: &Faults) -> Markup {
    let nothing = Wording::default();
    let internal = draft.content.internal.as_ref().unwrap_or(&nothing);
    let public = draft.content.public.as_ref().unwrap_or(&nothing);
    html! {
        fieldset .card {
            legend { (t!(words, "article-internal")) }
            p .hint { (t!(words, "article-internal-hint")) }
            (line(words, "title", t!(words, "article-title"), &internal.title, TITLE_CHARS_MAX, faults))
            (text(words, "answer", t!(words, "article-answer"), &internal.answer, ANSWER_CHARS_MAX, faults))
            (long_text(words, "body", t!(words, "article-body"), &internal.body, 10, faults))
            (text(words, "approach", t!(words, "article-approach"), &draft.content.approach, APPROACH_CHARS_MAX, faults))
        }
        fieldset .card {
            legend { (t!(words, "article-public")) }
            p .hint { (t!(words, "article-public-hint")) }
            (line(words, "public_title", t!(words, "article-question"), &public.title, TITLE_CHARS_MAX, faults))
            (text(words, "public_answer", t!(words, "article-answer"), &public.answer, ANSWER_CHARS_MAX, faults))
            (long_text(words, "public_body", t!(words, "article-body"), &public.body, 6, faults))
        }
    }
}

fn day_field(
    words: &Words,
    name: &'static str,
    label: String,
    value: Option<Date>,
    faults: &Faults,
) -> Markup {
    let value = value.map(|day| day.to_string()).unwrap_or_default();
    Field::line(PREFIX, name, label, &value).optional().kind(Kind::Day).show(words, faults)
}

fn select(
    words: &Words,
    name: &'static str,
    label: String,
    choices: &[Choice],
    chosen: Option<uuid::Uuid>,
    faults: &Faults,
) -> Markup {
    let chosen = chosen.map(|id| id.to_string()).unwrap_or_default();
    let nothing = Some(t!(words, "article-none"));
    Select {
        name,
        prefix: PREFIX,
        label,
        choices,
        chosen: &chosen,
        nothing,
        required: false,
        type_ahead_next: None,
    }
    .show(words, faults)
}

fn responsibility(words: &Words, names: &Names, draft: &Draft, faults: &Faults) -> Markup {
    let content = &draft.content;
    let owners: Vec<Choice> =
        names.owners.iter().map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone())).collect();
    let departments: Vec<Choice> = names
        .departments
        .iter()
        .map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone()))
        .collect();
    let assignments: Vec<Choice> = names
        .assignments
        .iter()
        .map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone()))
        .collect();
    html! {
        fieldset .card {
            legend { (t!(words, "article-responsibility")) }
            p .hint { (t!(words, "article-responsibility-hint")) }
            (select(words, "owner", t!(words, "article-owner"), &owners, content.owner.map(|id| id.into_untyped_uuid()), faults))
            (day_field(words, "review_day", t!(words, "article-review-day"), content.review_day, faults))
            (select(words, "department", t!(words, "article-department"), &departments, content.department.map(|id| id.into_untyped_uuid()), faults))
            @if !assignments.is_empty() {
                (select(words, "assignment", t!(words, "article-assignment"), &assignments, content.assignment.map(|id| id.into_untyped_uuid()), faults))
            }
            div .row {
                (day_field(words, "valid_from", t!(words, "article-valid-from"), content.valid_from, faults))
                (day_field(words, "valid_to", t!(words, "article-valid-to"), content.valid_to, faults))
            }
        }
    }
}

/// How it is found, what it becomes, and where there is more.
fn around(words: &Words, draft: &Draft, faults: &Faults) -> Markup {
    let content = &draft.content;
    let rows = (content.links.len() + LINK_ROWS_SPARE).min(LINKS_MAX);
    let nothing = ArticleLink { title: String::new(), url: String::new(), public: false };
    html! {
        fieldset .card {
            legend { (t!(words, "article-found-by")) }
            (text(words, "keywords", t!(words, "article-keywords"), &content.keywords, KEYWORDS_CHARS_MAX, faults))
        }
        fieldset .card {
            legend { (t!(words, "article-links")) }
            @if let Some(fault) = faults.of("links") { p .field-error { (fault) } }
            @for n in 0..rows {
                @let link = content.links.get(n).unwrap_or(&nothing);
                (link_row(words, n, link))
            }
        }
    }
}

fn link_row(words: &Words, n: usize, link: &ArticleLink) -> Markup {
    let (title, url, public) =
        (format!("link_title_{n}"), format!("link_url_{n}"), format!("link_public_{n}"));
    let number = i64::try_from(n + 1).unwrap_or(0);
    html! {
        div .link-row {
            div .field {
                label for=(title) { (t!(words, "article-link-title", number = number)) }
                input id=(title) name=(title) type="text" value=(link.title) maxlength=(TITLE_CHARS_MAX) autocomplete="off";
            }
            div .field {
                label for=(url) { (t!(words, "article-link-url", number = number)) }
                input id=(url) name=(url) type="url" value=(link.url) maxlength=(URL_CHARS_MAX) autocomplete="off" placeholder="https://";
            }
            div .check {
                input type="checkbox" id=(public) name=(public) value="yes" checked[link.public];
                label for=(public) { (t!(words, "article-link-public", number = number)) }
            }
        }
    }
}

fn attachments(words: &Words, draft: &Draft, files: &[ArticleFile], faults: &Faults) -> Markup {
    let fault = faults.of("files");
    let hint = t!(words, "document-hint", count = FILES_PER_FORM_MAX.to_string());
    html! {
        fieldset .card {
            legend { (t!(words, "article-files")) }
            @for file in files {
                @let attached = draft.content.files.iter().find(|attached| attached.file == file.id);
                @let id = file.id.into_untyped_uuid();
                @let (keep, public) = (format!("keep-{id}"), format!("public-{id}"));
                div .row {
                    div .check {
                        input type="checkbox" id=(keep) name="keep_file" value=(id) checked[attached.is_some()];
                        label for=(keep) { (file.name) }
                    }
                    div .check {
                        input type="checkbox" id=(public) name="public_file" value=(id) checked[attached.is_some_and(|a| a.public)];
                        label for=(public) { (t!(words, "article-file-public")) span .visually-hidden { ": " (file.name) } }
                    }
                }
            }
            div .field {
                label for="article-files" { (t!(words, "article-files-add")) " " span .optional { (t!(words, "optional")) } }
                (forms::notes("article-files", Some(&hint), fault))
                input #article-files type="file" name="files" multiple accept=(storage::files::accepted())
                    aria-describedby=[forms::described_by("article-files", true, fault.is_some())]
                    aria-invalid=[fault.map(|_| "true")];
            }
            (forms::tick(PREFIX, "new_public", &t!(words, "article-files-new-public"), false))
        }
    }
}

/// The case types: the usual one, and those it may become as well.
fn types(words: &Words, names: &Names, draft: &Draft) -> Markup {
    let content = &draft.content;
    let choices: Vec<Choice> = names
        .types
        .iter()
        .map(|(id, name, category)| Choice {
            group: Some(category.clone()),
            ..Choice::new(id.into_untyped_uuid(), name.clone())
        })
        .collect();
    let others: Vec<CaseTypeId> = content.case_types.iter().skip(1).copied().collect();
    html! {
        fieldset .card {
            legend { (t!(words, "article-types")) }
            (select(words, "case_type", t!(words, "article-type-usual"), &choices, content.case_type().map(|id| id.into_untyped_uuid()), &Faults::none()))
            details open[!others.is_empty()] {
                summary { (t!(words, "article-types-others")) }
                div .type-ticks {
                    @for (id, name, _) in &names.types {
                        @let uuid = id.into_untyped_uuid();
                        @let box_id = format!("type-{uuid}");
                        div .check {
                            input type="checkbox" id=(box_id) name="case_types" value=(uuid) checked[others.contains(id)];
                            label for=(box_id) { (name) }
                        }
                    }
                }
            }
        }
    }
}
