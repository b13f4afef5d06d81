//! What has a key, and what a key can be.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

vocabulary::words! {
    /// What can be done with a key.
    Shortcut, "shortcut" {
        /// Open the palette: every page, every case by its number, every action.
        Palette = "palette",
        /// Show the keys.
        Help = "help",
        /// Go to what is most urgent.
        Next = "next",
        /// Go to the log of the contact at hand.
        Log = "log",
        /// Go to the search of what the centre knows.
        Knowledge = "knowledge",
        /// Search cases.
        Search = "search",
        /// The guide's page.
        Guide = "guide",
        /// My cases.
        Mine = "mine",
        /// My group's cases.
        Group = "group",
        /// What is late.
        Late = "late",
        /// Tasks.
        Tasks = "tasks",
        /// Register a case.
        NewCase = "new_case",
    }
}

/// A key, perhaps with Ctrl or Alt: `Ctrl+K`, `F4`, `?`. Written as shown; letters large.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chord(String);

/// Something that is no key, or one that is not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAChord {
    /// It cannot be read.
    #[error("not a key: write for example N, ?, F4 or Ctrl+K")]
    Unreadable,
    /// The browser, the telephone or the log needs it.
    #[error("that key is taken by the browser, the telephone or the log")]
    Reserved,
}

/// Function keys that can be had: the others are the browser's, and F8 and F9 the telephone's.
const FUNCTION_KEYS: &[&str] = &["F2", "F4", "F6", "F7", "F10"];
/// What browsers keep to themselves with Ctrl, or do something people rely on with.
const CTRL_RESERVED: &[char] = &[
    'A', 'C', 'F', 'H', 'J', 'L', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '0', '+',
    '-',
];

impl FromStr for Chord {
    type Err = NotAChord;

    fn from_str(text: &str) -> Result<Self, NotAChord> {
        let text = text.trim();
        // The last sign is the key, which may be a plus itself.
        let (modifiers, key) = match text.strip_suffix('+') {
            Some("") => ("", "+"),
            Some(before) => (before.strip_suffix('+').ok_or(NotAChord::Unreadable)?, "+"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        let (mut ctrl, mut alt) = (false, false);
        for modifier in modifiers.split('+').filter(|_| !modifiers.is_empty()) {
            let known = match modifier.trim().to_lowercase().as_str() {
                "ctrl" | "control" | "cmd" => &mut ctrl,
                "alt" | "option" => &mut alt,
                _ => return Err(NotAChord::Unreadable),
            };
            if std::mem::replace(known, true) {
                return Err(NotAChord::Unreadable);
            }
        }
        let key = key.trim().to_uppercase();
        let mut chars = key.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) if !one.is_control() && !one.is_whitespace() => {
                let digit = one.is_ascii_digit();
                if (ctrl && CTRL_RESERVED.contains(&one)) || (digit && (alt || !ctrl)) {
                    return Err(NotAChord::Reserved);
                }
            }
            (Some('F'), Some(_)) if key[1..].parse::<u8>().is_ok_and(|n| (1..=12).contains(&n)) => {
                if !FUNCTION_KEYS.contains(&key.as_str()) {
                    return Err(NotAChord::Reserved);
                }
            }
            _ => return Err(NotAChord::Unreadable),
        }
        Ok(Self(format!("{}{}{key}", if ctrl { "Ctrl+" } else { "" }, if alt { "Alt+" } else { "" })))
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Shortcut {
    /// The key Lots comes with.
    #[must_use]
    pub fn default_chord(self) -> Chord {
        Chord(
            match self {
                Self::Palette => "Ctrl+K",
                Self::Help => "?",
                Self::Next => "N",
                Self::Log => "F2",
                Self::Knowledge => "F4",
                Self::Search => "/",
                Self::Guide => "G",
                Self::Mine => "M",
                Self::Group => "J",
                Self::Late => "L",
                Self::Tasks => "T",
                Self::NewCase => "R",
            }
            .to_owned(),
        )
    }
}

/// Two things on the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{first} and {second} have the same key")]
pub struct Conflict {
    /// The one that stands first in the list.
    pub first: Shortcut,
    /// The other.
    pub second: Shortcut,
}

/// The first two that have the same key, if any have.
#[must_use]
pub fn conflict(keys: &BTreeMap<Shortcut, Option<Chord>>) -> Option<Conflict> {
    let mut taken: BTreeMap<&Chord, Shortcut> = BTreeMap::new();
    for (shortcut, chord) in keys {
        let Some(chord) = chord else { continue };
        if let Some(first) = taken.insert(chord, *shortcut) {
            return Some(Conflict { first, second: *shortcut });
        }
    }
    None
}
