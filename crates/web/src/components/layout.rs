//! The frame around every page.

use crate::{assets, t, visit::Visit};
use maud::{DOCTYPE, Markup, html};
use people::Action;
use vocabulary::GenericUuid as _;
use vocabulary::{Language, local_day};

/// A page to be framed.
#[derive(Clone, Debug)]
pub struct Page {
    /// The title, which is also the first heading.
    pub title: String,
    /// What stands beside the heading: buttons, a state.
    pub aside: Option<Markup>,
    /// Whether the page is a narrow sheet rather than a workplace.
    pub narrow: bool,
}

impl Page {
    /// A workplace as wide as the window.
    #[must_use]
    pub fn wide(title: impl Into<String>) -> Self {
        Self { title: title.into(), aside: None, narrow: false }
    }

    /// A sheet of one column.
    #[must_use]
    pub fn narrow(title: impl Into<String>) -> Self {
        Self { title: title.into(), aside: None, narrow: true }
    }

    /// With something beside the heading.
    #[must_use]
    pub fn with(mut self, aside: Markup) -> Self {
        self.aside = Some(aside);
        self
    }

    /// The whole document.
    #[must_use]
    pub fn around(&self, visit: &Visit, content: &Markup) -> Markup {
        let words = visit.words;
        html! {
            (DOCTYPE)
            html lang=(words.language()) data-clock-speed=[visit.demo_speed] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="htmx-config" content=(HTMX_CONFIG);
                    @if let Some(token) = &visit.csrf { meta name="csrf-token" content=(token); }
                    title { (self.title) " · " (visit.config.town) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(assets::address("main.css"));
                    script src=(assets::address("main.js")) defer {}
                    @if visit.may(Action::UseTelephone) { script src=(assets::address("telephone.js")) defer {} }
                }
                body hx-boost:inherited="true" hx-target:inherited="main" hx-select:inherited="main"
                    hx-swap:inherited="outerHTML" hx-select-oob:inherited="#demo-clock" {
                    a .skip href="#main" { (t!(words, "skip")) }
                    (masthead(visit))
                    main #main .narrow[self.narrow] hx-history-elt {
                        div .page-head {
                            h1 tabindex="-1" { (self.title) }
                            @if let Some(aside) = &self.aside { div .actions { (aside) } }
                        }
                        (content)
                    }
                    @if visit.signed_in.is_some() { div #palette-home hx-preserve data-src="/palette" {} }
                    footer .footer { (t!(words, "footer", town = visit.config.town.clone())) }
                }
            }
        }
    }
}

/// htmx without the styles it would write into the page, and with folded-out details left as the reader has them when
/// a live pane is renewed.
const HTMX_CONFIG: &str = r#"{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","open"]}"#;

/// Where each person can go, in the order in which the work needs it.
const PLACES: &[(&str, &str, Action)] = &[
    ("/guide", "guide", Action::UseGuidePage),
    ("/board", "board", Action::SeeBoard),
    ("/mail", "mail", Action::ReadMail),
    ("/desk", "desk", Action::WorkDesk),
    ("/cases", "cases", Action::ListCases),
    ("/tasks", "tasks", Action::SeeTasks),
    ("/knowledge", "knowledge", Action::SearchKnowledge),
    ("/ahead", "ahead", Action::SeeAhead),
    ("/knowledge/gaps", "knowledge-gaps", Action::SeeSearchGaps),
    ("/processes", "processes", Action::SeeProcesses),
    ("/officers", "officers", Action::ChangeAbsences),
    ("/assignments", "assignments", Action::SeeAssignments),
    ("/ours", "ours", Action::SeeAssignments),
    ("/admin/terms", "terms", Action::SeeTerms),
    ("/crisis", "crisis", Action::SeeSituation),
    ("/situation", "situation", Action::SeeSituation),
    ("/departments", "departments", Action::SeeDepartments),
    ("/records/openings", "openings", Action::ReviewOpenings),
    ("/records/retention", "retention", Action::WeedRecords),
    ("/records/diary", "diary", Action::ExportDiary),
    ("/records/access", "access", Action::SeeBoardAccess),
    ("/admin/users", "users", Action::AdministerUsers),
    ("/admin/api-keys", "api-keys", Action::AdministerApiKeys),
    ("/admin/webhooks", "webhooks", Action::AdministerWebhooks),
];

fn masthead(visit: &Visit) -> Markup {
    let words = visit.words;
    let home = if visit.signed_in.is_some() { "/" } else { "/sign-in" };
    html! {
        header .masthead {
            div .masthead-row {
                a .brand href=(home) { "Lots" span .brand-town { (visit.config.town) } }
                @if visit.signed_in.is_some() {
                    nav aria-label=(t!(words, "nav-label")) {
                        ul {
                            (ways(visit))
                        }
                    }
                }
                div .masthead-end {
                    (language_switch(visit))
                    @if let Some(signed_in) = &visit.signed_in {
                        a href="/account" { (signed_in.user.name) }
                        form method="post" action="/sign-out" hx-boost="false" {
                            (super::forms::token(visit))
                            button type="submit" { (t!(words, "sign-out")) }
                        }
                    }
                }
            }
            @if visit.may(Action::UseTelephone) { (telephone(visit)) }
        }
        @if visit.demo_speed.is_some() && visit.signed_in.is_some() { (demo_strip(visit)) }
    }
}

/// Where the visitor can go: each page's path and name, for the palette.
#[must_use]
pub fn places(visit: &Visit) -> Vec<(&'static str, String)> {
    let mine = PLACES.iter().filter(|(_, _, action)| visit.may(*action));
    let mut places: Vec<_> = mine.map(|(path, word, _)| (*path, visit.words.word("nav", word))).collect();
    places.push(("/keys", t!(visit.words, "shortcuts-title")));
    places
}

