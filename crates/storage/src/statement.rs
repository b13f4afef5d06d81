//! SQL written once for both engines and registered, so that one test can prepare all of it on both.

use std::fmt;

/// Every statement written with [`sql!`](crate::sql) in the crates that are linked in.
#[linkme::distributed_slice]
pub static STATEMENTS: [Statement];

/// One SQL statement in the dialect of each engine, and where it is written.
pub struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
    file: &'static str,
    line: u32,
}

impl Statement {
    /// Called by [`sql!`](crate::sql); not for use by hand, since a statement made so is not registered.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(postgres: &'static str, sqlite: &'static [u8], file: &'static str, line: u32) -> Self {
        match std::str::from_utf8(sqlite) {
            Ok(sqlite) => Self { sqlite, postgres, file, line },
            Err(_) => panic!("replacing one ASCII byte by another keeps UTF-8 whole"),
        }
    }

    /// The text for SQLite, with parameters written `?n`.
    #[must_use]
    pub const fn sqlite(&self) -> &'static str {
        self.sqlite
    }

    /// The text for PostgreSQL, with parameters written `$n`.
    #[must_use]
    pub const fn postgres(&self) -> &'static str {
        self.postgres
    }
}

impl fmt::Display for Statement {
    /// Where the statement is written: safe to log, since it holds no values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}: {}", self.postgres)
    }
}

/// `$1` becomes `?1` outside of quoted text and comments; everything else stays, byte for byte.
#[doc(hidden)]
#[must_use]
pub const fn to_sqlite<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [0; N];
    let mut quote = 0_u8;
    let mut i = 0;
    while i < N {
        let byte = from[i];
        let next = if i + 1 < N { from[i + 1] } else { 0 };
        to[i] = byte;
        if quote == b'\n' {
            // Inside a comment, which ends with the line.
            if byte == b'\n' {
                quote = 0;
            }
        } else if quote != 0 {
            if byte == quote {
                quote = 0;
            }
        } else if byte == b'\'' || byte == b'"' {
            quote = byte;
        } else if byte == b'-' && next == b'-' {
            quote = b'\n';
        } else if byte == b'$' && next.is_ascii_digit() {
            to[i] = b'?';
        }
        i += 1;
    }
    to
}

/// A [`Statement`](crate::Statement) that both engines understand, with parameters written `$1`, `$2` and so on.
///
/// The text must be a constant, so values can only be passed as parameters.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const SQLITE: &[u8] = &$crate::to_sqlite::<{ TEXT.len() }>(TEXT);
        #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
        #[linkme(crate = $crate::linkme)]
        #[expect(unsafe_code, reason = "linkme puts the statement into a section of the binary of its own")]
        static STATEMENT: $crate::Statement = $crate::Statement::new(TEXT, SQLITE, file!(), line!());
        &STATEMENT
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite_of<const N: usize>(text: &str) -> String {
        String::from_utf8(to_sqlite::<N>(text).to_vec()).unwrap()
    }

    #[test]
    fn parameters_are_translated_and_texts_left_alone() {
        const TEXT: &str = "SELECT '$1 å', \"$2\", $3 -- $4 isn't\n, $15 || '$'";
        assert_eq!(sqlite_of::<{ TEXT.len() }>(TEXT), "SELECT '$1 å', \"$2\", ?3 -- $4 isn't\n, ?15 || '$'");
    }

    #[test]
    fn a_statement_is_registered_and_knows_its_place() {
        let statement = sql!("SELECT $1, 'registered'");
        assert_eq!(statement.sqlite(), "SELECT ?1, 'registered'");
        assert!(STATEMENTS.iter().any(|other| std::ptr::eq(other, statement)));
        assert!(statement.to_string().contains("statement.rs:"));
    }
}
