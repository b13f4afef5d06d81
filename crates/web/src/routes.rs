//! The table of routes. A route cannot be made without saying who may use it: every method takes the
//! [`Action`] it is, and wraps the handler in the guard that asks the policy.

use crate::{AppState, security::guard};
use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use people::{Action, LinkKind};

/// How whoever uses a route shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// A page: the session's cookie. Strangers are sent to the sign-in page.
    Page,
    /// The HTTP API: a key in the `Authorization` header.
    Api,
    /// A key or a session: what machines and administrators both read.
    Either,
    /// A signed link: the token in the path.
    Link(LinkKind),
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
        let method = Method::from_bytes(route.method.as_bytes()).expect("a method's name");
        let filter = MethodFilter::try_from(method).expect("a method that can be routed");
        let guarded: MethodRouter<AppState> = on(filter, handler).route_layer(
            middleware::from_fn_with_state(guard::Guarded { state: self.state.clone(), route }, guard::guard),
        );
        self.router = std::mem::take(&mut self.router).route(route.path, guarded);
        self.routes.push(route);
    }

    /// The router, and what is in it.
    pub fn finish(self) -> (Router<AppState>, Vec<Route>) {
        (self.router, self.routes)
    }
}
