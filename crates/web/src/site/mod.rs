//! How the public site looks and where it may stand: its name, its logo, its colours, and the sites that may have it in a
//! frame. Read from the configuration (`[site]`) and checked once, at start.

mod colours;

pub use colours::{Colours, Rgb};

use colours::{FIXED_DARK, FIXED_LIGHT, style_sheet};
use serde::{Deserialize, Serialize};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;

/// The largest logo, in bytes. Every visitor fetches it once.
const LOGO_BYTES_MAX: usize = 200 * 1024;
/// Most sites that may have the site in a frame.
const EMBED_ON_MAX: usize = 50;

/// What is set of the public site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    /// What the site is called, beside the town's name. Empty: "Frågor och svar".
    pub name: String,
    /// A picture (SVG, PNG, JPEG or WebP) that stands before the name. Unset: none.
    pub logo: Option<PathBuf>,
    /// The sites that may show questions and answers in a frame, as `https://www.vikhamn.example`.
    pub embed_on: Vec<String>,
    /// The colours in light.
    pub light: Colours,
    /// The colours for those who want the screen dark.
    pub dark: Colours,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            logo: None,
            embed_on: Vec::new(),
            light: Colours::light(),
            dark: Colours::dark(),
        }
    }
}

/// Settings that a site cannot be made of: each fault with its key and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct SiteFaults(pub Vec<String>);

/// A logo, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logo {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
    version: String,
}

/// The public site as it has been set up. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    name: String,
    logo: Option<Logo>,
    embed_on: Vec<String>,
    style_sheet: String,
    style_version: String,
}

impl Default for Site {
    /// With Lots' own colours, no logo, and in nobody's frame.
    ///
    /// # Panics
    /// Never: a test reads the default colours.
    fn default() -> Self {
        Self::read(&SiteSettings::default()).expect("Lots' own colours can be read")
    }
}

impl Site {
    /// Reads and checks the settings, and the logo's file.
    ///
    /// # Errors
    /// Every fault, each with its key: a pair of colours below WCAG AA with its ratio, a logo that is none, an address
    /// that is no site's.
    pub fn read(settings: &SiteSettings) -> Result<Self, SiteFaults> {
        let mut faults = Vec::new();
        if settings.name.chars().count() > 80 || settings.name.chars().any(char::is_control) {
            faults.push("site.name: must be one line of at most 80 characters".to_owned());
        }
        let logo = read_logo(settings, &mut faults);
        let embed_on = read_sites(&settings.embed_on, &mut faults);
        let light = settings.light.checked("site.light", FIXED_LIGHT);
        let dark = settings.dark.checked("site.dark", FIXED_DARK);
        match (light, dark) {
            (Ok(light), Ok(dark)) if faults.is_empty() => {
                let style_sheet = style_sheet(&light, &dark);
                Ok(Self(Arc::new(Inner {
                    name: settings.name.trim().to_owned(),
                    logo,
                    embed_on,
                    style_version: version(style_sheet.as_bytes()),
                    style_sheet,
                })))
            }
            (light, dark) => {
                faults.extend([light.err(), dark.err()].into_iter().flatten().flatten());
                Err(SiteFaults(faults))
            }
        }
    }

    /// What the site is called; empty if it has no name of its own.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The logo's address, if there is one.
    #[must_use]
    pub fn logo_address(&self) -> Option<String> {
        self.0.logo.as_ref().map(|logo| format!("/site/logo?v={}", logo.version))
    }

    /// The address of the style sheet with the site's colours.
    #[must_use]
    pub fn style_address(&self) -> String {
        format!("/site/theme.css?v={}", self.0.style_version)
    }

    /// The sites that may have this one in a frame: scheme, host and port, in small letters.
    #[must_use]
    pub fn embed_on(&self) -> &[String] {
        &self.0.embed_on
    }

    pub(crate) fn logo(&self) -> Option<&Logo> {
        self.0.logo.as_ref()
    }

