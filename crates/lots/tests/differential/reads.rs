//! Every read a page, a list or the board makes, as text that can be compared.

use crate::tables;
use crate::town::{Known, Refused};
use cases::queries::{self as case, CaseList};
use cases::{CaseSettings, Viewer};
use contacts::{figures, queries as contact};
use people::residents::{Search, queries as resident};
use std::fmt::Debug;
use storage::{Session, StorageError, timeline};
use vocabulary::{
    Actor, CaseStatus, GenericUuid as _, MessageId, SignedDuration, TaskId, Timestamp, local_day,
};

/// The lines on a page: few, so that there are several pages.
const LINES: usize = 3;
/// The pages turned at most.
const PAGES_MAX: usize = 50;
/// The most that is asked for where nobody turns pages.
const MANY: u32 = 200;

/// What was read.
pub struct Seen {
    /// Each read by name, with its answer.
    pub reads: Vec<(String, String)>,
    pub tasks: Vec<TaskId>,
    pub messages: Vec<MessageId>,
}

impl Seen {
    fn note(&mut self, name: impl Into<String>, answer: &impl Debug) {
        self.reads.push((name.into(), format!("{answer:?}")));
    }
}

/// Reads everything.
pub fn everything(
    s: &mut Session<'_>,
    known: &Known,
    now: Timestamp,
    settings: &CaseSettings,
) -> Result<Seen, Refused> {
    let mut seen = Seen { reads: Vec::new(), tasks: Vec::new(), messages: Vec::new() };
    people(s, known, &mut seen)?;
    contacts(s, known, now, &mut seen)?;
    cases(s, known, now, &mut seen)?;
    pages(s, known, now, settings, &mut seen)?;
    let day = local_day(now);
    seen.note("articles", &knowledge::queries::articles(s)?);
    for slug in ["artikel-0", "artikel-1"] {
        seen.note("article", &knowledge::queries::article_by_slug(s, slug)?);
    }
    seen.note("planned events", &ahead::queries::today(s, vocabulary::start_of_day(day))?);
    let long_ago = local_day(now - SignedDuration::from_hours(24 * 60));
    seen.note("survey means", &surveys::queries::means(s, long_ago, day)?);
    seen.note("survey response rate", &surveys::queries::response_rate(s, long_ago, day)?);
    seen.note("timeline", &timeline::read_from(s, 0, 10_000)?);
    for (name, make) in tables::TABLES {
        seen.note(format!("table {name}"), &tables::rows(s, *make)?);
    }
    Ok(seen)
}

fn people(s: &mut Session<'_>, known: &Known, seen: &mut Seen) -> Result<(), Refused> {
    use people::directory::queries as directory;
    seen.note("departments", &directory::departments(s)?);
    seen.note("officers", &directory::officers(s)?);
    for department in &known.departments {
        seen.note("officers of a department", &directory::officers_of(s, *department)?);
    }
    for dialled in ["+4617671010", "0176-710 10", "+4617671099"] {
        seen.note(format!("group for {dialled}"), &directory::answer_group_for(s, dialled)?);
    }
    seen.note("users", &people::users::queries::all(s)?);
    seen.note("guides", &people::users::queries::guides(s)?);
    for guide in &known.guides {
        seen.note("skills", &people::queries::skills(s, *guide)?);
    }
    for typed in ["070", "4567", "kim@", "ÅNG", "gatlykt", "100 %", "_", "\\ '", "🙂", "é"] {
        if let Some(search) = Search::of(typed)? {
            seen.note(format!("residents found by {typed:?}"), &resident::search(s, &search)?);
        }
    }
    Ok(())
}

