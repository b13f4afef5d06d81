//! Any HTML: made harmless once, it is left as it is; and its text is found in time.

#![no_main]

use letters::{sanitised, text_of_html};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let _ = text_of_html(html);
    if let Some(clean) = sanitised(html) {
        let lower = clean.to_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("<style") && !lower.contains("<svg"));
        assert!(!lower.contains("src=\"http") && !lower.contains("src=\"data:"));
    }
});
