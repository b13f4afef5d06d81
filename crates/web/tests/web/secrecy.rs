//! Route by role by board by secrecy, against a small model of its own: whatever is routed, asked by whomever, about cases
//! of two boards and every class. The routes are the router's, so a new one is tried from the day it is there.

use crate::house::{Browser, House, request, with_form};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use cases::commands::{
    AddDocument, AddNote, AddStakeholder, Forward, Origin, PutCaseType, RegisterCase, add_document, add_note,
    add_stakeholder, forward, put_case_type, register,
};
use http_body_util::BodyExt as _;
use people::{
    directory::{self, NewDepartment, NewOfficer},
    residents::{Reach, find_or_create, protection},
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;
use storage::Session;
use tower::ServiceExt as _;
use vocabulary::{
    Actor, AnyId, CaseId, Channel, Context, GenericUuid as _, Language, ResidentId, Role, SecrecyClass,
    SignedDuration,
};
use web::routes::{Entrance, Route};

const BOARDS: [&str; 2] = ["Socialnämnden", "Byggnadsnämnden"];
/// The protected resident's name, number and address, none of which anybody may see unasked.
const HIDDEN: [&str; 4] = ["Doldnamnet", "+46705550101", "070-555 01 01", "dold@x.example"];

/// One case, and what a test knows of it beside the database.
struct Made {
    id: CaseId,
    number: String,
    /// Stands in every text of the case.
    mark: String,
    board: &'static str,
    class: SecrecyClass,
    /// Whether the guide registered it, or else nobody who signs in.
    by_guide: bool,
    /// The ids of what hangs from it, for the routes that name one.
    parts: Vec<AnyId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Stub,
    Whole,
}

/// The model: who sees how much of which case. Written from the rule, not from the code.
fn model(role: Role, user_is_guide: bool, granted: &[&str], case: &Made) -> Seen {
    let serves = matches!(role, Role::Guide | Role::TrafficLeader | Role::Manager);
    match case.class {
        _ if !serves => Seen::Nothing,
        SecrecyClass::Open => Seen::Whole,
        _ if user_is_guide && case.by_guide => Seen::Whole,
        SecrecyClass::Restricted if granted.contains(&case.board) => Seen::Whole,
        SecrecyClass::Restricted => Seen::Stub,
        SecrecyClass::Strict => Seen::Nothing,
    }
}

fn fill(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &cases::CaseSettings,
    case: (CaseId, &str),
    types: usize,
) -> Vec<AnyId> {
    let (case_id, mark) = case;
    let text = |what: &str| format!("{mark} {what}");
    let note =
        add_note(s, ctx, settings, &AddNote { case_id, text: text("anteckning"), public: false }).unwrap();
    let file = cases::documents::NewDocument {
        name: format!("{mark}.txt"),
        media_type: "text/plain".into(),
        bytes: format!("{mark} i filen {types}").into_bytes(),
    };
    let document =
        add_document(s, ctx, &AddDocument { case_id, file, public: false, note_id: None }).unwrap();
    let part = AddStakeholder {
        case_id,
        role: "relative".parse().unwrap(),
        name: text("Granne"),
        organisation: String::new(),
        telephone: String::new(),
        email: String::new(),
        address: text("gatan 1"),
        resident_id: None,
    };
    let part = add_stakeholder(s, ctx, &part).unwrap();
    let question = Forward { case_id, officer_id: None, message: text("fråga"), due_working_days: None };
    let question = forward(s, ctx, settings, &question).unwrap().follow_up.id;
    vec![
        note.into_untyped_uuid(),
        document.id.into_untyped_uuid(),
        part.id.into_untyped_uuid(),
        question.into_untyped_uuid(),
    ]
}

/// Six cases of two boards in three classes, two more that the guide registered, one of a protected resident.
fn furnish(
    s: &mut Session<'_>,
    house: &Context,
    guide: &Context,
    settings: &cases::CaseSettings,
) -> (Vec<Made>, ResidentId) {
    let reach = Reach { telephone: Some("070-555 01 01".into()), email: Some(HIDDEN[3].into()) };
    let hidden = find_or_create(s, house, &reach, Some("Doldnamnet Doldsson"), Language::Swedish).unwrap().id;
    protection::protect(s, house, hidden).unwrap();
    let mut made = Vec::new();
    for (b, board) in BOARDS.into_iter().enumerate() {
        let department = NewDepartment {
            code: format!("dep{b}"),
            name: format!("Förvaltning {b}"),
            board: board.into(),
            escalation_email: format!("dep{b}@example.se"),
        };
        let department = directory::commands::create_department(s, house, &department).unwrap().id;
        let officer = NewOfficer {
            department,
            name: format!("Handläggare {b}"),
            title: "handläggare".into(),
            email: format!("officer{b}@example.se"),
            telephone: None,
            language: Language::Swedish,
        };
        let officer = directory::commands::create_officer(s, house, &officer).unwrap().id;
        for class in [SecrecyClass::Open, SecrecyClass::Restricted, SecrecyClass::Strict] {
            let put = PutCaseType {
                code: format!("type{b}{class}"),
                category: String::new(),
                name: format!("Typ {b} {class}"),
                keywords: String::new(),
                department_id: department,
                officer_id: Some(officer),
                secrecy_class: class,
                retention_rule: "2 år".into(),
                due_working_days: 5,
                public_text: "Vi tittar på det.".into(),
                open311: false,
                active: true,
            };
            let case_type = put_case_type(s, house, &put).unwrap();
            for by_guide in [false, true] {
                if by_guide && (b == 0 || class == SecrecyClass::Open) {
                    continue;
                }
                let mark = format!("Hemligmärke{}", made.len());
                let cmd = RegisterCase {
                    title: format!("{mark} rubrik"),
                    description: format!("{mark} berättelse"),
                    resident_id: (class == SecrecyClass::Open).then_some(hidden),
                    ..RegisterCase::new(
                        case_type,
                        Origin::Direct { channel: Channel::Web, arrival_day: None },
                    )
                };
                let case = register(s, if by_guide { guide } else { house }, &cmd).unwrap().case;
                let parts = fill(s, house, settings, (case.id, &mark), made.len());
                made.push(Made {
                    id: case.id,
                    number: case.number.to_string(),
                    mark,
                    board,
                    class,
                    by_guide,
                    parts,
                });
            }
        }
    }
    (made, hidden)
}

struct Asking<'h> {
    house: &'h House,
    browsers: BTreeMap<Role, Browser>,
}

