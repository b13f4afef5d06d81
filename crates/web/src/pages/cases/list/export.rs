//! A list as a file to take along: CSV as it is read, or an Excel workbook. What leaves is what the list shows, for who
//! looks; of a protected resident's case nothing of its text. Who took what along is written to the timeline first.

use super::Asked;
use crate::{AppState, components::forms, error::PageError, t, visit::Visit, words::Words};
use axum::{
    Form,
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use cases::limits::{EXPORT_ROWS_MAX, LIST_LINES_MAX};
use cases::queries::{self, ListLine, ListPage, PageMark};
use futures::{StreamExt as _, stream};
use maud::{Markup, html};
use people::Action;
use sheets::{BOM, Cell, Separator, Workbook};
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, Timestamp, local_day};

/// The files one can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv(Separator),
    Excel,
}

/// By the word in the form.
const FORMATS: &[(&str, Format)] = &[
    ("excel", Format::Excel),
    ("csv-semicolon", Format::Csv(Separator::Semicolon)),
    ("csv-comma", Format::Csv(Separator::Comma)),
];

/// The form beside a list. It says how many rows a file holds at most.
#[must_use]
pub fn form(visit: &Visit, asked: &Asked) -> Markup {
    let words = visit.words;
    html! {
        @if visit.may(Action::ExportCases) {
            // A file is no page: the browser stays where it is, and the telephone with it.
            form .export method="post" action="/cases/export" hx-boost="false" {
                (forms::token(visit))
                @for (name, value) in asked.filter.parts() { input type="hidden" name=(name) value=(value); }
                label .visually-hidden for="export-format" { (t!(words, "export-format")) }
                select #export-format name="format" {
                    @for (word, _) in FORMATS { option value=(word) { (words.word("export", word)) } }
                }
                button type="submit" .slim aria-describedby="export-hint" { (t!(words, "export-do")) }
                span #export-hint .soft .small { (t!(words, "export-hint", max = EXPORT_ROWS_MAX)) }
            }
        }
    }
}

/// `POST /cases/export`
///
/// # Errors
/// The filter or the format is none of ours; the database.
pub async fn export(
    State(state): State<AppState>,
    visit: Visit,
    Form(parts): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let asked = Asked::read(&parts)?;
    let wanted = parts.iter().find(|(name, _)| name == "format").map_or("", |(_, value)| value.as_str());
    let (word, format) = FORMATS.iter().find(|(word, _)| *word == wanted).ok_or_else(|| {
        PageError::Invalid("the format is one of excel, csv-semicolon, csv-comma".to_owned())
    })?;
    let (ctx, user) = (visit.context(&state), visit.user_id());
    let detail = format!("{word} {}", asked.filter.query());
    let groups = state
        .db
        .write(move |s| {
            let subject = Subject { kind: "user", id: user.into_untyped_uuid() };
            let entry =
                Entry { kind: "cases_exported", subject, related: None, detail: Some(detail.clone()) };
            timeline::append(s, &ctx, entry)?;
            super::around::own_groups(s, user)
        })
        .await?;
    let rows = Rows { state, visit: visit.clone(), asked, groups, after: None, written: 0, ended: false };
    let name = format!("arenden-{}", local_day(visit.now));
    match format {
        Format::Csv(separator) => Ok(csv(rows, *separator, &name)),
        Format::Excel => excel(rows, &name).await,
    }
}

/// The rows of an export, page by page.
struct Rows {
    state: AppState,
    visit: Visit,
    asked: Asked,
    groups: Vec<AnswerGroupId>,
    after: Option<PageMark>,
    written: usize,
    ended: bool,
}

impl Rows {
    /// The next rows; none when all have been given. The last one says if there were more than a file holds.
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, PageError> {
        if self.ended {
            return Ok(None);
        }
        let page = self.page().await?;
        self.after = page.next;
        let words = self.visit.words;
        let mut lines = page.lines;
        let fits = EXPORT_ROWS_MAX - self.written;
        let over = lines.len() > fits || (lines.len() == fits && self.after.is_some());
        lines.truncate(fits);
        self.written += lines.len();
        self.ended = over || self.after.is_none();
        let mut rows: Vec<Vec<Cell>> = lines.iter().map(|line| row(words, line)).collect();
        if over {
            rows.push(vec![Cell::text(t!(words, "export-over", max = EXPORT_ROWS_MAX))]);
        }
        Ok(Some(rows))
    }