    pub(crate) fn style_sheet(&self) -> &str {
        &self.0.style_sheet
    }
}

/// A short mark of what something holds, for addresses that are cached for ever.
pub(crate) fn version(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn read_logo(settings: &SiteSettings, faults: &mut Vec<String>) -> Option<Logo> {
    let path = settings.logo.as_ref()?;
    let mut refuse = |why: String| {
        faults.push(format!("site.logo = {:?}: {why}", path.display().to_string()));
        None
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return refuse(format!("cannot be read: {error}")),
    };
    if bytes.len() > LOGO_BYTES_MAX {
        return refuse(format!(
            "is {} KiB, must be at most {} KiB",
            bytes.len() / 1024,
            LOGO_BYTES_MAX / 1024
        ));
    }
    let Some(media_type) = picture_type(&bytes) else {
        return refuse("must be an SVG, PNG, JPEG or WebP picture".to_owned());
    };
    Some(Logo { media_type, version: version(&bytes), bytes })
}

/// What picture it is, by what stands first in it; its name is nobody's promise.
fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_svg = (text.starts_with("<svg") || text.starts_with("<?xml") || text.starts_with("<!--"))
        && text.contains("<svg");
    is_svg.then_some("image/svg+xml")
}

fn read_sites(asked: &[String], faults: &mut Vec<String>) -> Vec<String> {
    if asked.len() > EMBED_ON_MAX {
        faults.push(format!("site.embed_on: at most {EMBED_ON_MAX} sites"));
    }
    let mut sites = Vec::new();
    for site in asked {
        match origin_of(site) {
            Some(origin) => sites.push(origin),
            None => faults.push(format!(
                "site.embed_on: {site:?} must be http:// or https:// and a host, such as https://www.vikhamn.example"
            )),
        }
    }
    sites
}

/// The origin an address is, if it is nothing more. It ends up in a content policy, where no sign may end a source.
fn origin_of(site: &str) -> Option<String> {
    let site = site.trim_end_matches('/').to_ascii_lowercase();
    let host = site.strip_prefix("https://").or_else(|| site.strip_prefix("http://"))?;
    let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    plain.then_some(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_origins_may_frame_the_site() {
        for (site, origin) in [
            ("https://www.vikhamn.example", Some("https://www.vikhamn.example")),
            ("https://WWW.vikhamn.example/", Some("https://www.vikhamn.example")),
            ("http://127.0.0.1:4711", Some("http://127.0.0.1:4711")),
            ("https://*.vikhamn.example", None),
            ("*", None),
            ("www.vikhamn.example", None),
            ("https://a.example; script-src *", None),
            ("https://a.example/path", None),
            ("https://", None),
            ("data:text/html", None),
        ] {
            assert_eq!(origin_of(site).as_deref(), origin, "{site}");
        }
    }

    #[test]
    fn pictures_are_known_by_what_they_hold() {
        assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(picture_type(b"<?xml version=\"1.0\"?>\n<svg xmlns=\"x\"/>"), Some("image/svg+xml"));
        assert_eq!(picture_type("\u{feff} <svg/>".as_bytes()), Some("image/svg+xml"));
        assert_eq!(picture_type(b"<html><svg/></html>"), None);
        assert_eq!(picture_type(b"GIF89a"), None);
        assert_eq!(picture_type(b""), None);
    }

    #[test]
    fn a_site_tells_all_that_is_wrong_at_once() {
        let settings = SiteSettings {
            logo: Some("/nowhere/logo.svg".into()),
            embed_on: vec!["vikhamn.example".into()],
            light: Colours { text: "#cccccc".into(), ..Colours::light() },
            ..SiteSettings::default()
        };
        let told = Site::read(&settings).unwrap_err().to_string();
        for part in [
            "site.logo",
            "site.embed_on",
            "site.light.text (#cccccc) on site.light.surface (#ffffff): contrast 1.60:1",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(Site::default().logo_address(), None);
        assert!(Site::default().style_address().starts_with("/site/theme.css?v="));
    }
}
