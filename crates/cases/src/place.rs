//! Where something is: an address, a position, or both.

use crate::limits::ADDRESS_CHARS_MAX;
use people::text::{self, TextError};

/// A place. Has an address or a position, or both; one with neither is no place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    address: Option<String>,
    position: Option<Position>,
}

/// A position in WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

// Neither is ever NaN, which is all that keeps a floating number from being equal to itself.
impl Eq for Place {}
impl Eq for Position {}

/// A position that is not on the Earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is a latitude from -90 to 90 and a longitude from -180 to 180 degrees")]
pub struct NotAPosition;

impl Position {
    /// The position at so many degrees north and east.
    ///
    /// # Errors
    /// If either is no number or out of range.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, NotAPosition> {
        if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) {
            Ok(Self { latitude, longitude })
        } else {
            Err(NotAPosition)
        }
    }

    /// Degrees north of the equator, -90 to 90.
    #[must_use]
    pub const fn latitude(&self) -> f64 {
        self.latitude
    }

    /// Degrees east of Greenwich, -180 to 180.
    #[must_use]
    pub const fn longitude(&self) -> f64 {
        self.longitude
    }
}

impl Place {
    /// A place as given; none if neither an address nor a position is.
    ///
    /// # Errors
    /// If the address is too long or holds what cannot be shown.
    pub fn new(address: &str, position: Option<Position>) -> Result<Option<Self>, TextError> {
        let address = text::optional_line("address", address, ADDRESS_CHARS_MAX)?;
        Ok((address.is_some() || position.is_some()).then_some(Self { address, position }))
    }

    /// As stored: what is kept has been checked on its way in, and half a position is none.
    pub(crate) fn stored(
        address: Option<String>,
        latitude: Option<f64>,
        longitude: Option<f64>,
    ) -> Option<Self> {
        let position = latitude.zip(longitude).and_then(|(lat, long)| Position::new(lat, long).ok());
        (address.is_some() || position.is_some()).then_some(Self { address, position })
    }

    /// Its address, as people write it.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// Its position.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_on_the_earth() {
        for (lat, long) in [(90.0, 180.0), (-90.0, -180.0), (58.0, 15.0), (0.0, 0.0)] {
            let there = Position::new(lat, long).unwrap();
            assert!(there.latitude().total_cmp(&lat).is_eq() && there.longitude().total_cmp(&long).is_eq());
        }
        for (lat, long) in [(90.1, 0.0), (0.0, 180.5), (f64::NAN, 0.0), (0.0, f64::NAN), (f64::INFINITY, 0.0)]
        {
            assert_eq!(Position::new(lat, long), Err(NotAPosition), "{lat} {long}");
        }
    }

    #[test]
    fn a_place_has_an_address_or_a_position() {
        assert_eq!(Place::new("  ", None).unwrap(), None);
        let street = Place::new(" Storgatan 4 ", None).unwrap().unwrap();
        assert_eq!((street.address(), street.position()), (Some("Storgatan 4"), None));
        let spot = Position::new(58.1, 15.2).unwrap();
        assert_eq!(Place::new("", Some(spot)).unwrap().unwrap().position(), Some(spot));
        assert!(Place::new(&"å".repeat(ADDRESS_CHARS_MAX + 1), None).is_err());
        assert_eq!(Place::stored(None, Some(58.0), None), None);
    }
}