/// So many places stand side by side; the rest lie under one word, so that the masthead stays one row.
const PLACES_SHOWN: usize = 6;

fn ways(visit: &Visit) -> Markup {
    let mut mine: Vec<(&str, &str)> = PLACES
        .iter()
        .filter(|(_, _, action)| visit.may(*action))
        .map(|(path, word, _)| (*path, *word))
        .collect();
    if visit.demo_speed.is_some() && visit.may(Action::SeeOutbox) {
        mine.push(("/outbox", "outbox"));
    }
    // One hidden place would cost as much room as the word it lies under.
    let shown = if mine.len() > PLACES_SHOWN + 1 { PLACES_SHOWN } else { mine.len() };
    // Where one is takes the last one's room.
    let beside = shown - usize::from(mine[shown..].iter().any(|(path, _)| is_here(visit, path)));
    let (side_by_side, rest) = mine.split_at(beside);
    html! {
        @for (path, word) in side_by_side { (place(visit, path, word)) }
        // Where one is always stands in sight.
        @for (path, word) in rest { @if is_here(visit, path) { (place(visit, path, word)) } }
        @if !rest.is_empty() {
            li {
                details .nav-more {
                    summary { (t!(visit.words, "nav-more")) }
                    ul { @for (path, word) in rest { @if !is_here(visit, path) { (place(visit, path, word)) } } }
                }
            }
        }
    }
}

fn is_here(visit: &Visit, path: &str) -> bool {
    let within = |path: &str| {
        visit.path == path || visit.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    // One is in the innermost of the places that hold the page.
    within(path) && !PLACES.iter().any(|(other, ..)| other.len() > path.len() && within(other))
}

fn place(visit: &Visit, path: &str, word: &str) -> Markup {
    let here = is_here(visit, path);
    html! { li { a href=(path) aria-current=[here.then_some("page")] { (visit.words.word("nav", word)) } } }
}

fn language_switch(visit: &Visit) -> Markup {
    let other = match visit.words.language() {
        Language::Swedish => Language::English,
        Language::English => Language::Swedish,
    };
    // The other language's own name, so that whoever needs it can read it.
    let name = crate::words::Words::of(other).word("language", other.as_str());
    html! {
        form method="post" action="/language" hx-boost="false" {
            (super::forms::token(visit))
            input type="hidden" name="language" value=(other);
            input type="hidden" name="back" value=(visit.back);
            button type="submit" lang=(other) { (name) }
        }
    }
}

/// The browser's telephone. The script fills it; it lies outside `main`, so that no navigation drops a call.
fn telephone(visit: &Visit) -> Markup {
    let words = visit.words;
    let caller = "{caller}";
    html! {
        section #telephone .telephone aria-label=(t!(words, "telephone")) hx-preserve
            data-ws="/telephone/ws" data-user=(visit.user_id().into_untyped_uuid())
            data-text-off=(t!(words, "telephone-off"))
            data-text-turn-on=(t!(words, "telephone-turn-on"))
            data-text-connecting=(t!(words, "telephone-connecting"))
            data-text-ready=(t!(words, "telephone-ready"))
            data-text-ringing=(t!(words, "telephone-ringing", caller = caller))
            data-text-hidden-number=(t!(words, "telephone-hidden-number"))
            data-text-answering=(t!(words, "telephone-answering"))
            data-text-talking=(t!(words, "telephone-talking", caller = caller))
            data-text-muted=(t!(words, "telephone-muted", caller = caller))
            data-text-ended=(t!(words, "telephone-ended"))
            data-text-call-failed=(t!(words, "telephone-call-failed"))
            data-text-lost=(t!(words, "telephone-lost", seconds = "{seconds}"))
            data-text-elsewhere=(t!(words, "telephone-elsewhere"))
            data-text-use-here=(t!(words, "telephone-use-here"))
            data-text-signed-out=(t!(words, "telephone-signed-out"))
            data-text-microphone-ask=(t!(words, "telephone-microphone-ask"))
            data-text-microphone-denied=(t!(words, "telephone-microphone-denied"))
            data-text-microphone-missing=(t!(words, "telephone-microphone-missing"))
            data-text-answer=(t!(words, "telephone-answer"))
            data-text-decline=(t!(words, "telephone-decline"))
            data-text-hang-up=(t!(words, "telephone-hang-up"))
            data-text-mute=(t!(words, "telephone-mute"))
            data-text-unmute=(t!(words, "telephone-unmute"))
            data-text-ring-tone=(t!(words, "telephone-ring-tone")) {}
    }
}

/// What a demo says of itself: that it is one, what its clock shows, and the buttons that move it.
fn demo_strip(visit: &Visit) -> Markup {
    let words = visit.words;
    let day = local_day(visit.now);
    html! {
        section .demo-strip aria-label=(t!(words, "demo")) {
            div .demo-strip-row {
                strong { (t!(words, "demo")) }
                span #demo-clock { (words.weekday(day)) " " (words.day(day)) " " (words.time(visit.now)) }
                @if visit.may(Action::MoveClock) {
                    @for jump in ["hour", "day", "week"] {
                        form method="post" action="/demo/clock" {
                            (super::forms::token(visit))
                            input type="hidden" name="jump" value=(jump);
                            input type="hidden" name="back" value=(visit.back);
                            button type="submit" { (words.word("demo-jump", jump)) }
                        }
                    }
                }
            }
        }
    }
}
