//! Any text by an officer: what is public of it stands in it, below a marker; without a marker nothing is public.

#![no_main]

use cases::reading::read;
use libfuzzer_sys::fuzz_target;
use vocabulary::Language;
use vocabulary::civil::date;

/// Without blanks and what cannot be seen, which a line is cleaned of.
fn seen(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !unseen(*c)).collect()
}

fuzz_target!(|text: &str| {
    let reading = read(text, date(2026, 11, 3), Language::Swedish);
    if let Some(public) = &reading.public {
        // Of a marker's words, whatever marks and invisible things stand among their letters.
        let letters: String = text.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        assert!(letters.contains("inv") || letters.contains("sid"));
        let text = seen(text);
        for line in public.lines() {
            assert!(text.contains(&seen(line)));
        }
    }
});
