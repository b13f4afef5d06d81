//! Digest authentication (RFC 7616, RFC 8760), both ends, with SHA-256 and MD5 and quality of protection `auth`.

use sha2::Digest as _;
use std::fmt::Write as _;

/// The longest header value looked at, in octets.
const HEADER_LEN_MAX: usize = 2_048;

/// The hash of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// What every telephone can.
    Md5,
    /// What it should use.
    Sha256,
}

impl Algorithm {
    /// As named in the headers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Md5, Self::Sha256].into_iter().find(|a| a.name().eq_ignore_ascii_case(name))
    }

    /// The hash of `text`, in lower-case hexadecimal.
    #[must_use]
    pub fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => hex(&md5::Md5::digest(text.as_bytes())),
            Self::Sha256 => hex(&sha2::Sha256::digest(text.as_bytes())),
        }
    }

    /// `H(user:realm:password)`: what is kept instead of the password.
    #[must_use]
    pub fn ha1(self, user: &str, realm: &str, password: &str) -> String {
        self.hash(&format!("{user}:{realm}:{password}"))
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").ok();
        out
    })
}

/// A header's `name=value` pairs after the word `Digest`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(header: &str) -> Option<Self> {
        let rest = header.trim();
        let scheme = rest.get(..6)?;
        if header.len() > HEADER_LEN_MAX || !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut rest = rest[6..].trim_start();
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let (name, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => unquote(quoted)?,
                None => {
                    let end = after.find(',').unwrap_or(after.len());
                    (after[..end].trim().to_owned(), &after[end..])
                }
            };
            fields.push((name.trim().to_ascii_lowercase(), value));
            rest = after.trim_start().trim_start_matches(',').trim_start();
        }
        Some(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// The text up to the closing quote, unescaped, and what follows it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &quoted[at + 1..])),
            '\\' => out.push(chars.next()?.1),
            _ => out.push(c),
        }
    }
    None
}

/// What a client answered to a challenge (an `Authorization` header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub user: String,
    /// For which realm.
    pub realm: String,
    /// To which challenge.
    pub nonce: String,
    /// How many times the nonce has been used, this one included.
    pub nonce_count: u32,
    /// With which hash.
    pub algorithm: Algorithm,
    uri: String,
    nonce_count_text: String,
    client_nonce: String,
    response: String,
}

impl Credentials {
    /// Reads the header; none if it is not a digest with `qop=auth` in a hash we know.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let fields = Fields::parse(header)?;
        let text = |name: &str| fields.get(name).map(str::to_owned);
        if fields.get("qop")? != "auth" {
            return None;
        }
        let nonce_count_text = text("nc").filter(|nc| nc.len() == 8)?;
        Some(Self {
            user: text("username")?,
            realm: text("realm")?,
            nonce: text("nonce")?,
            nonce_count: u32::from_str_radix(&nonce_count_text, 16).ok()?,
            algorithm: Algorithm::from_name(fields.get("algorithm").unwrap_or("MD5"))?,
            uri: text("uri")?,
            nonce_count_text,
            client_nonce: text("cnonce")?,
            response: text("response")?,
        })
    }

    /// Whether they were made with the password behind `ha1` for a request with `method`. Takes the same time whether
    /// little or much of the answer is right.
    #[must_use]
    pub fn prove(&self, ha1: &str, method: &str) -> bool {
        let expected = response(
            self.algorithm,
            ha1,
            &self.nonce,
            &self.nonce_count_text,
            &self.client_nonce,
            method,
            &self.uri,
        );
        let given = self.response.to_ascii_lowercase();
        expected.len() == given.len()
            && expected.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }
}

fn response(
    algorithm: Algorithm,
    ha1: &str,
    nonce: &str,
    nc: &str,
    cnonce: &str,
    method: &str,
    uri: &str,
) -> String {
    let ha2 = algorithm.hash(&format!("{method}:{uri}"));
    algorithm.hash(&format!("{ha1}:{nonce}:{nc}:{cnonce}:auth:{ha2}"))
}

/// A challenge, as the value of a `WWW-Authenticate` header.
#[must_use]
pub fn challenge(algorithm: Algorithm, realm: &str, nonce: &str, stale: bool) -> String {
    let stale = if stale { ", stale=true" } else { "" };
    format!(
        "Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={}, qop=\"auth\"{stale}",
        algorithm.name()
    )
}

/// The challenge with the best hash that is known here.
#[must_use]
pub fn strongest<'a>(challenges: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rank = |challenge: &str| {
        let fields = Fields::parse(challenge)?;
        Algorithm::from_name(fields.get("algorithm").unwrap_or("MD5"))
    };
    let ranked = challenges.filter_map(|challenge| Some((rank(challenge)?, challenge)));
    ranked.max_by_key(|(algorithm, _)| *algorithm == Algorithm::Sha256).map(|(_, challenge)| challenge)
}

/// A telephone's answer to a challenge, as the value of an `Authorization` header; none if the challenge is of a kind
/// not known here.
#[must_use]
pub fn answer(
    challenge: &str,
    user: &str,
    password: &str,
    method: &str,
    uri: &str,
    client_nonce: &str,
) -> Option<String> {
    let fields = Fields::parse(challenge)?;
    let algorithm = Algorithm::from_name(fields.get("algorithm").unwrap_or("MD5"))?;
    let (realm, nonce) = (fields.get("realm")?, fields.get("nonce")?);
    let proof = response(
        algorithm,
        &algorithm.ha1(user, realm, password),
        nonce,
        "00000001",
        client_nonce,
        method,
        uri,
    );
    Some(format!(
        "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{proof}\", \
         algorithm={}, cnonce=\"{client_nonce}\", qop=auth, nc=00000001",
        algorithm.name()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of RFC 7616, section 3.9.1.
    #[test]
    fn the_example_of_the_standard() {
        for (algorithm, proof) in [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let header = format!(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm={}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
                 cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"{proof}\"",
                algorithm.name()
            );
            let credentials = Credentials::parse(&header).unwrap();
            let ha1 = algorithm.ha1("Mufasa", "http-auth@example.org", "Circle of Life");
            assert!(credentials.prove(&ha1, "GET"));
            assert!(!credentials.prove(&ha1, "POST"));
        }
    }

    #[test]
    fn a_challenge_is_answered_and_the_answer_proves_it() {
        for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
            let challenge = challenge(algorithm, "lots", "n1", true);
            let header = answer(&challenge, "anna", "hemligt", "REGISTER", "sip:lots", "c").unwrap();
            let credentials = Credentials::parse(&header).unwrap();
            assert_eq!((credentials.user.as_str(), credentials.nonce.as_str()), ("anna", "n1"));
            assert!(credentials.prove(&algorithm.ha1("anna", "lots", "hemligt"), "REGISTER"));
            assert!(!credentials.prove(&algorithm.ha1("anna", "lots", "fel"), "REGISTER"));
        }
    }

    proptest! {
        #[test]
        fn noise_never_panics(text in "\\PC{0,80}") {
            let _ = Credentials::parse(&text);
            let _ = Credentials::parse(&format!("Digest {text}"));
            let _ = answer(&format!("Digest {text}"), "u", "p", "REGISTER", "sip:x", "c");
        }
    }
}
