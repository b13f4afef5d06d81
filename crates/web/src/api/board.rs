//! The board over the API.

use super::problem::Problem;
use crate::{
    AppState,
    pages::board::{Board as Figures, service_level},
    visit::Visit,
};
use axum::{Json, extract::State};
use contacts::CallFigures;
use routing::GuideState;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, Timestamp};

/// Counted calls of today.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Calls {
    /// Calls that arrived.
    pub offered: u64,
    /// Answered by a guide.
    pub answered: u64,
    /// Answered within 60 seconds of arrival, the prompt included.
    pub answered_within_60_s: u64,
    /// Hung up in the queue.
    pub abandoned: u64,
    /// Hung up during the prompt.
    pub abandoned_in_prompt: u64,
    /// Sent to the switchboard.
    pub to_switchboard: u64,
    /// Lost by a fault of the house.
    pub failed: u64,
    /// `answered_within_60_s` of all who came to wait for a guide, 0 to 1; who hung up while waiting counts against.
    /// None if there is nobody to count.
    pub service_level: Option<f64>,
}

impl From<CallFigures> for Calls {
    fn from(calls: CallFigures) -> Self {
        Self {
            service_level: service_level(&calls),
            offered: calls.offered,
            answered: calls.answered,
            answered_within_60_s: calls.answered_in_time,
            abandoned: calls.abandoned,
            abandoned_in_prompt: calls.abandoned_in_prompt,
            to_switchboard: calls.to_switchboard,
            failed: calls.failed,
        }
    }
}

/// One answer group on the board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Group {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Calls that wait, ringing ones included.
    pub waiting: usize,
    /// When the call that has waited longest joined the queue.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub longest_since: Option<Timestamp>,
    /// Whether the surge notice is on.
    pub surge_notice: bool,
    /// Today's calls.
    pub today: Calls,
}

/// How many guides are in each state.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct GuideCounts {
    /// Waiting for a call.
    pub ready: usize,
    /// A call rings.
    pub offered: usize,
    /// Talking.
    pub talking: usize,
    /// After-work.
    pub wrap_up: usize,
    /// At work, taking no calls.
    pub away: usize,
}

/// The board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Board {
    /// When it was read.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Whether the centre is open.
    pub open: bool,
    /// The answer groups.
    pub groups: Vec<Group>,
    /// The guides at work.
    pub guides: GuideCounts,
    /// Today's calls to all groups.
    pub today: Calls,
}

/// Gives the board as it stands.
///
/// # Errors
/// The database.
#[utoipa::path(get, path = "/api/v1/board", tag = "board", security(("key" = [])),
    responses((status = 200, body = Board), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn get(State(state): State<AppState>, _visit: Visit) -> Result<Json<Board>, Problem> {
    let figures = Figures::load(&state).await?;
    let name = |id: AnswerGroupId| {
        figures.groups.iter().find(|g| g.id == id).map(|g| g.name.clone()).unwrap_or_default()
    };
    let mut guides = GuideCounts::default();
    for guide in &figures.snapshot.guides {
        match guide.state {
            GuideState::Ready => guides.ready += 1,
            GuideState::Offered { .. } => guides.offered += 1,
            GuideState::Talking { .. } => guides.talking += 1,
            GuideState::WrapUp { .. } => guides.wrap_up += 1,
            GuideState::Away { .. } => guides.away += 1,
            GuideState::SignedOut => {}
        }
    }
    let groups = figures.snapshot.groups.iter().map(|group| Group {
        id: group.group.into_untyped_uuid(),
        name: name(group.group),
        waiting: group.waiting,
        longest_since: group.waiting_since,
        surge_notice: group.surge,
        today: figures.today(Some(group.group)).into(),
    });
    Ok(Json(Board {
        at: figures.now,
        open: figures.snapshot.open,
        groups: groups.collect(),
        guides,
        today: figures.today(None).into(),
    }))
}
