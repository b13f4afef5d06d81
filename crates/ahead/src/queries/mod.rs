//! All SQL of what is planned.

mod agenda;
mod calendars;
mod events;
mod meetings;
mod notices;

pub use agenda::{TypeCount, common_types};
pub use calendars::{
    Entry, Feed, Source, entries_pending, entry_of, feed, feeds_of, source, sources, touch_feed,
};
pub(crate) use calendars::{
    entries_between, entry, insert_feed, insert_source, put_entry, revoke_feed, set_source_active,
    source_tried,
};
pub use events::{
    EVENTS_MAX, EventList, Version, Whole, confirmations, event, event_of_entry, events, events_told_at,
    versions, whole,
};
pub(crate) use events::{
    Step, event_by_title, events_for_calendar, insert_confirmation, insert_event, insert_version, link_fate,
    replace_parts, update_event,
};
pub use meetings::{
    Action, Item, actions_of, guests, items, meeting, meetings, meetings_between, next_meeting,
    open_actions_of, series, series_list,
};
pub(crate) use meetings::{
    action, complete_action, delete_item, insert_action, insert_guest, insert_item, insert_meeting,
    insert_series, invited, item, open_actions_with, set_series_active, update_item, update_meeting,
};
pub use notices::{
    ArticleName, Confirmation, Notice, Today, articles_now, awaiting, confirmation_state, notices, today,
};
