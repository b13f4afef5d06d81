//! A document that is written as XML or as JSON, as GeoReport v2 pairs the two: a list is a parent with one element for
//! each, and an array.

use super::Format;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Nothing: an empty element, or null.
    Nothing,
    /// Named parts, in order.
    Map(Vec<(&'static str, Node)>),
    /// Parts that are each called by that name in XML.
    List(&'static str, Vec<Node>),
}

impl Node {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Text, or nothing.
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.into()))
    }

    fn json(&self) -> serde_json::Value {
        use serde_json::Value;
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Number(number) => number_text(*number).parse().map_or(Value::Null, Value::Number),
            Self::Flag(yes) => Value::Bool(*yes),
            Self::Nothing => Value::Null,
            Self::Map(parts) => {
                Value::Object(parts.iter().map(|(name, part)| ((*name).to_owned(), part.json())).collect())
            }
            Self::List(_, parts) => Value::Array(parts.iter().map(Self::json).collect()),
        }
    }

    fn xml(&self, name: &str, out: &mut String) {
        out.push('<');
        out.push_str(name);
        out.push('>');
        match self {
            Self::Text(text) => escape(text, out),
            Self::Number(number) => out.push_str(&number_text(*number)),
            Self::Flag(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Self::Nothing => {}
            Self::Map(parts) => parts.iter().for_each(|(name, part)| part.xml(name, out)),
            Self::List(item, parts) => parts.iter().for_each(|part| part.xml(item, out)),
        }
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// Whole numbers without a point.
fn number_text(number: f64) -> String {
    format!("{number}")
}

/// Named parts.
pub fn map(parts: Vec<(&'static str, Node)>) -> Node {
    Node::Map(parts)
}

/// Parts each called `item`.
pub fn list(item: &'static str, parts: Vec<Node>) -> Node {
    Node::List(item, parts)
}

/// Text as XML 1.0 takes it: what is markup is escaped, and what no document may hold (section 2.2) is left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' => out.push(c),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            other => out.push(other),
        }
    }
}

/// The document, with `root` as its outermost element in XML.
pub fn answer(format: Format, status: StatusCode, root: &'static str, node: &Node) -> Response {
    let (kind, body) = match format {
        Format::Json => ("application/json; charset=utf-8", node.json().to_string()),
        Format::Xml => {
            let mut body = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
            node.xml(root, &mut body);
            ("text/xml; charset=utf-8", body)
        }
    };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_say_the_same() {
        let node = list(
            "request",
            vec![map(vec![
                ("name", Node::text("Gator & \"vägar\" <b>\u{0}\u{8}")),
                ("lat", Node::Number(58.75)),
                ("code", Node::Number(404.0)),
                ("metadata", Node::Flag(false)),
                ("zipcode", Node::Nothing),
            ])],
        );
        let mut xml = String::new();
        node.xml("requests", &mut xml);
        assert_eq!(
            xml,
            "<requests><request><name>Gator &amp; &quot;vägar&quot; &lt;b&gt;</name><lat>58.75</lat><code>404</code>\
             <metadata>false</metadata><zipcode></zipcode></request></requests>"
        );
        assert_eq!(
            node.json().to_string(),
            "[{\"code\":404,\"lat\":58.75,\"metadata\":false,\"name\":\"Gator & \\\"vägar\\\" <b>\\u0000\\b\",\"zipcode\":null}]"
        );
    }
}
