//! A site's colours, and whether what is written in them can be read: WCAG 2.1, 1.4.3 and 1.4.11.

use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// What text needs against its ground (WCAG 2.1, success criterion 1.4.3, level AA).
const TEXT_CONTRAST_MIN: f64 = 4.5;
/// What the border of a control and the mark of focus need (success criterion 1.4.11).
const CONTROL_CONTRAST_MIN: f64 = 3.0;

/// A colour on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb([u8; 3]);

impl FromStr for Rgb {
    type Err = ();

    /// `#0a5768`, or `#058` for `#005588`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix('#').ok_or(())?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(());
        }
        let whole: String = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return Err(()),
        };
        let part = |at: usize| u8::from_str_radix(&whole[at..at + 2], 16).map_err(drop);
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Rgb {
    /// Relative luminance, 0 to 1, as WCAG 2.1 defines it.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio of two colours, 1 to 21, as WCAG 2.1 defines it.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with `percent` of another in it.
    fn with(self, other: Self, percent: u16) -> Self {
        let mut mixed = self.0;
        for (part, theirs) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*part) * (100 - percent) + u16::from(theirs) * percent;
            *part = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }
}

/// The colours of a site in light or in dark, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// Behind everything.
    pub page: String,
    /// Behind what stands together: an answer, a form.
    pub surface: String,
    /// What is read.
    pub text: String,
    /// What is read in passing: hints, dates.
    pub soft_text: String,
    /// Around fields and buttons.
    pub border: String,
    /// Links, and the ground of the button that matters most.
    pub accent: String,
    /// What is read on that button.
    pub accent_text: String,
    /// Behind the site's name.
    pub head: String,
    /// The site's name.
    pub head_text: String,
    /// Around what has the focus.
    pub focus: String,
}

impl Colours {
    /// Lots' own, in light.
    #[must_use]
    pub fn light() -> Self {
        Self::of([
            "#f4f6f4", "#ffffff", "#14201d", "#47544f", "#707d77", "#0a5768", "#ffffff", "#0b3c47",
            "#f2f8f8", "#b25a00",
        ])
    }

    /// Lots' own, in dark.
    #[must_use]
    pub fn dark() -> Self {
        Self::of([
            "#111716", "#1a2220", "#e6edea", "#a8b6b0", "#7a8a83", "#74c7d6", "#06242a", "#0a2b33",
            "#eaf3f3", "#ffb454",
        ])
    }

    fn of(colours: [&str; 10]) -> Self {
        let [page, surface, text, soft_text, border, accent, accent_text, head, head_text, focus] =
            colours.map(str::to_owned);
        Self { page, surface, text, soft_text, border, accent, accent_text, head, head_text, focus }
    }

    /// The colours with what follows from them, or every fault, each with its key under `at` (such as `site.light`).
    ///
    /// # Errors
    /// A colour that cannot be read as one, or a pair of colours that cannot be told apart well enough.
    pub(super) fn checked(&self, at: &str, fixed: Fixed) -> Result<Palette, Vec<String>> {
        let mut faults = Vec::new();
        let mut read = |key: &str, text: &str| {
            text.parse().unwrap_or_else(|()| {
                faults.push(format!("{at}.{key} = {text:?}: must be a colour such as #0a5768"));
                Rgb([0; 3])
            })
        };
        let page = read("page", &self.page);
        let surface = read("surface", &self.surface);
        let text = read("text", &self.text);
        let soft_text = read("soft_text", &self.soft_text);
        let border = read("border", &self.border);
        let accent = read("accent", &self.accent);
        let accent_text = read("accent_text", &self.accent_text);
        let head = read("head", &self.head);
        let head_text = read("head_text", &self.head_text);
        let focus = read("focus", &self.focus);
        if !faults.is_empty() {
            return Err(faults);
        }
        let palette =
            Palette { page, surface, text, soft_text, border, accent, accent_text, head, head_text, focus };
        faults.extend(palette.faults(at, fixed));
        if faults.is_empty() { Ok(palette) } else { Err(faults) }
    }
}

/// The colours that mean something (good, warning, bad, information) and are the same on every site: their inks must be
/// readable on the site's own grounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed([(&'static str, Rgb); 4]);

