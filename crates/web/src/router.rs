//! Every route of the house, each with what using it is.

use crate::{
    AppState, api, assets,
    pages::{
        account, admin, board, cases, demo, departments, guide, officer, officer_desk, officers, outbox,
        records, resident_card, sign_in, status, system, tasks, telephone,
    },
    routes::{Entrance, Route, RouteTable},
    security::finish,
};
use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware};
use people::{Action, LinkKind};
use std::time::Duration;
use tower_http::compression::CompressionLayer;

/// The largest request body, in bytes, where no files come along.
pub const BODY_BYTES_MAX: usize = crate::security::guard::FORM_BYTES_MAX;
/// How long a handler may take before the answer is that it took too long. Streams have begun long before.
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(30);
/// The same where files come along, over whatever connection a resident has.
pub const UPLOAD_TIME_MAX: Duration = Duration::from_secs(300);

/// The whole web side: pages, API, assets, with what stands before and after every handler.
pub fn router(state: AppState) -> Router {
    let (routed, _) = table(&state).finish();
    routed
        .fallback(|| async { StatusCode::NOT_FOUND })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(state.clone(), finish::finish))
        .layer(CompressionLayer::new())
        .with_state(state)
}

/// What is routed, for the tests that hold it against the policy and the API's description.
#[must_use]
pub fn routes(state: &AppState) -> Vec<Route> {
    table(state).finish().1
}

fn table(state: &AppState) -> RouteTable {
    let mut table = RouteTable::new(state.clone());
    door(&mut table);
    work(&mut table);
    case_work(&mut table);
    crate::pages::keys::routes(&mut table);
    administration(&mut table);
    records::routes(&mut table);
    admin::terms::routes(&mut table);
    officers::routes(&mut table);
    officer_desk::routes(&mut table);
    departments::routes(&mut table);
    crate::pages::processes::routes(&mut table);
    crate::pages::ahead::routes(&mut table);
    crate::pages::assignments::routes(&mut table);
    crate::pages::mail::routes(&mut table);
    crate::pages::desk::routes(&mut table);
    crate::pages::crisis::routes(&mut table);
    crate::pages::situation::routes(&mut table);
    crate::pages::ask::routes(&mut table);
    crate::pages::public::routes(&mut table);
    links(&mut table);
    status::routes(&mut table);
    crate::pages::knowledge::routes(&mut table);
    crate::pages::knowledge_gaps::routes(&mut table);
    admin::webhooks::routes(&mut table);
    http_api(&mut table);
    open311(&mut table);
    errands(&mut table);
    if state.demo.is_some() {
        table.get("/outbox", Action::SeeOutbox, outbox::list);
        table.post("/demo/clock", Action::MoveClock, demo::jump);
    }
    table
}

fn door(table: &mut RouteTable) {
    table.get("/", Action::SignIn, sign_in::go_home);
    table.get("/sign-in", Action::SignIn, sign_in::show);
    table.post("/sign-in", Action::SignIn, sign_in::enter);
    table.post("/sign-out", Action::SignOut, sign_in::leave);
    table.post("/language", Action::ReadPublic, sign_in::choose_language);
    table.get("/account", Action::ChangeOwnAccount, account::show);
    table.post("/account/password", Action::ChangeOwnAccount, account::change_password);
    table.post("/account/sessions/revoke", Action::SignOut, account::revoke);
    table.get("/assets/{*name}", Action::ReadPublic, assets::serve);
    table.get("/health", Action::ReadPublic, system::health);
    let metrics =
        Route { method: "GET", path: "/metrics", action: Action::SeeMetrics, entrance: Entrance::Either };
    table.add(metrics, system::metrics);
}

fn work(table: &mut RouteTable) {
    table.get("/guide", Action::UseGuidePage, guide::show);
    table.get("/guide/live", Action::UseGuidePage, guide::live);
    table.post("/guide/state", Action::SetOwnState, guide::set_state);
    table.post("/guide/contacts/{id}/log", Action::LogContact, guide::log);
    table.post("/guide/contacts/{id}/case", Action::RegisterCase, guide::register_case);
    table.post("/guide/contacts/{id}/find", Action::OpenResident, guide::find_resident);
    table.post("/guide/contacts/{id}/resident", Action::ChangeResident, guide::attach_resident);
    table.post("/knowledge/search", Action::SearchKnowledge, guide::search_knowledge);
    table.get("/knowledge/articles", Action::SearchKnowledge, guide::articles);
    table.get("/residents/{id}", Action::OpenResident, resident_card::show);
    table.post("/residents/{id}", Action::ChangeResident, resident_card::change);
    table.get("/telephone/ws", Action::UseTelephone, telephone::attach);
    table.get("/board", Action::SeeBoard, board::show);
    table.get("/board/live", Action::SeeBoard, board::live);
    table.post("/board/surge", Action::SwitchSurgeNotice, board::surge);
    table.post("/board/guides/{id}/state", Action::MoveGuides, board::move_guide);
}

