//! The `filter` of a list, in the part of Spring Filter's language that clients of the model write: comparisons joined by
//! `and`, such as `status in ['NEW', 'ONGOING'] and touched > '2026-11-01T00:00:00+01:00'`.

use super::mapping::{priority_of, status_of};
use cases::errands::Asked;
use vocabulary::Timestamp;

/// Most comparisons in one filter.
const COMPARISONS_MAX: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(&'static str),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    const SIGNS: [&str; 10] = [">:", "<:", ":", ">", "<", "[", "]", "(", ")", ","];
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            let (text, after) = quoted(&rest[1..], first).ok_or("a text is not ended")?;
            found.push(Token::Text(text));
            rest = after;
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "._-+".contains(c))).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("{first:?} is not understood"));
            }
            found.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

/// A text up to its quotation mark; one that is doubled or behind a backslash belongs to it.
fn quoted(text: &str, mark: char) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            read.push(chars.next()?.1);
        } else if c == mark {
            if chars.peek().is_some_and(|(_, next)| *next == mark) {
                chars.next();
                read.push(mark);
            } else {
                return Some((read, &text[at + mark.len_utf8()..]));
            }
        } else {
            read.push(c);
        }
    }
    None
}

/// Narrows `asked` down to what a filter says.
///
/// # Errors
/// What is not understood, in words.
pub fn narrow(asked: &mut Asked, filter: &str) -> Result<(), String> {
    let tokens = tokens(filter)?;
    let mut rest = tokens.as_slice();
    for _ in 0..COMPARISONS_MAX {
        let [Token::Word(field), after @ ..] = rest else { return Err("a field is missing".to_owned()) };
        let (sign, values, after) = comparison(after)?;
        take(asked, field, sign, &values)?;
        match after {
            [] => return Ok(()),
            [Token::Word(and), next @ ..] if and.eq_ignore_ascii_case("and") => rest = next,
            _ => return Err("comparisons are joined by and".to_owned()),
        }
    }
    Err(format!("at most {COMPARISONS_MAX} comparisons"))
}

type Comparison<'t> = (&'static str, Vec<String>, &'t [Token]);

fn comparison(tokens: &[Token]) -> Result<Comparison<'_>, String> {
    let value = |token: &Token| match token {
        Token::Text(text) | Token::Word(text) => Some(text.clone()),
        Token::Sign(_) => None,
    };
    match tokens {
        [Token::Word(word), Token::Sign("[" | "("), rest @ ..] if word.eq_ignore_ascii_case("in") => {
            let end = rest.iter().position(|token| matches!(token, Token::Sign("]" | ")")));
            let end = end.ok_or("a list is not ended")?;
            let values: Vec<String> = rest[..end].iter().filter_map(value).collect();
            if values.is_empty() {
                Err("a list is empty".to_owned())
            } else {
                Ok((":", values, &rest[end + 1..]))
            }
        }
        [Token::Sign(sign), token, rest @ ..] if [":", ">", "<", ">:", "<:"].contains(sign) => {
            let value = value(token).ok_or("a value is missing")?;
            Ok((sign, vec![value], rest))
        }
        _ => Err("a comparison is written as field : 'value'".to_owned()),
    }
}

fn take(asked: &mut Asked, field: &str, sign: &'static str, values: &[String]) -> Result<(), String> {
    let named = |error: String| format!("{field} {error}");
    let one = || match (sign, values) {
        (":", [value]) => Ok(Some(value.clone())),
        _ => Err(format!("{field} is compared with one value by :")),
    };
    match field {
        "created" | "modified" | "touched" => {
            let span = if field == "created" { &mut asked.created } else { &mut asked.touched };
            return since(span, field, sign, values);
        }
        "status" if sign == ":" => {
            let read: Result<Vec<_>, String> = values.iter().map(|word| status_of(word)).collect();
            asked.statuses = read.map_err(named)?;
            asked.statuses.dedup();
            asked.statuses.truncate(7);
        }
        "priority" => asked.priority = one()?.map(|word| priority_of(&word)).transpose().map_err(named)?,
        "type" | "classification.type" => asked.case_type = one()?,
        "category" | "classification.category" => asked.category = one()?,
        "errandNumber" => asked.number = one()?,
        "assignedUserId" => asked.assignee = one()?,
        "assignedGroupId" => asked.group = one()?,
        _ => {
            return Err(format!(
                "{field} cannot be filtered by; allowed: status, priority, category, type, errandNumber, \
                 assignedUserId, assignedGroupId, created, modified, touched"
            ));
        }
    }
    Ok(())
}

fn since(
    span: &mut (Timestamp, Timestamp),
    field: &str,
    sign: &str,
    values: &[String],
) -> Result<(), String> {
    let [value] = values else { return Err(format!("{field} is compared with one instant")) };
    let at: Timestamp =
        value.parse().map_err(|_| format!("{field}: an instant is written as 2026-11-03T09:00:00+01:00"))?;
    // Instants are kept to the microsecond.
    let next = at.checked_add(vocabulary::SignedDuration::from_micros(1)).unwrap_or(Timestamp::MAX);
    match sign {
        ">" => span.0 = span.0.max(next),
        ">:" => span.0 = span.0.max(at),
        "<" => span.1 = span.1.min(at),
        "<:" => span.1 = span.1.min(next),
        _ => *span = (span.0.max(at), span.1.min(next)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::errands::Order;
    use vocabulary::{CaseStatus, Priority};

    fn asked() -> Asked {
        let always = (Timestamp::UNIX_EPOCH, "9000-01-01T00:00:00Z".parse().unwrap());
        Asked {
            statuses: Vec::new(),
            priority: None,
            case_type: None,
            category: None,
            number: None,
            assignee: None,
            group: None,
            created: always,
            touched: always,
            order: Order::Touched,
            skip: 0,
            take: 20,
        }
    }

    fn narrowed(filter: &str) -> Result<Asked, String> {
        let mut asked = asked();
        narrow(&mut asked, filter).map(|()| asked)
    }

    #[test]
    fn comparisons_are_read() {
        let read = narrowed(
            "status in ['NEW', 'SOLVED'] and priority:'HIGH' and category : 'Gator, vägar och trafik' \
             AND touched >: '2026-11-01T00:00:00+01:00' and created < \"2026-11-02T00:00:00Z\"",
        )
        .unwrap();
        assert_eq!(read.statuses, [CaseStatus::New, CaseStatus::Solved]);
        assert_eq!(read.priority, Some(Priority::High));
        assert_eq!(read.category.as_deref(), Some("Gator, vägar och trafik"));
        assert_eq!(read.touched.0, "2026-10-31T23:00:00Z".parse().unwrap());
        assert_eq!(read.created.1, "2026-11-02T00:00:00Z".parse().unwrap());
        assert_eq!(narrowed("type : 'it''s'").unwrap().case_type.as_deref(), Some("it's"));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for bad in [
            "",
            "status",
            "status :",
            "status : 'BORTA'",
            "secret : 'x'",
            "status : 'NEW' or status : 'SOLVED'",
            "status in []",
            "title ~ 'x'",
            "created > 'igår'",
            "status : 'NEW",
            "and",
            "priority > 'LOW'",
            "å;",
        ] {
            assert!(narrowed(bad).is_err(), "{bad}");
        }
    }
}
