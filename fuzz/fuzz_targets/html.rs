//! Any HTML: what is left of it loads nothing from elsewhere and runs nothing; and its text is found in time.

#![no_main]

use letters::{sanitised, text_of_html};
use libfuzzer_sys::fuzz_target;

/// What stands within `<` and `>`: a quoted `>` ends nothing, and what a tag looks like in a text is no tag.
fn tags(html: &str) -> String {
    let (mut within, mut quoted) = (false, false);
    html.chars()
        .filter(|c| {
            match c {
                '<' if !within => within = true,
                '"' if within => quoted = !quoted,
                '>' if !quoted => within = false,
                _ => {}
            }
            within
        })
        .collect()
}

fuzz_target!(|html: &str| {
    let _ = text_of_html(html);
    if let Some(clean) = sanitised(html) {
        let tags = tags(&clean.to_lowercase());
        assert!(!tags.contains("<script") && !tags.contains("<style") && !tags.contains("<svg"));
        assert!(!tags.contains("src=\"http") && !tags.contains("src=\"data:"));
    }
});
