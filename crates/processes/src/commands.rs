//! What can be done with processes. Every command runs in one write transaction: it loads, decides by the pure machine,
//! and writes acts, timeline and jobs together. Each may arrive twice.

mod act;
mod bookings;
mod carry;
mod definitions;
mod links;
mod resources;

pub use act::{
    act_by_link, blank_answers, change_type, do_step, hand_out, register, skip, start_for_case, undo,
};
pub(crate) use bookings::remind as remind_of_booking;
pub use bookings::{BookingByLink, book, booking_by_link, cancel_booking, cancel_by_link, move_booking};
pub use definitions::{Publish, publish, set_active};
pub use links::{StepByLink, step_by_link};
pub use resources::{PutContractor, PutResource, put_contractor, put_resource};

pub(crate) use carry::call_next;
