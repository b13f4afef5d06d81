//! Records from the outside, on both engines.
