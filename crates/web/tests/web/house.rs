//! A small contact centre for tests: one user and one key of every role, a department with an officer, case types.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use cases::{CaseSettings, commands::PutCaseType};
use floor::{FloorError, FloorHandle, FloorSettings};
use http_body_util::BodyExt as _;
use people::{
    SigningKey,
    access::{self, Access, Attempt},
    directory::{self, NewAnswerGroup, NewDepartment, NewOfficer},
    users::{CreateUser, GroupLevel},
};
use routing::{Input, Output};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use storage::{
    Session,
    testing::{TestDatabase, sqlite},
};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use vocabulary::{
    Actor, AnswerGroupId, CaseTypeId, Clock, ContactId, Context, Language, ManualClock, NewId as _,
    OfficerId, OpeningHours, Role, SecrecyClass, SeededChance, SignedDuration, Timestamp, UserId,
};
use web::{AppState, DemoControl, NoBrowserTelephones, WebConfig};

/// A Monday, a quarter past nine in Sweden.
pub const MONDAY: &str = "2026-11-02T08:15:00Z";
pub const PASSWORD: &str = "tall fyr vid havet";
pub const BASE: &str = "http://lots.example";

pub struct House {
    pub app: Router,
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<SeededChance>,
    pub users: BTreeMap<Role, UserId>,
    pub keys: BTreeMap<Role, String>,
    pub group: AnswerGroupId,
    pub officer: OfficerId,
    /// An open type with a default officer, and a strict one.
    pub types: [CaseTypeId; 2],
    pub outputs: Mutex<mpsc::UnboundedReceiver<Output>>,
    _closing: watch::Sender<bool>,
    _stop: tokio_util::sync::DropGuard,
    _db: TestDatabase,
}

/// A signed-in browser.
#[derive(Clone)]
pub struct Browser {
    pub cookie: String,
    pub csrf: String,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

struct DemoClock(Arc<ManualClock>);

impl DemoControl for DemoClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn jump(&self, by: SignedDuration) {
        self.0.advance(by);
    }

    fn speed(&self) -> u32 {
        1
    }
}

/// One recorder for the process; metrics are global.
fn metrics_handle() -> metrics_exporter_prometheus::PrometheusHandle {
    static HANDLE: OnceLock<metrics_exporter_prometheus::PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            metrics_exporter_prometheus::PrometheusBuilder::new()
                .install_recorder()
                .expect("the only recorder")
        })
        .clone()
}

struct Staffed {
    users: BTreeMap<Role, UserId>,
    keys: BTreeMap<Role, String>,
    group: AnswerGroupId,
    officer: OfficerId,
    types: [CaseTypeId; 2],
    key: SigningKey,
}

fn staff(s: &mut Session<'_>, ctx: &Context) -> Result<Staffed, cases::CasesError> {
    let people = |error: people::PeopleError| panic!("{error}");
    let group = NewAnswerGroup { code: "society".into(), name: "Samhälle".into(), dialled: None };
    let group = directory::commands::create_answer_group(s, ctx, &group).unwrap_or_else(people).id;
    let department = NewDepartment {
        code: "tech".into(),
        name: "Teknik".into(),
        board: "Tekniska nämnden".into(),
        escalation_email: "teknik@example.se".into(),
    };
    let department =
        directory::commands::create_department(s, ctx, &department).unwrap_or_else(|e| panic!("{e}")).id;
    let officer = NewOfficer {
        department,
        name: "Olof Handläggare".into(),
        title: "ingenjör".into(),
        email: "olof@example.se".into(),
        telephone: Some("08-123456".into()),
        language: Language::Swedish,
    };
    let officer = directory::commands::create_officer(s, ctx, &officer).unwrap_or_else(|e| panic!("{e}")).id;
    let mut types = Vec::new();
    for (code, name, secrecy_class) in
        [("waste", "Sophämtning", SecrecyClass::Open), ("care", "Orosanmälan", SecrecyClass::Strict)]
    {
        let cmd = PutCaseType {
            code: code.into(),
            category: "Avfall".into(),
            name: name.into(),
            keywords: "sopor, tunna".into(),
            department_id: department,
            officer_id: Some(officer),
            secrecy_class,
            retention_rule: "2 år".into(),
            due_working_days: 5,
            public_text: "Vi tömmer nästa dag.".into(),
            open311: secrecy_class == SecrecyClass::Open,
            active: true,
        };
        types.push(cases::commands::put_case_type(s, ctx, &cmd)?);
    }
    let (mut users, mut keys) = (BTreeMap::new(), BTreeMap::new());
    for role in Role::ALL {
        let password = people::password::hash_new(role.as_str(), PASSWORD, &*ctx.chance).expect("a password");
        let user = CreateUser {
            sign_in: role.to_string(),
            name: format!("En {role}"),
            role: *role,
            password,
            language: Language::Swedish,
            hourly: false,
        };
        let user = people::users::commands::create(s, ctx, &user).unwrap_or_else(|e| panic!("{e}")).id;
        let level = [GroupLevel { group, level: 1 }];
        people::users::commands::set_groups(s, ctx, user, &level).unwrap_or_else(|e| panic!("{e}"));
        let key = access::create_api_key(s, ctx, role.as_str(), *role).unwrap_or_else(|e| panic!("{e}"));
        users.insert(*role, user);
        keys.insert(*role, key.token.reveal().to_owned());
    }
    let key = SigningKey::obtain(s, ctx).unwrap_or_else(|e| panic!("{e}"));
    Ok(Staffed { users, keys, group, officer, types: [types[0], types[1]], key })
}

