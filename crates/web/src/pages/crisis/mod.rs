//! Crisis: what is said to everybody, who wrote and who approved it; what the detector proposes; who is called in.

mod answer;
pub mod banner;
mod call_in;
mod log;
pub mod periods;
mod publish;
mod show;
mod sound;
mod start;
mod templates;
mod write;

use crate::routes::{Entrance, Route, RouteTable};
use people::{Action, LinkKind};

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    let (see, write, approve) =
        (Action::SeeSituation, Action::WriteCrisisMessage, Action::ApproveCrisisMessage);
    table.get("/crisis", see, start::show);
    table.get("/crisis/new", write, write::blank);
    table.post("/crisis", write, write::begin);
    table.get("/crisis/{id}", see, show::show);
    table.post("/crisis/{id}/draft", write, write::draft);
    table.post("/crisis/{id}/end", approve, publish::end);
    table.post("/crisis/{id}/period", Action::SetCrisisPeriod, publish::set_period);
    table.post("/crisis/messages/{id}/approve", approve, publish::approve);
    table.post("/crisis/messages/{id}/discard", write, publish::discard);
    table.get("/crisis/messages/{id}/sound", see, sound::play);
    let upload = Route {
        method: "POST",
        path: "/crisis/messages/{id}/sound",
        action: write,
        entrance: Entrance::Page,
    };
    table.upload(upload, sound::record);
    table.post("/crisis/messages/{id}/voice", write, sound::speak);
    table.post("/crisis/messages/{id}/silence", write, sound::drop_sound);
    table.get("/crisis/templates", write, templates::list);
    table.get("/crisis/templates/{code}", write, templates::show);
    table.post("/crisis/templates/{code}", write, templates::put);
    table.post("/crisis/templates/{code}/reset", write, templates::reset);
    table.get("/crisis/log", see, log::show);
    table.post("/crisis/proposals/{id}/dismiss", Action::DecideSpike, publish::dismiss);
    let call_in = Action::CallInStaff;
    table.get("/crisis/call-in", call_in, call_in::show);
    table.post("/crisis/call-in", call_in, call_in::open);
    table.post("/crisis/call-in/{id}/text", call_in, call_in::text);
    table.post("/crisis/call-in/{id}/note", call_in, call_in::note);
    table.post("/crisis/call-in/{id}/close", call_in, call_in::close);
    table.get("/crisis/call-in/people/{id}", call_in, call_in::person);
    table.post("/crisis/call-in/people/{id}", call_in, call_in::put_person);
    let link = |method| Route {
        method,
        path: "/c/{token}",
        action: Action::AnswerCallIn,
        entrance: Entrance::Link(LinkKind::CallIn),
    };
    table.add(link("GET"), answer::show);
    table.add(link("POST"), answer::answer);
}
