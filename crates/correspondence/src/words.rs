//! What residents read in letters that Lots writes about their letters. All text lives in `locales/*/correspondence.ftl`.

use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;
use vocabulary::Language;
use vocabulary::civil::Date;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../locales"]
struct Locales;

/// The loader of `language`'s messages.
///
/// # Panics
/// Never in a correct build: the language files are compiled in, and a test loads them.
fn loader(language: Language) -> &'static FluentLanguageLoader {
    static SWEDISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    static ENGLISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    let slot = match language {
        Language::Swedish => &SWEDISH,
        Language::English => &ENGLISH,
    };
    slot.get_or_init(|| {
        let id: LanguageIdentifier = language.as_str().parse().expect("sv and en are language tags");
        let loader = FluentLanguageLoader::new("correspondence", id.clone());
        loader.load_languages(&Locales, &[id]).expect("the language files are compiled in");
        // The marks around arguments are for mixed writing directions; in an e-mail they show up as rubbish.
        loader.set_use_isolating(false);
        loader
    })
}

/// Subject and text of the letter that says that a letter has come.
pub(crate) fn acknowledgement(language: Language, reference: &str, due: Date) -> (String, String) {
    let loader = loader(language);
    let day = cases::words::day(language, due);
    (
        fl!(loader, "acknowledgement-subject", reference = reference),
        fl!(loader, "acknowledgement-body", reference = reference, day = day),
    )
}

/// What stands above a quoted letter.
pub(crate) fn quoted_head(language: Language, day: Date, name: &str) -> String {
    fl!(loader(language), "quoted-head", day = day.to_string(), name = name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    #[test]
    fn both_languages_have_every_letter() {
        for language in Language::ALL {
            let (subject, body) = acknowledgement(*language, "FR-26110001", date(2026, 11, 4));
            assert!(
                subject.contains("FR-26110001") && body.to_lowercase().contains("november"),
                "{language}: {subject} {body}"
            );
            assert!(quoted_head(*language, date(2026, 11, 4), "Kim").contains("Kim"));
        }
    }
}
