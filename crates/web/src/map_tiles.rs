//! Where the map's pictures come from, if anywhere: tiles in Web Mercator, as OpenStreetMap's servers and their kin give
//! them. A town hosts its own; Lots asks nobody else for them.

use std::fmt::Write as _;
use std::str::FromStr;

/// An address with `{z}`, `{x}` and `{y}`: `https://kartor.vikhamn.example/{z}/{x}/{y}.png`, or a path on Lots' own host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapTiles {
    template: String,
    origin: Option<String>,
}

/// An address tiles cannot come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("web.map_tiles must be an http(s) address or a path, with {{z}}, {{x}} and {{y}} in it")]
pub struct NotMapTiles;

impl FromStr for MapTiles {
    type Err = NotMapTiles;

    fn from_str(text: &str) -> Result<Self, NotMapTiles> {
        // What ends up in the content policy may hold nothing that ends a source or a directive.
        let plain =
            |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?=&%{}@".contains(&b));
        if !plain(text) || !["{z}", "{x}", "{y}"].iter().all(|part| text.contains(part)) {
            return Err(NotMapTiles);
        }
        let origin = if text.starts_with('/') && !text.starts_with("//") {
            None
        } else {
            let (scheme, rest) = text.split_once("://").ok_or(NotMapTiles)?;
            let host = rest.split('/').next().unwrap_or_default();
            let named =
                !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b));
            if !matches!(scheme, "https" | "http") || !named {
                return Err(NotMapTiles);
            }
            Some(format!("{scheme}://{host}"))
        };
        Ok(Self { template: text.to_owned(), origin })
    }
}

impl MapTiles {
    /// The address of one tile.
    #[must_use]
    pub fn tile(&self, zoom: u8, x: u32, y: u32) -> String {
        let mut address = self.template.replace("{z}", &zoom.to_string());
        for (part, number) in [("{x}", x), ("{y}", y)] {
            let mut text = String::new();
            let _ = write!(text, "{number}");
            address = address.replace(part, &text);
        }
        address
    }

    /// The host they come from, if it is not Lots' own: what the content policy must let pictures come from.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_tiles_is_one() {
        let tiles: MapTiles = "https://kartor.example:8443/osm/{z}/{x}/{y}.png".parse().unwrap();
        assert_eq!(tiles.origin(), Some("https://kartor.example:8443"));
        assert_eq!(tiles.tile(12, 2250, 1203), "https://kartor.example:8443/osm/12/2250/1203.png");
        let own: MapTiles = "/tiles/{z}/{x}/{y}.png".parse().unwrap();
        assert_eq!((own.origin(), own.tile(1, 0, 1)), (None, "/tiles/1/0/1.png".to_owned()));
        for bad in [
            "",
            "https://kartor.example/{z}/{x}.png",
            "//kartor.example/{z}/{x}/{y}",
            "ftp://kartor.example/{z}/{x}/{y}",
            "https:///{z}/{x}/{y}",
            "https://kartor.example;script-src/{z}/{x}/{y}",
            "https://a b/{z}/{x}/{y}",
            "javascript:{z}{x}{y}",
        ] {
            assert_eq!(bad.parse::<MapTiles>(), Err(NotMapTiles), "{bad}");
        }
    }
}
