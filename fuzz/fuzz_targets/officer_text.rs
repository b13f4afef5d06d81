//! Any text by an officer: what is public of it stands in it, below a marker; without a marker nothing is public.

#![no_main]

use cases::reading::read;
use libfuzzer_sys::fuzz_target;
use vocabulary::Language;
use vocabulary::civil::date;

fuzz_target!(|text: &str| {
    let reading = read(text, date(2026, 11, 3), Language::Swedish);
    if let Some(public) = &reading.public {
        let upper = text.to_uppercase();
        assert!(upper.contains("INV") || upper.contains("RESIDENT"));
        for line in public.lines().filter(|line| !line.trim().is_empty()) {
            assert!(text.contains(line.trim()));
        }
    }
});
