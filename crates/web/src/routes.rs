//! The table of routes. A route cannot be made without saying who may use it: every method takes the
//! [`Action`] it is, and wraps the handler in the guard that asks the policy.

use crate::{
    AppState,
    router::{BODY_BYTES_MAX, REQUEST_TIME_MAX, UPLOAD_TIME_MAX},
    security::guard,
    uploads::UPLOAD_BYTES_MAX,
};
use axum::{
    Router,
    handler::Handler,
    http::{Method, StatusCode},
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use people::{Action, LinkKind};
use std::time::Duration;
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

/// How whoever uses a route shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// A page: the session's cookie. Strangers are sent to the sign-in page.
    Page,
    /// The HTTP API: a key in the `Authorization` header.
    Api,
    /// A key or a session: what machines and administrators both read.
    Either,
    /// Open311: a key as its argument `api_key`, or in the `Authorization` header.
    Open311,
    /// A signed link: the token in the path.
    Link(LinkKind),
    /// A page that is the same for everybody: whoever asks is a stranger, whatever cookies come along, and the language
    /// stands in the address, so that what is answered may be kept and given to the next.
    Public,
    /// A resident's pages: the cookie of the session with their own case, if there is one.
    Resident,
}

/// One route as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` and so on.
    pub method: &'static str,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// What using it is, in the policy's words.
    pub action: Action,
    /// How one shows who one is.
    pub entrance: Entrance,
}

/// How much a request may bring and how long it may take.
#[derive(Clone, Copy)]
struct Bounds {
    body_bytes_max: usize,
    time_max: Duration,
}

/// Collects the routes and what they are.
pub struct RouteTable {
    state: AppState,
    router: Router<AppState>,
    routes: Vec<Route>,
}

impl RouteTable {
    /// An empty table.
    #[must_use]
    pub fn new(state: AppState) -> Self {
        Self { state, router: Router::new(), routes: Vec::new() }
    }

    /// A page that is read.
    pub fn get<H, T>(&mut self, path: &'static str, action: Action, handler: H)
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Route { method: "GET", path, action, entrance: Entrance::Page }, handler);
    }

    /// A form that is sent.
    pub fn post<H, T>(&mut self, path: &'static str, action: Action, handler: H)
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Route { method: "POST", path, action, entrance: Entrance::Page }, handler);
    }

    /// Any route.
    ///
    /// # Panics
    /// When the same method and path are registered twice, which is a fault in the program.
    pub fn add<H, T>(&mut self, route: Route, handler: H)
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add_within(
            route,
            Bounds { body_bytes_max: BODY_BYTES_MAX, time_max: REQUEST_TIME_MAX },
            handler,
        );
    }

    /// A route whose form may bring files along ([`crate::uploads::Upload`]): with more room and more time.
    ///
    /// # Panics
    /// As [`Self::add`].
    pub fn upload<H, T>(&mut self, route: Route, handler: H)
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add_within(
            route,
            Bounds { body_bytes_max: UPLOAD_BYTES_MAX, time_max: UPLOAD_TIME_MAX },
            handler,
        );
    }

    fn add_within<H, T>(&mut self, route: Route, bounds: Bounds, handler: H)
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let method = Method::from_bytes(route.method.as_bytes()).expect("a method's name");
        let filter = MethodFilter::try_from(method).expect("a method that can be routed");
        let before =
            guard::Guarded { state: self.state.clone(), route, body_bytes_max: bounds.body_bytes_max };
        let guarded: MethodRouter<AppState> = on(filter, handler)
            .route_layer(middleware::from_fn_with_state(before, guard::guard))
            .route_layer(RequestBodyLimitLayer::new(bounds.body_bytes_max))
            .route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, bounds.time_max));
        self.router = std::mem::take(&mut self.router).route(route.path, guarded);
        self.routes.push(route);
    }

    /// The router, and what is in it.
    pub fn finish(self) -> (Router<AppState>, Vec<Route>) {
        (self.router, self.routes)
    }
}
