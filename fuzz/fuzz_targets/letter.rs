//! Any bytes are a letter: read without panic, within limits, and nothing harmful left in its HTML.

#![no_main]

use letters::{Limits, Own, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let limits = Limits { text_chars_max: 5_000, files_max: 5, ..Limits::default() };
    let own = Own {
        addresses: vec!["kc@vikhamn.example".to_owned()],
        message_id_domain: "vikhamn.example".to_owned(),
    };
    let letter = read(raw, &limits, &own);
    assert!(letter.text.chars().count() <= 5_000 && letter.parts.len() <= 5);
    assert!(!letter.text.contains('\0') && !letter.subject.contains(|c: char| c.is_control()));
    for part in &letter.parts {
        assert!(!part.name.contains(['/', '\\', '\0', '\n']) && !part.name.is_empty());
    }
    if let Some(html) = &letter.html {
        let html = html.to_lowercase();
        assert!(!html.contains("<script") && !html.contains("<iframe") && !html.contains("<form"));
    }
});
