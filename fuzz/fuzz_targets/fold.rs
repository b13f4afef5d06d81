//! Folding only leaves out: each line of what is left stood in the text, in the same order.

#![no_main]

use letters::fold;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let folded = fold(text);
    let mut lines = text.lines();
    for line in folded.lines().filter(|line| !line.trim().is_empty()) {
        assert!(lines.any(|known| known.trim_end() == line));
    }
    let says = |text: &str| text.chars().any(char::is_alphanumeric);
    assert!(!says(text) || says(&folded) || folded.chars().any(|c| u32::from(c) >= 0x2190));
});