fn case_work(table: &mut RouteTable) {
    cases::list_routes(table);
    table.get("/cases/new", Action::RegisterCase, cases::register_form);
    table.post("/cases", Action::RegisterCase, cases::register);
    table.get("/cases/{id}", Action::OpenCase, cases::show);
    let upload = |path| Route { method: "POST", path, action: Action::ChangeCase, entrance: Entrance::Page };
    table.upload(upload("/cases/{id}/documents"), cases::add_documents);
    table.get("/cases/{id}/documents/{part}", Action::OpenCase, cases::document);
    table.post("/cases/{id}/documents/{part}/public", Action::ChangeCase, cases::document_public);
    table.post("/cases/{id}/stakeholders", Action::ChangeCase, cases::add_stakeholder);
    table.post("/cases/{id}/stakeholders/{part}/remove", Action::ChangeCase, cases::remove_stakeholder);
    table.post("/cases/{id}/links", Action::ChangeCase, cases::add_link);
    table.post("/cases/{id}/links/remove", Action::ChangeCase, cases::remove_link);
    table.post("/cases/{id}/merge", Action::ChangeCase, cases::merge);
    table.post("/cases/{id}/merges/{part}/undo", Action::ChangeCase, cases::undo_merge);
    table.post("/cases/{id}/split", Action::ChangeCase, cases::split);
    table.post("/cases/{id}/details", Action::ChangeCase, cases::details);
    table.post("/cases/{id}/secrecy", Action::ChangeSecrecy, cases::secrecy);
    table.post("/cases/{id}/notes", Action::ChangeCase, cases::add_note);
    table.post("/cases/{id}/forward", Action::ForwardCase, cases::forward_case);
    table.post("/cases/{id}/follow-ups/{follow_up}/withdraw", Action::ForwardCase, cases::withdraw);
    table.post("/cases/{id}/status", Action::ChangeCase, cases::change_status);
    table.post("/cases/{id}/solve", Action::ChangeCase, cases::solve_case);
    table.post("/cases/{id}/reopen", Action::ChangeCase, cases::reopen_case);
    table.post("/cases/{id}/link", Action::ForwardCase, cases::share_link);
    table.post("/cases/{id}/link/revoke", Action::ForwardCase, cases::revoke_link);
    table.get("/tasks", Action::SeeTasks, tasks::list);
    table.post("/tasks/{id}", Action::DoTask, tasks::complete);
    table.post("/tasks/{id}/call", Action::DoTask, tasks::log_call);
}

fn administration(table: &mut RouteTable) {
    table.get("/admin/users", Action::AdministerUsers, admin::users::list);
    table.post("/admin/users", Action::AdministerUsers, admin::users::create);
    table.get("/admin/users/{id}", Action::AdministerUsers, admin::users::show);
    table.post("/admin/users/{id}/role", Action::AdministerUsers, admin::users::set_role);
    table.post("/admin/users/{id}/active", Action::AdministerUsers, admin::users::set_active);
    table.post("/admin/users/{id}/groups", Action::AdministerUsers, admin::users::set_groups);
    table.post("/admin/users/{id}/password", Action::AdministerUsers, admin::users::set_password);
    table.post("/admin/users/{id}/sessions/revoke", Action::AdministerUsers, admin::users::revoke_sessions);
    table.get("/admin/api-keys", Action::AdministerApiKeys, admin::api_keys::list);
    table.post("/admin/api-keys", Action::AdministerApiKeys, admin::api_keys::create);
    table.post("/admin/api-keys/{id}/revoke", Action::AdministerApiKeys, admin::api_keys::revoke);
}

fn links(table: &mut RouteTable) {
    let link = |method, path, action, kind| Route { method, path, action, entrance: Entrance::Link(kind) };
    table.add(link("GET", "/o/{token}", Action::AnswerAsOfficer, LinkKind::Officer), officer::show);
    table.add(link("POST", "/o/{token}", Action::AnswerAsOfficer, LinkKind::Officer), officer::answer);
}