impl Asking<'_> {
    /// What comes back, as far as it comes: a stream is read until it rests.
    async fn ask(
        &self,
        route: Route,
        role: Role,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let asked = request(Method::from_bytes(route.method.as_bytes()).unwrap(), path);
        let asked = match route.entrance {
            Entrance::Api => {
                let asked = asked.header(header::AUTHORIZATION, format!("Bearer {}", self.house.keys[&role]));
                let body =
                    if route.method == "GET" { Body::empty() } else { Body::from(r#"{"text":"hej"}"#) };
                asked.header(header::CONTENT_TYPE, "application/json").body(body).unwrap()
            }
            _ => {
                let browser = &self.browsers[&role];
                let asked =
                    asked.header(header::COOKIE, &browser.cookie).header("x-csrf-token", &browser.csrf);
                if route.method == "GET" {
                    asked.body(Body::empty()).unwrap()
                } else {
                    with_form(asked, fields)
                }
            }
        };
        let response = self.house.app.clone().oneshot(asked).await.unwrap();
        let (status, mut body) = (response.status(), response.into_body());
        let mut text = String::new();
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(Duration::from_millis(150), body.frame()).await {
            text.push_str(&String::from_utf8_lossy(frame.data_ref().map_or(&[], |data| data)));
        }
        (status, text)
    }
}

/// Values that most forms about a case would take: what one may not see one may not change either, however well it is
/// put. A form takes the fields it knows.
fn form(officer: &str) -> Vec<(&'static str, String)> {
    [
        ("note", "Skrivet av någon annan"),
        ("text", "Skrivet av någon annan"),
        ("message", "Skrivet av någon annan"),
        ("reason", "Därför att det prövas"),
        ("answer", "Svar"),
        ("title", "Ny rubrik"),
        ("change", "begin"),
        ("outcome", "solved"),
        ("priority", "urgent"),
        ("role", "other"),
        ("name", "Någon"),
        ("kind", "related"),
        ("until", "2026-11-10"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .chain([("officer", officer.to_owned())])
    .collect()
}

/// What shows nothing of cases, ends the session or never ends; the links, which have tests of their own; and the demo's
/// outbox, which stands for the recipients' own letter boxes and is there for nobody else.
fn left_out(route: Route) -> bool {
    matches!(route.entrance, Entrance::Link(_))
        || route.path == "/outbox"
        || route.path.starts_with("/telephone")
        || route.path.starts_with("/sign")
        || route.path.starts_with("/assets")
}

/// What the house has written about a case, but for who looked.
fn trace(s: &mut Session<'_>, case: CaseId) -> usize {
    let entries = storage::timeline::of_subject(s, case.into_untyped_uuid(), 1_000).unwrap();
    entries.iter().filter(|entry| entry.announcement.kind != "opened").count()
}

const ROLES: [Role; 5] = [Role::Guide, Role::TrafficLeader, Role::Manager, Role::Coach, Role::Administrator];

async fn rounds(house: &House) -> (Asking<'_>, Vec<Made>, ResidentId, Vec<AnyId>) {
    let (ctx, settings) = (house.context(Actor::System), house.state.cases.clone());
    let guide = house.context(Actor::User(house.users[&Role::Guide]));
    let (made, hidden) = house
        .state
        .db
        .write(move |s| Ok::<_, cases::CasesError>(furnish(s, &ctx, &guide, &settings)))
        .await
        .unwrap();
    let mut browsers = BTreeMap::new();
    for role in ROLES {
        browsers.insert(role, house.browser(role).await);
    }
    let keys = house
        .state
        .db
        .read(|s| {
            people::access::api_keys(s)
                .map(|keys| keys.into_iter().map(|k| k.id.into_untyped_uuid()).collect())
        })
        .await
        .unwrap();
    (Asking { house, browsers }, made, hidden, keys)
}

/// Gives everybody, people and keys, exactly these boards.
async fn grant(house: &House, keys: &[AnyId], boards: &[&str]) {
    let ctx = house.context(Actor::System);
    let boards: Vec<String> = boards.iter().map(|board| (*board).to_owned()).collect();
    let everybody: Vec<AnyId> =
        house.users.values().map(|id| id.into_untyped_uuid()).chain(keys.iter().copied()).collect();
    house
        .state
        .db
        .write(move |s| {
            for holder in &everybody {
                // Coaches, administrators and their keys hold none.
                let _ = people::boards::commands::set(s, &ctx, *holder, &boards);
            }
            Ok::<_, people::PeopleError>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_seen_and_changed_as_its_class_board_and_grants_say() {
    let house = House::new().await;
    let (asking, made, hidden, keys) = rounds(&house).await;
    let form = form(&house.officer.into_untyped_uuid().to_string());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let routes: Vec<Route> = web::routes(&house.state)
        .into_iter()
        .filter(|route| route.path.starts_with("/cases/{id}") || route.path.starts_with("/api/v1/cases/{id}"))
        .collect();
    assert!(routes.len() >= 12, "{}", routes.len());
    let mut wrong = String::new();
    for granted in [&[][..], &BOARDS[..1], &BOARDS[..]] {
        grant(&house, &keys, granted).await;
        // The same message within two minutes is the same one sent twice.
        house.clock.advance(SignedDuration::from_mins(3));
        for case in &made {
            for role in ROLES {
                for route in &routes {
                    let key = route.entrance == Entrance::Api;
                    let seen = model(role, role == Role::Guide && !key, granted, case);
                    // What may be changed is tried where it is changed; here it would change what others then see.
                    if seen == Seen::Whole && route.method != "GET" {
                        continue;
                    }
                    let part = case.parts.iter().map(ToString::to_string).next_back().unwrap_or_default();
                    let path = fill_path(route.path, &case.id.into_untyped_uuid().to_string(), &part);
                    let id = case.id;
                    let before = house
                        .state
                        .db
                        .read(move |s| Ok::<_, storage::StorageError>(trace(s, id)))
                        .await
                        .unwrap();
                    let (status, text) = asking.ask(*route, role, &path, &form).await;
                    let after = house
                        .state
                        .db
                        .read(move |s| Ok::<_, storage::StorageError>(trace(s, id)))
                        .await
                        .unwrap();
                    let handed_over = seen == Seen::Stub && route.path.ends_with("/hand-over");
                    let page = route.path == "/cases/{id}";
                    let right = match seen {
                        Seen::Whole => !page || (status == StatusCode::OK && text.contains(&case.mark)),
                        _ if handed_over => status.is_success() && after > before,
                        Seen::Stub if page => status == StatusCode::OK && text.contains(&case.number),
                        Seen::Stub | Seen::Nothing => !status.is_success() && after == before,
                    };
                    let leaks = seen != Seen::Whole && text.contains(&case.mark)
                        || HIDDEN.iter().any(|hidden| text.contains(hidden));
                    if !right || leaks || status.is_server_error() {
                        writeln!(
                            wrong,
                            "{} {} as {role}, granted {granted:?}: {} {} by guide {}: {status}, should be {seen:?}, leaks {leaks}, {before} -> {after}",
                            route.method, route.path, case.class, case.board, case.by_guide
                        )
                        .unwrap();
                    }
                }
            }
        }
    }
    assert_eq!(wrong, "");
    assert!(!hidden.is_nil());
}

fn fill_path(path: &str, id: &str, part: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(if name == "id" { id } else { part });
        rest = after;
    }
    filled + rest
}

/// Every page and list there is, and every route that takes an id with every id there is: nobody reads a word of what is
/// not for them, and nobody the name of a protected resident.
#[tokio::test(flavor = "multi_thread")]
async fn no_route_tells_of_what_is_not_for_whoever_asks() {
    let house = House::new().await;
    let (asking, made, hidden, keys) = rounds(&house).await;
    let mut wrong = String::new();
    let mut tried = 0;
    for granted in [&[][..], &BOARDS[..1]] {
        grant(&house, &keys, granted).await;
        for route in
            web::routes(&house.state).into_iter().filter(|route| route.method == "GET" && !left_out(*route))
        {
            let ids: Vec<AnyId> = if route.path.contains('{') && granted.is_empty() {
                made.iter()
                    .filter(|case| case.class != SecrecyClass::Open && case.board == BOARDS[0])
                    .flat_map(|case| case.parts.iter().copied().chain([case.id.into_untyped_uuid()]))
                    .chain([hidden.into_untyped_uuid()])
                    .collect()
            } else if route.path.contains('{') {
                continue;
            } else {
                vec![AnyId::nil()]
            };
            for role in if ids.len() > 1 { &ROLES[..1] } else { &ROLES[..] } {
                for id in &ids {
                    let id = id.to_string();
                    let path = fill_path(route.path, &id, &id);
                    for query in ["", "?filter=all", "?q=rubrik"] {
                        if ids.len() > 1 && !query.is_empty() {
                            continue;
                        }
                        tried += 1;
                        let (status, text) = asking.ask(route, *role, &format!("{path}{query}"), &[]).await;
                        tell(&mut wrong, (route, *role, granted), &made, status, &text);
                    }
                }
            }
        }
    }
    assert_eq!(wrong, "");
    assert!(tried > 200, "{tried} tried");
}

fn tell(wrong: &mut String, asked: (Route, Role, &[&str]), made: &[Made], status: StatusCode, text: &str) {
    let (route, role, granted) = asked;
    let key = route.entrance == Entrance::Api;
    for case in made {
        let whole = model(role, role == Role::Guide && !key, granted, case) == Seen::Whole;
        if !whole && text.contains(&case.mark) {
            writeln!(
                wrong,
                "{} as {role}, granted {granted:?}, tells of a {} case of {}",
                route.path, case.class, case.board
            )
            .unwrap();
        }
    }
    if HIDDEN.iter().any(|hidden| text.contains(hidden)) || status.is_server_error() {
        writeln!(wrong, "{} as {role}: {status}, or the protected resident", route.path).unwrap();
    }
}

/// Searches in the body: by the words of what is secret, by its number, by the protected resident's name and number.
#[tokio::test(flavor = "multi_thread")]
async fn no_search_finds_what_is_not_for_whoever_searches() {
    let house = House::new().await;
    let (asking, made, _, keys) = rounds(&house).await;
    let mut wrong = String::new();
    let searches: Vec<Route> = web::routes(&house.state)
        .into_iter()
        .filter(|route| {
            let finds = ["search", "find", "hint", "palette", "suggest", "duplicates"];
            route.method == "POST" && finds.iter().any(|word| route.path.contains(word))
        })
        .collect();
    assert!(searches.len() >= 3, "{searches:?}");
    for granted in [&[][..], &BOARDS[..1]] {
        grant(&house, &keys, granted).await;
        let typed: Vec<String> = made
            .iter()
            .flat_map(|case| [case.mark.clone(), case.number.clone()])
            .chain(["Doldnamnet".into(), "070-555 01 01".into(), "dold@x.example".into()])
            .collect();
        for route in &searches {
            for typed in &typed {
                let path = fill_path(route.path, &AnyId::nil().to_string(), &AnyId::nil().to_string());
                let fields: Vec<(&str, &str)> = ["query", "q", "text", "typed", "place", "address"]
                    .into_iter()
                    .map(|name| (name, typed.as_str()))
                    .collect();
                let (status, text) = asking.ask(*route, Role::Guide, &path, &fields).await;
                // What was typed comes back in the field it was typed in; it is taken out before looking.
                let text = text.replace(&format!("value=\"{typed}\""), "");
                for case in made.iter().filter(|case| text.contains(&format!("{} rubrik", case.mark))) {
                    if model(Role::Guide, true, granted, case) != Seen::Whole {
                        writeln!(
                            wrong,
                            "{} for {typed:?} finds a {} case of {}",
                            route.path, case.class, case.board
                        )
                        .unwrap();
                    }
                }
                if text.contains("Doldnamnet Doldsson") || status.is_server_error() {
                    writeln!(wrong, "{} for {typed:?}: {status}, or the protected resident", route.path)
                        .unwrap();
                }
            }
        }
    }
    assert_eq!(wrong, "");
}