/// As in `web/styles/tokens.css`, in light.
pub(super) const FIXED_LIGHT: Fixed = Fixed([
    ("good", Rgb([0x15, 0x5f, 0x36])),
    ("warn", Rgb([0x74, 0x47, 0x00])),
    ("bad", Rgb([0x9b, 0x1b, 0x23])),
    ("info", Rgb([0x1d, 0x4b, 0x89])),
]);
/// As in `web/styles/tokens.css`, in dark.
pub(super) const FIXED_DARK: Fixed = Fixed([
    ("good", Rgb([0x86, 0xd6, 0xa3])),
    ("warn", Rgb([0xf0, 0xc3, 0x68])),
    ("bad", Rgb([0xf5, 0xa3, 0xa3])),
    ("info", Rgb([0xa5, 0xc5, 0xf5])),
]);

/// Colours that can be read on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    page: Rgb,
    surface: Rgb,
    text: Rgb,
    soft_text: Rgb,
    border: Rgb,
    accent: Rgb,
    accent_text: Rgb,
    head: Rgb,
    head_text: Rgb,
    focus: Rgb,
}

impl Palette {
    fn faults(&self, at: &str, fixed: Fixed) -> Vec<String> {
        let grounds = [("page", self.page), ("surface", self.surface)];
        let mut pairs = vec![
            ("accent_text", self.accent_text, "accent", self.accent, TEXT_CONTRAST_MIN),
            ("head_text", self.head_text, "head", self.head, TEXT_CONTRAST_MIN),
        ];
        for (name, ground) in grounds {
            pairs.push(("text", self.text, name, ground, TEXT_CONTRAST_MIN));
            pairs.push(("soft_text", self.soft_text, name, ground, TEXT_CONTRAST_MIN));
            pairs.push(("accent", self.accent, name, ground, TEXT_CONTRAST_MIN));
            pairs.push(("border", self.border, name, ground, CONTROL_CONTRAST_MIN));
            pairs.push(("focus", self.focus, name, ground, CONTROL_CONTRAST_MIN));
            pairs.extend(fixed.0.map(|(ink, colour)| (ink, colour, name, ground, TEXT_CONTRAST_MIN)));
        }
        let told = |(ink, colour, ground, behind, min): (&str, Rgb, &str, Rgb, f64)| {
            let ratio = colour.contrast(behind);
            // What is told is cut, never rounded up to what would have done.
            (ratio < min).then(|| {
                let ratio = (ratio * 100.0).floor() / 100.0;
                let own = if fixed.0.iter().any(|(name, _)| *name == ink) {
                    format!("the fixed colour {ink:?} ({colour})")
                } else {
                    format!("{at}.{ink} ({colour})")
                };
                format!("{own} on {at}.{ground} ({behind}): contrast {ratio:.2}:1, must be at least {min}:1 (WCAG AA)")
            })
        };
        pairs.into_iter().filter_map(told).collect()
    }

    /// The custom properties of `web/styles/tokens.css` that are the site's own.
    fn properties(&self) -> String {
        let readable = |ink: Rgb, ground: Rgb| ink.contrast(ground) >= TEXT_CONTRAST_MIN;
        // Shades are made of the colours given, and only where they can be read as well as those.
        let sunken = self.surface.with(self.text, 8);
        let sunken =
            if readable(self.text, sunken) && readable(self.soft_text, sunken) { sunken } else { self.page };
        let accent_soft = self.surface.with(self.accent, 12);
        let accent_soft = if readable(self.text, accent_soft) { accent_soft } else { self.surface };
        let stronger = self.accent.with(self.text, 30);
        let holds = readable(self.accent_text, stronger)
            && readable(stronger, self.page)
            && readable(stronger, self.surface);
        let accent_strong = if holds { stronger } else { self.accent };
        let softer = self.head_text.with(self.head, 20);
        let head_soft = if readable(softer, self.head) { softer } else { self.head_text };
        let line = self.surface.with(self.text, 18);
        let mut css = String::new();
        for (name, colour) in [
            ("paper", self.page),
            ("surface", self.surface),
            ("sunken", sunken),
            ("ink", self.text),
            ("ink-soft", self.soft_text),
            ("line", line),
            ("line-strong", self.border),
            ("accent", self.accent),
            ("accent-strong", accent_strong),
            ("accent-ink", self.accent_text),
            ("accent-soft", accent_soft),
            ("masthead", self.head),
            ("masthead-ink", self.head_text),
            ("masthead-soft", head_soft),
            ("focus", self.focus),
        ] {
            let _ = write!(css, "--{name}:{colour};");
        }
        css
    }
}

