//! Lots: the open contact centre for municipalities.
fn main() {}
