//! An address as somebody has written it, read before anything is called.

use crate::address::{Forbidden, forbidden};
use http::Uri;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Longest address that is called.
const URL_CHARS_MAX: usize = 2_000;

/// What may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses over https, and nothing else: for addresses written by users.
    Public,
    /// Also this very machine, over http or https: the demo and tests.
    PublicAndLoopback,
    /// Anything: for an address the operator has written into the configuration.
    Anywhere,
}

impl Reach {
    /// Whether an address may be connected to.
    ///
    /// # Errors
    /// Why not.
    pub fn check(self, address: IpAddr) -> Result<(), Forbidden> {
        match (self, forbidden(address)) {
            (Self::Anywhere, _) | (_, None) | (Self::PublicAndLoopback, Some(Forbidden::Loopback)) => Ok(()),
            (_, Some(why)) => Err(why),
        }
    }
}

/// Why an address cannot be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not an address, or not one for HTTP.
    #[error("is not an address such as https://example.se/path")]
    NotAnAddress,
    /// Something else than https.
    #[error("must begin with https://")]
    NotHttps,
    /// A name or password in front of the host.
    #[error("must not hold a user name or password")]
    Credentials,
    /// Too long.
    #[error("is too long")]
    TooLong,
    /// An address that is not on the public network.
    #[error("is not on the public network")]
    NotPublic,
}

/// An address that may be called as far as it can be told before the name is resolved.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    uri: Uri,
    tls: bool,
    host: String,
    port: u16,
}

impl fmt::Debug for Target {
    /// Without path and query, which may hold a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Target {
    /// Reads what somebody has written.
    ///
    /// # Errors
    /// It is not an address, or not one that `reach` allows.
    pub fn read(text: &str, reach: Reach) -> Result<Self, TargetError> {
        let text = text.trim();
        if text.len() > URL_CHARS_MAX {
            return Err(TargetError::TooLong);
        }
        let uri: Uri = text.parse().map_err(|_| TargetError::NotAnAddress)?;
        let authority = uri.authority().ok_or(TargetError::NotAnAddress)?;
        if authority.as_str().contains('@') {
            return Err(TargetError::Credentials);
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(TargetError::NotAnAddress)?.to_owned();
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(TargetError::NotHttps),
        };
        let port = match authority.port() {
            Some(port) => port.as_str().parse().map_err(|_| TargetError::NotAnAddress)?,
            // A colon with nothing after it, and what is no number.
            None if authority.as_str().len() > host.len() => return Err(TargetError::NotAnAddress),
            None if tls => 443,
            None => 80,
        };
        let target = Self { uri, tls, host, port };
        target.allowed(reach)?;
        Ok(target)
    }

    fn allowed(&self, reach: Reach) -> Result<(), TargetError> {
        let literal = self.literal();
        if let Some(address) = literal {
            reach.check(address).map_err(|_| TargetError::NotPublic)?;
        }
        let here = literal.is_some_and(|address| forbidden(address) == Some(Forbidden::Loopback));
        let open_allowed = match reach {
            Reach::Public => false,
            // By number only: a name that says it is this machine is whatever the resolver says.
            Reach::PublicAndLoopback => here,
            Reach::Anywhere => true,
        };
        if self.tls || open_allowed { Ok(()) } else { Err(TargetError::NotHttps) }
    }

    /// The address, if it is written as numbers.
    #[must_use]
    pub fn literal(&self) -> Option<IpAddr> {
        let bare = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        match bare {
            Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => self.host.parse().ok(),
        }
    }

    /// Whether it is called over TLS.
    #[must_use]
    pub const fn tls(&self) -> bool {
        self.tls
    }

    /// The host as written; an IPv6 address in its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What is asked for on the host.
    pub(crate) fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }

    /// The `Host` header.
    pub(crate) fn host_header(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_is_read_strictly() {
        for (text, fault) in [
            ("", TargetError::NotAnAddress),
            ("example.se", TargetError::NotHttps),
            ("/path", TargetError::NotAnAddress),
            ("http://example.se/", TargetError::NotHttps),
            ("ftp://example.se/", TargetError::NotHttps),
            ("file:///etc/passwd", TargetError::NotAnAddress),
            ("gopher://example.se/", TargetError::NotHttps),
            ("https://user:pass@example.se/", TargetError::Credentials),
            ("https://example.se@127.0.0.1/", TargetError::Credentials),
            ("https://example.se:99999/", TargetError::NotAnAddress),
            ("https://example.se:/", TargetError::NotAnAddress),
            ("https://127.0.0.1/", TargetError::NotPublic),
            ("https://10.0.0.1:8443/x", TargetError::NotPublic),
            ("https://169.254.169.254/latest/meta-data/", TargetError::NotPublic),
            ("https://[::1]/", TargetError::NotPublic),
            ("https://[::ffff:169.254.169.254]/", TargetError::NotPublic),
            ("https://[fd00:ec2::254]/", TargetError::NotPublic),
            ("https://[64:ff9b::7f00:1]/", TargetError::NotPublic),
            ("https://exa mple.se/", TargetError::NotAnAddress),
            ("https://räksmörgås.se/", TargetError::NotAnAddress),
        ] {
            assert_eq!(Target::read(text, Reach::Public).map(drop), Err(fault), "{text}");
        }
        let long = format!("https://example.se/{}", "x".repeat(URL_CHARS_MAX));
        assert_eq!(Target::read(&long, Reach::Public).map(drop), Err(TargetError::TooLong));
    }

    #[test]
    fn a_good_address_is_taken_apart() {
        let target = Target::read(" https://hooks.example.se:8443/lots?k=1 ", Reach::Public).unwrap();
        assert_eq!((target.host(), target.port(), target.tls()), ("hooks.example.se", 8443, true));
        assert_eq!(target.path_and_query(), "/lots?k=1");
        assert_eq!(target.host_header(), "hooks.example.se:8443");
        assert_eq!(Target::read("https://example.se", Reach::Public).unwrap().host_header(), "example.se");
        assert!(!format!("{target:?}").contains("k=1"));
    }

    #[test]
    fn the_demo_may_call_itself_and_nothing_else_near_it() {
        let demo = |text| Target::read(text, Reach::PublicAndLoopback).map(drop);
        assert_eq!(demo("http://127.0.0.1:8080/hook"), Ok(()));
        assert_eq!(demo("http://[::1]:8080/hook"), Ok(()));
        assert_eq!(demo("http://localhost:8080/hook"), Err(TargetError::NotHttps));
        assert_eq!(demo("http://example.se/"), Err(TargetError::NotHttps));
        assert_eq!(demo("https://192.168.1.1/"), Err(TargetError::NotPublic));
        assert_eq!(Target::read("http://10.0.0.5/sms", Reach::Anywhere).map(drop), Ok(()));
    }
}