fn errands(table: &mut RouteTable) {
    use api::errands::{self, parts};
    let route = |method, path, action| Route { method, path, action, entrance: Entrance::Api };
    let (read, write) = (Action::ApiReadCases, Action::ApiWriteCases);
    table.add(route("GET", "/{municipalityId}/{namespace}/errands", read), errands::list);
    table.add(route("POST", "/{municipalityId}/{namespace}/errands", write), errands::create);
    table.add(route("GET", "/{municipalityId}/{namespace}/errands/{id}", read), errands::get);
    table.add(route("PATCH", "/{municipalityId}/{namespace}/errands/{id}", write), errands::change);
    table.add(route("DELETE", "/{municipalityId}/{namespace}/errands/{id}", write), errands::remove);
    table.add(route("GET", "/{municipalityId}/{namespace}/errands/{id}/notes", read), parts::notes);
    table.add(route("POST", "/{municipalityId}/{namespace}/errands/{id}/notes", write), parts::add_note);
    table.add(
        route("GET", "/{municipalityId}/{namespace}/errands/{id}/attachments", read),
        parts::attachments,
    );
    table.upload(
        route("POST", "/{municipalityId}/{namespace}/errands/{id}/attachments", write),
        parts::add_attachment,
    );
    table.add(
        route("GET", "/{municipalityId}/{namespace}/errands/{id}/attachments/{part}", read),
        parts::attachment,
    );
    table.add(route("GET", "/{municipalityId}/{namespace}/errands/{id}/parameters", read), parts::parameters);
    table.add(
        route("PATCH", "/{municipalityId}/{namespace}/errands/{id}/parameters", write),
        parts::set_parameters,
    );
    table.add(route("GET", "/{municipalityId}/{namespace}/errands/{id}/events", read), parts::events);
    table.add(route("GET", "/{municipalityId}/{namespace}/errands/{id}/links", read), parts::links);
    table.add(route("POST", "/{municipalityId}/{namespace}/errands/{id}/links", write), parts::add_link);
    table.add(
        route("GET", "/{municipalityId}/{namespace}/errands/{id}/communication", read),
        parts::communication,
    );
}

fn open311(table: &mut RouteTable) {
    use api::open311;
    let route = |method, path, action| Route { method, path, action, entrance: Entrance::Open311 };
    let read = |path| route("GET", path, Action::Open311Read);
    table.add(read("/open311/discovery.xml"), open311::discovery);
    table.add(read("/open311/discovery.json"), open311::discovery);
    table.add(read("/open311/v2/discovery.xml"), open311::discovery);
    table.add(read("/open311/v2/discovery.json"), open311::discovery);
    table.add(read("/open311/v2/services.xml"), open311::services);
    table.add(read("/open311/v2/services.json"), open311::services);
    table.add(read("/open311/v2/services/{id}"), open311::service);
    table.add(read("/open311/v2/requests.xml"), open311::requests);
    table.add(read("/open311/v2/requests.json"), open311::requests);
    table.add(read("/open311/v2/requests/{id}"), open311::request);
    table.add(read("/open311/v2/tokens/{id}"), open311::token);
    table.add(read("/open311/v2/servicerequestupdates.xml"), open311::updates);
    table.add(read("/open311/v2/servicerequestupdates.json"), open311::updates);
    let sent = |path| route("POST", path, Action::Open311Report);
    table.add(sent("/open311/v2/requests.xml"), open311::report);
    table.add(sent("/open311/v2/requests.json"), open311::report);
    table.add(sent("/open311/v2/servicerequestupdates.xml"), open311::add_update);
    table.add(sent("/open311/v2/servicerequestupdates.json"), open311::add_update);
}

fn http_api(table: &mut RouteTable) {
    let route = |method, path, action| Route { method, path, action, entrance: Entrance::Api };
    table.add(route("GET", "/api/openapi.json", Action::ApiDescription), api::document::show);
    table.add(route("GET", "/api/v1/contacts", Action::ApiReadContacts), api::contacts::list);
    table.add(route("POST", "/api/v1/contacts", Action::ApiWriteContacts), api::contacts::create);
    table.add(route("GET", "/api/v1/contacts/{id}", Action::ApiReadContacts), api::contacts::get);
    table.add(route("GET", "/api/v1/cases", Action::ApiReadCases), api::cases::list);
    table.add(route("POST", "/api/v1/cases", Action::ApiWriteCases), api::cases::register);
    table.add(route("GET", "/api/v1/cases/{id}", Action::ApiReadCases), api::cases::get);
    table.add(route("POST", "/api/v1/cases/{id}/forward", Action::ApiWriteCases), api::cases::forward);
    table.add(route("POST", "/api/v1/cases/{id}/notes", Action::ApiWriteCases), api::cases::add_note);
    table.add(route("GET", "/api/v1/board", Action::ApiReadBoard), api::board::get);
    table.add(route("GET", "/api/v1/guides", Action::ApiReadGuideStates), api::guides::list);
    table.add(route("GET", "/api/v1/guides/{id}/state", Action::ApiReadGuideStates), api::guides::get);
    table.add(route("PUT", "/api/v1/guides/{id}/state", Action::ApiSetGuideStates), api::guides::set);
}
