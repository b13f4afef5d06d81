//! All the SQL of processes.

mod bookings;
mod running;
mod versions;

pub use bookings::{
    booking, bookings_between, contractor_by_code, contractors, resource, resource_by_code, resources, taken,
};
pub(crate) use bookings::{
    cancel_booking_row, insert_booking, insert_link, link, revoke_links, upsert_contractor, upsert_resource,
};
pub(crate) use running::{acts_of, end_process, insert_act, insert_process, replace_steps, update_act};
pub use running::{due_steps, open_steps, process_of, public_now, running};
pub use versions::{InForce, in_force, in_force_for_type, known, version, version_by_number, versions};
pub(crate) use versions::{insert_version, put_in_force, set_active};