fn contacts(s: &mut Session<'_>, known: &Known, now: Timestamp, seen: &mut Seen) -> Result<(), Refused> {
    let mut after = None;
    for _ in 0..PAGES_MAX {
        let page = contact::list(s, Actor::System, after, LINES as u32)?;
        seen.note("contacts", &page);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for id in &known.contacts {
        seen.note("contact", &contact::line_by_id(s, Actor::System, *id)?);
        seen.note("invited after", &surveys::queries::invited_after(s, *id)?);
    }
    for guide in &known.guides {
        seen.note("unlogged", &contact::unlogged_of(s, *guide, MANY)?);
    }
    for id in &known.residents {
        seen.note("contacts of a resident", &contact::of_resident(s, Actor::System, *id, MANY)?);
        seen.note("last invited", &surveys::queries::last_invited(s, *id)?);
    }
    for id in &known.cases {
        seen.note("contacts of a case", &contact::of_case(s, Actor::System, *id)?);
    }
    for days in [0, 1, 2] {
        let day = local_day(now - SignedDuration::from_hours(24 * days));
        seen.note("day figures", &figures::day_figures(s, day)?);
        seen.note("hour figures", &figures::hour_figures(s, day)?);
    }
    Ok(())
}

fn cases(s: &mut Session<'_>, known: &Known, now: Timestamp, seen: &mut Seen) -> Result<(), Refused> {
    let guide = Viewer::of(known.guides.first().map_or(Actor::System, |id| Actor::User(*id)));
    let house = Viewer::house();
    let mut lists = vec![CaseList::Open, CaseList::Waiting, CaseList::Overdue, CaseList::All];
    lists.extend(known.guides.iter().map(|id| CaseList::Mine(*id)));
    lists.extend(known.departments.iter().map(|id| CaseList::OpenOfDepartment(*id)));
    lists.extend(known.residents.iter().map(|id| CaseList::Resident(*id)));
    for status in CaseStatus::ALL {
        lists.push(CaseList::Status(*status));
        lists.extend(known.departments.first().map(|id| CaseList::StatusOfDepartment(*status, *id)));
    }
    for which in lists {
        list(s, guide, which, now, seen)?;
    }
    list(s, house, CaseList::All, now, seen)?;
    for typed in ["stor", "grop ang", "väg", "GATLYKTAN", "100", "2611", "åäö", "🙂", "'"] {
        seen.note(format!("cases found by {typed:?}"), &case::search(s, guide, typed)?);
    }
    seen.note("case types", &case::case_types(s)?);
    let tasks = case::open_tasks(s, guide, MANY as usize)?;
    seen.tasks = tasks.iter().map(|task| task.id).collect();
    seen.note("tasks", &tasks);
    let outbox = case::outbox(s, None, MANY as usize)?;
    seen.messages = outbox.iter().map(|message| message.id).collect();
    seen.note("outbox", &outbox);
    if let Some(middle) = outbox.get(outbox.len() / 2) {
        seen.note("outbox, next page", &case::outbox(s, Some((middle.created_at, middle.id)), LINES)?);
    }
    Ok(())
}

/// All pages of a list.
fn list(
    s: &mut Session<'_>,
    viewer: Viewer,
    which: CaseList,
    now: Timestamp,
    seen: &mut Seen,
) -> Result<(), Refused> {
    let mut after = None;
    for _ in 0..PAGES_MAX {
        let page = case::list(s, viewer, which, now, after.as_ref(), LINES)?;
        seen.note(format!("{which:?}"), &page);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

fn pages(
    s: &mut Session<'_>,
    known: &Known,
    now: Timestamp,
    settings: &CaseSettings,
    seen: &mut Seen,
) -> Result<(), StorageError> {
    let house = Viewer::house();
    for id in &known.cases {
        seen.note("case page", &case::case_page(s, house, *id, now));
        seen.note("follow-ups", &case::follow_ups_of(s, *id)?);
        seen.note("tasks of a case", &case::tasks_of_case(s, *id)?);
        seen.note("case's timeline", &timeline::of_subject(s, id.into_untyped_uuid(), MANY)?);
    }
    for officer in &known.officers {
        seen.note("waiting of an officer", &case::waiting_of_officer(s, *officer, MANY)?);
    }
    for token in &known.officer_tokens {
        seen.note("officer's page", &case::officer_page(s, &settings.signing_key, token, now));
    }
    for token in &known.resident_tokens {
        seen.note("resident's page", &case::resident_page(s, &settings.signing_key, token, now));
    }
    Ok(())
}