    async fn page(&self) -> Result<ListPage, PageError> {
        let (viewer, now) = (crate::pages::cases::viewer(&self.visit), self.visit.now);
        let (filter, groups, after) = (self.asked.filter, self.groups.clone(), self.after.clone());
        self.state
            .db
            .read(move |s| -> Result<_, PageError> {
                Ok(queries::work_list(s, viewer, &filter, &groups, now, after.as_ref(), LIST_LINES_MAX)?)
            })
            .await
    }
}

fn headings(words: &Words) -> Vec<String> {
    vec![
        t!(words, "case-number"),
        t!(words, "log-type"),
        t!(words, "case-title"),
        t!(words, "case-status"),
        t!(words, "case-priority"),
        t!(words, "case-department"),
        t!(words, "case-officer"),
        t!(words, "case-assignee"),
        t!(words, "case-place"),
        t!(words, "case-channel"),
        t!(words, "case-board"),
        t!(words, "case-arrival-day"),
        t!(words, "case-due"),
        t!(words, "case-registered"),
        t!(words, "case-changed"),
        t!(words, "case-closed"),
        t!(words, "case-outcome"),
    ]
}

fn row(words: &Words, line: &ListLine) -> Vec<Cell> {
    let case = &line.line;
    let at = |at: Timestamp| Cell::text(words.day_and_time(at));
    let title = if line.protected { t!(words, "export-protected") } else { case.title.clone() };
    vec![
        Cell::text(case.number.to_string()),
        Cell::text(case.type_name.clone()),
        Cell::text(title),
        Cell::text(cases::words::status_short(words.language(), case.status)),
        Cell::text(words.word("priority", line.priority.as_str())),
        Cell::text(case.department.clone()),
        Cell::optional(case.officer.clone()),
        Cell::optional(line.assignee.clone()),
        Cell::optional(line.place.clone()),
        Cell::text(words.word("channel", line.channel.as_str())),
        Cell::text(line.board.clone()),
        Cell::Day(case.arrival_day),
        Cell::day(case.due_day),
        at(case.registered_at),
        at(case.changed_at),
        line.closed_at.map_or(Cell::Empty, at),
        Cell::optional(line.outcome.map(|outcome| cases::words::outcome_name(words.language(), outcome))),
    ]
}

/// The file as it is read from the database: no more of it than a page is ever in memory. Should the database fail half
/// way, the connection breaks off, and the browser says that the file is not whole.
fn csv(rows: Rows, separator: Separator, name: &str) -> Response {
    let heads: Vec<Cell> = headings(rows.visit.words).into_iter().map(Cell::text).collect();
    let first = format!("{BOM}{}", sheets::row(&heads, separator));
    let lines = stream::unfold((rows, Some(first)), move |(mut rows, first)| async move {
        if let Some(first) = first {
            return Some((Ok(first), (rows, None)));
        }
        match rows.next().await {
            Ok(None) => None,
            Ok(Some(page)) => {
                let text: String = page.iter().map(|cells| sheets::row(cells, separator)).collect();
                Some((Ok(text), (rows, None)))
            }
            Err(error) => {
                tracing::error!(%error, "an export broke off");
                rows.ended = true;
                Some((Err(std::io::Error::other("the export broke off")), (rows, None)))
            }
        }
    });
    // What compresses the answer asks once more after the end.
    file(Body::from_stream(lines.fuse()), "text/csv; charset=utf-8", &format!("{name}.csv"))
}

async fn excel(mut rows: Rows, name: &str) -> Result<Response, PageError> {
    let failed = |error: sheets::WorkbookError| PageError::Internal(error.to_string());
    let words = rows.visit.words;
    let mut book = Workbook::new(&t!(words, "cases-title"), &headings(words)).map_err(failed)?;
    while let Some(page) = rows.next().await? {
        for cells in &page {
            book.add(cells).map_err(failed)?;
        }
    }
    let written = tokio::task::spawn_blocking(move || book.finish()).await;
    let bytes = written.map_err(|error| PageError::Internal(error.to_string()))?.map_err(failed)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(Body::from(bytes), kind, &format!("{name}.xlsx")))
}

fn file(body: Body, kind: &'static str, name: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
