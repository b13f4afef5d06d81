//! The templates that come with the program, as data.

use crate::Template;
use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct File {
    template: Vec<Template>,
}

/// The templates that come with the program.
///
/// # Panics
/// Never in a correct build: the file is compiled in, and a test reads it.
pub fn shipped() -> &'static [Template] {
    static SHIPPED: OnceLock<Vec<Template>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let file: File = toml::from_str(include_str!("../templates/sv.toml"))
            .expect("the templates are compiled in and well formed");
        file.template
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CrisisKind;
    use crate::limits::{SPOKEN_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX};

    #[test]
    fn there_is_one_for_every_common_crisis_and_each_fits() {
        for kind in [CrisisKind::Storm, CrisisKind::Water, CrisisKind::Power, CrisisKind::School] {
            assert!(shipped().iter().any(|t| t.kind == kind), "{kind}");
        }
        for t in shipped() {
            assert!(t.active && !t.public_text.is_empty() && !t.spoken_text.is_empty(), "{}", t.code);
            assert!(t.title.chars().count() <= TITLE_CHARS_MAX);
            assert!(t.public_text.chars().count() <= TEXT_CHARS_MAX);
            assert!(t.spoken_text.chars().count() <= SPOKEN_CHARS_MAX);
        }
    }
}