fn floor_settings() -> FloorSettings {
    FloorSettings {
        routing: routing::Settings {
            ring_max: SignedDuration::from_secs(20),
            wrap_up_max: SignedDuration::from_secs(60),
            prompt_max: SignedDuration::from_secs(30),
            overflow_after: SignedDuration::from_secs(30),
            wait_max: SignedDuration::from_secs(600),
            calls_max: 10,
            groups: Vec::new(),
            vanish_grace: SignedDuration::from_secs(30),
        },
        opening: OpeningHours::default(),
        after_call: Arc::new(|_: &mut Session<'_>, _: &Context, _| Ok::<(), FloorError>(())),
    }
}

impl House {
    pub async fn new() -> Self {
        let db = sqlite();
        let clock = Arc::new(ManualClock::new(MONDAY.parse().unwrap()));
        let chance = Arc::new(SeededChance::new(11));
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let staffed = db.write_blocking(move |s| staff(s, &ctx)).expect("staff");
        let stop = CancellationToken::new();
        let floor =
            floor::start(db.database(), clock.clone(), chance.clone(), floor_settings(), stop.clone())
                .await
                .unwrap();
        let cases = CaseSettings::new(BASE.parse().unwrap(), staffed.key.clone(), "Vikhamns kommun".into());
        let (closing, closed) = watch::channel(false);
        let access = Access::new(db.database(), clock.clone(), clock.clone(), chance.clone(), staffed.key);
        let state = AppState {
            db: db.database(),
            clock: clock.clone(),
            wall: clock.clone(),
            chance: chance.clone(),
            floor: floor.handle.clone(),
            phones: Arc::new(NoBrowserTelephones),
            speech: Arc::new(web::NoSpeech),
            expectations: crisis::spikes::Expectations::default(),
            knowledge: knowledge::Search::empty().unwrap(),
            shelf: web::Shelf::default(),
            cases: Arc::new(cases),
            access,
            config: Arc::new(WebConfig {
                base_url: BASE.into(),
                secure_cookies: false,
                town: "Vikhamn".into(),
                behind_proxy: false,
                public_telephone: "0999-123 00".into(),
                map_tiles: None,
                site: web::Site::default(),
                programs: web::Programs::default(),
            }),
            demo: Some(Arc::new(DemoClock(clock.clone()))),
            metrics: metrics_handle(),
            closing: closed,
        };
        Self {
            app: web::router(state.clone()),
            state,
            clock,
            chance,
            users: staffed.users,
            keys: staffed.keys,
            group: staffed.group,
            officer: staffed.officer,
            types: staffed.types,
            outputs: Mutex::new(floor.outputs),
            _closing: closing,
            _stop: stop.drop_guard(),
            _db: db,
        }
    }

    pub fn floor(&self) -> &FloorHandle {
        &self.state.floor
    }

    pub fn context(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, self.chance.clone())
    }

    pub async fn browser(&self, role: Role) -> Browser {
        let attempt = Attempt {
            sign_in: role.to_string(),
            password: PASSWORD.into(),
            address: "127.0.0.1".parse().unwrap(),
        };
        let (token, signed_in) = self.state.access.sign_in(attempt).await.unwrap();
        Browser {
            cookie: format!("lots={}", token.reveal()),
            csrf: self.state.access.key().csrf_token(signed_in.session.id),
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.send(
            request(Method::GET, path).header(header::COOKIE, &browser.cookie).body(Body::empty()).unwrap(),
        )
        .await
    }

    pub async fn visit(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the session's own token.
    pub async fn post(&self, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &browser.csrf));
        let request = request(Method::POST, path).header(header::COOKIE, &browser.cookie);
        self.send(with_form(request, &fields)).await
    }

    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(with_form(request(Method::POST, path), fields)).await
    }

    pub async fn api(
        &self,
        role: Role,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Answer {
        let key = &self.keys[&role];
        let request = request(method, path).header(header::AUTHORIZATION, format!("Bearer {key}"));
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => request.body(Body::empty()).unwrap(),
        };
        self.send(request).await
    }

    /// Makes a guide ready, with a telephone.
    pub async fn ready(&self, guide: UserId) {
        self.floor().sign_in(guide).await.unwrap();
        self.floor().send(Input::TelephoneUp { guide }).await.unwrap();
        self.floor().send(Input::Ready { guide }).await.unwrap();
    }

    /// A call that rings at whoever is ready.
    pub async fn ring(&self, number: Option<&str>) -> ContactId {
        let contact = ContactId::next(self.clock.now(), &*self.chance);
        let call = floor::CallArrived {
            contact,
            dialled: "0999123".into(),
            caller_number: number.map(str::to_owned),
        };
        self.floor().call_arrived(call).await.unwrap();
        self.floor().send(Input::PromptEnded { call: contact }).await.unwrap();
        contact
    }

    /// The ringing call is answered.
    pub async fn answer(&self) {
        let offer = {
            let mut outputs = self.outputs.lock().unwrap();
            let left = std::iter::from_fn(|| outputs.try_recv().ok());
            left.filter_map(|output| match output {
                Output::Offer { offer, .. } => Some(offer),
                _ => None,
            })
            .last()
        };
        self.floor().send(Input::OfferAccepted { offer: offer.expect("a call rings") }).await.unwrap();
    }
}

pub fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "lots.example")
}

pub fn with_form(request: axum::http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let encoded: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
    request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded.join("&")))
        .unwrap()
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