/// The style sheet that puts a site's colours over Lots' own. Nothing of it is anybody's text: only colours that have been
/// read as such.
pub(super) fn style_sheet(light: &Palette, dark: &Palette) -> String {
    format!(
        ":root{{{}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n",
        light.properties(),
        dark.properties()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Rgb {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_as_the_standard_counts_it() {
        let ratio = |a: &str, b: &str| (colour(a).contrast(colour(b)) * 100.0).round() / 100.0;
        assert!((ratio("#000", "#fff") - 21.0).abs() < 1e-9);
        assert!((ratio("#777777", "#ffffff") - 4.48).abs() < 1e-9, "the grey that nearly does");
        assert!((ratio("#767676", "#ffffff") - 4.54).abs() < 1e-9, "the grey that just does");
        assert!((ratio("#ffffff", "#767676") - 4.54).abs() < 1e-9, "either way round");
        assert!((ratio("#0a5768", "#0a5768") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn colours_are_read_as_style_sheets_write_them() {
        assert_eq!(colour("#0A5768").to_string(), "#0a5768");
        assert_eq!(colour("#fa0").to_string(), "#ffaa00");
        for bad in ["", "#", "0a5768", "#0a576", "#0a57680", "red", "#ggg", "#åä", "#0a5768;}", "rgb(1,2,3)"]
        {
            assert!(bad.parse::<Rgb>().is_err(), "{bad}");
        }
    }

    #[test]
    fn lots_own_colours_can_be_read() {
        Colours::light().checked("site.light", FIXED_LIGHT).unwrap();
        Colours::dark().checked("site.dark", FIXED_DARK).unwrap();
    }

    #[test]
    fn a_pair_that_cannot_be_read_is_refused_with_its_ratio() {
        let pale = Colours { accent: "#8a8a8a".into(), ..Colours::light() };
        let faults = pale.checked("site.light", FIXED_LIGHT).unwrap_err();
        let on_surface = faults.iter().find(|fault| fault.contains("site.light.surface")).unwrap();
        assert!(on_surface.contains("site.light.accent (#8a8a8a)"), "{on_surface}");
        assert!(on_surface.contains("contrast 3.45:1") && on_surface.contains("4.5:1"), "{on_surface}");
        assert!(faults.iter().any(|fault| fault.contains("accent_text")), "{faults:?}");
        let thin = Colours { border: "#dddddd".into(), ..Colours::light() };
        assert!(thin.checked("site.light", FIXED_LIGHT).unwrap_err()[0].contains("3:1"));
        let grounds = Colours { page: "#c00000".into(), text: "#fff".into(), ..Colours::light() };
        let faults = grounds.checked("site.light", FIXED_LIGHT).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains("fixed colour \"bad\"")), "{faults:?}");
        let no_colour = Colours { focus: "orange".into(), ..Colours::light() };
        assert_eq!(
            no_colour.checked("site.light", FIXED_LIGHT).unwrap_err(),
            ["site.light.focus = \"orange\": must be a colour such as #0a5768"]
        );
    }

    #[test]
    fn every_shade_made_of_allowed_colours_can_be_read() {
        // Colours that only just do: what is mixed of them must not fall below.
        let tight = Colours {
            page: "#ffffff".into(),
            surface: "#ffffff".into(),
            text: "#767676".into(),
            soft_text: "#767676".into(),
            accent: "#767676".into(),
            head: "#767676".into(),
            head_text: "#ffffff".into(),
            ..Colours::light()
        };
        let sheet = style_sheet(
            &tight.checked("site.light", FIXED_LIGHT).unwrap(),
            &Colours::dark().checked("site.dark", FIXED_DARK).unwrap(),
        );
        let value = |name: &str| {
            let from = sheet.find(&format!("--{name}:")).unwrap() + name.len() + 3;
            colour(&sheet[from..from + 7])
        };
        for (ink, ground) in [
            ("ink", "sunken"),
            ("ink", "accent-soft"),
            ("accent-ink", "accent-strong"),
            ("accent-strong", "paper"),
            ("masthead-soft", "masthead"),
        ] {
            let ratio = value(ink).contrast(value(ground));
            assert!(ratio >= TEXT_CONTRAST_MIN, "{ink} on {ground}: {ratio}");
        }
    }
}
