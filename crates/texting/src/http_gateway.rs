//! A gateway over HTTP: what it is told, made out of a template, and what its answer means.

use crate::config::{BodyFormat, HttpGateway, SuccessRule, TextingConfigError, refused};
use crate::number;
use crate::texter::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use outward::{Answer, Call, Limits, Outward, OutwardError, Reach, Target};
use serde_json::Value;
use std::time::Duration;

/// Longest name of a gateway's for a message that is kept.
const ID_CHARS_MAX: usize = 100;

/// What is to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub id: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub text: &'a str,
}

pub(crate) struct HttpWay {
    gateway: HttpGateway,
    json: Value,
    headers: HeaderMap,
    outward: Outward,
}

impl HttpWay {
    /// # Errors
    /// The authority's file cannot be read; the rest has been checked.
    pub(crate) fn new(gateway: &HttpGateway) -> Result<Self, TextingConfigError> {
        let limits = Limits { call_max: Duration::from_secs(gateway.timeout_s), ..Limits::default() };
        // The operator has written the address, and it may be in the town's own network.
        let mut outward = Outward::new(Reach::Anywhere).with_limits(limits);
        if let Some(file) = &gateway.authority_file {
            outward = outward
                .with_authority(file)
                .or_else(|fault| refused("http.authority_file", fault.to_string()))?;
        }
        Ok(Self {
            json: serde_json::from_str(&gateway.json).unwrap_or(Value::Null),
            headers: headers(gateway),
            gateway: gateway.clone(),
            outward,
        })
    }

    /// Hands a message to the gateway; gives its name for it, if it tells one.
    pub(crate) async fn send(&self, message: &Outgoing<'_>) -> Result<Option<String>, Refusal> {
        let answer = self.outward.call(self.call(message)?).await;
        read_answer(&self.gateway.success, &self.gateway.id_pointer, answer)
    }

    fn call(&self, message: &Outgoing<'_>) -> Result<Call, Refusal> {
        let to = number::written(message.to, self.gateway.numbers)
            .ok_or_else(|| Refusal::permanent("not_a_number", "the recipient is not a telephone number"))?;
        let message = Outgoing { to: &to, ..*message };
        let unfit = |what: &str| Refusal::temporary("configuration", format!("{what} cannot be sent"));
        let mut headers = self.headers.clone();
        let mut url = self.gateway.url.clone();
        let body = match self.gateway.format {
            BodyFormat::Json => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                filled_json(&self.json, &message).to_string()
            }
            BodyFormat::Form => {
                let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                headers.insert(CONTENT_TYPE, kind);
                self.fields(&message)
            }
            BodyFormat::Query => {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(&self.fields(&message));
                String::new()
            }
        };
        let target = Target::read(&url, self.outward.reach()).map_err(|_| unfit("the address"))?;
        let method = Method::from_bytes(self.gateway.method.as_bytes()).map_err(|_| unfit("the method"))?;
        Ok(Call { target, method, headers, body: Bytes::from(body) })
    }

    fn fields(&self, message: &Outgoing<'_>) -> String {
        let fields = self.gateway.fields.iter().map(|(name, template)| {
            format!("{}={}", form_encoded(name), form_encoded(&filled(template, message)))
        });
        fields.collect::<Vec<_>>().join("&")
    }
}

fn headers(gateway: &HttpGateway) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &gateway.headers {
        if let (Ok(name), Ok(mut value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.reveal()))
        {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    if let (Some(user), Some(password)) = (&gateway.user, &gateway.password) {
        let basic = STANDARD.encode(format!("{user}:{}", password.reveal()));
        if let Ok(mut value) = HeaderValue::try_from(format!("Basic {basic}")) {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
    }
    headers
}

/// A template with its places filled, in one pass: what is filled in is never read as a place.
fn filled(template: &str, message: &Outgoing<'_>) -> String {
    let mut out = String::with_capacity(template.len() + message.text.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let places =
            [("{to}", message.to), ("{from}", message.from), ("{text}", message.text), ("{id}", message.id)];
        match places.iter().find(|(place, _)| from.starts_with(place)) {
            Some((place, value)) => {
                out.push_str(value);
                rest = &from[place.len()..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A document with the places in its strings filled. What is filled in stays a part of its string, whatever it holds.
fn filled_json(template: &Value, message: &Outgoing<'_>) -> Value {
    match template {
        Value::String(text) => Value::String(filled(text, message)),
        Value::Array(items) => Value::Array(items.iter().map(|item| filled_json(item, message)).collect()),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled_json(value, message))).collect()
        }
        other => other.clone(),
    }
}

/// As browsers write a form's values (WHATWG URL, application/x-www-form-urlencoded).
fn form_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

/// Statuses that say that the message is no good, however often it is sent. Not among them: 401 and 403, which whoever
/// looks after the configuration can put right, and 404, 405 and 410, which say that the address is wrong.
fn is_about_the_message(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 409 | 413 | 415 | 422)
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn read_answer(
    success: &SuccessRule,
    id_pointer: &str,
    answer: Result<Answer, OutwardError>,
) -> Result<Option<String>, Refusal> {
    let answer = answer.map_err(|error| Refusal::temporary(error.word(), error.to_string()))?;
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    let code = answer.status.as_u16().to_string();
    if is_about_the_message(answer.status) {
        return Err(Refusal::permanent(code, said));
    }
    if !answer.status.is_success() {
        return Err(Refusal::temporary(code, said));
    }
    let document: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let at = |pointer: &str| {
        let found = document.as_ref().filter(|_| !pointer.is_empty()).and_then(|d| d.pointer(pointer));
        found.and_then(as_text)
    };
    if !success.pointer.is_empty() && at(&success.pointer).as_deref() != Some(success.equals.as_str()) {
        return Err(Refusal::temporary("not_taken", said));
    }
    Ok(at(id_pointer).filter(|id| id.chars().count() <= ID_CHARS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, body: &'static str) -> Result<Answer, OutwardError> {
        Ok(Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
            cut: false,
        })
    }

    #[test]
    fn answers_are_read_by_the_rule() {
        let any = SuccessRule::default();
        let rule = SuccessRule { pointer: "/status".to_owned(), equals: "ok".to_owned() };
        assert_eq!(read_answer(&any, "", answer(200, "whatever")), Ok(None));
        let taken = read_answer(&rule, "/m/0/id", answer(202, r#"{"status":"ok","m":[{"id":17}]}"#));
        assert_eq!(taken, Ok(Some("17".to_owned())));
        let not = read_answer(&rule, "", answer(200, r#"{"status":"no credit"}"#)).unwrap_err();
        assert!(!not.permanent && not.code == "not_taken");
        assert!(!read_answer(&rule, "", answer(200, "<html>")).unwrap_err().permanent);
        for (status, permanent) in [
            (400, true),
            (422, true),
            (401, false),
            (403, false),
            (404, false),
            (429, false),
            (302, false),
            (503, false),
        ] {
            let refusal = read_answer(&any, "", answer(status, "x")).unwrap_err();
            assert_eq!((refusal.permanent, refusal.code), (permanent, status.to_string()));
        }
        assert_eq!(read_answer(&any, "", Err(OutwardError::Timeout)).unwrap_err().code, "timeout");
    }

    fn message(text: &str) -> Outgoing<'_> {
        Outgoing { id: "7", from: "Vikhamn", to: "+46701234567", text }
    }

    #[test]
    fn what_is_filled_in_is_never_read_again() {
        assert_eq!(filled("{text}|{to}|{x}|{", &message("{to}{id}")), "{to}{id}|+46701234567|{x}|{");
        let template: Value =
            serde_json::from_str(r#"{"a":[{"text":"{text}"}],"n":1,"{text}":"{from}"}"#).unwrap();
        let filled = filled_json(&template, &message(r#"","to":"+1"#));
        assert_eq!(filled["a"][0]["text"], r#"","to":"+1"#);
        assert_eq!(filled["{text}"], "Vikhamn", "names of fields are not templates");
    }

    proptest! {
        #[test]
        fn any_text_stays_one_value(text in "\\PC{0,80}|[&=%+{}\"\\\\\r\n]{0,20}") {
            let template: Value = serde_json::from_str(r#"{"m":"<{text}>"}"#).unwrap();
            let sent = filled_json(&template, &message(&text)).to_string();
            let read: Value = serde_json::from_str(&sent).unwrap();
            prop_assert_eq!(read["m"].as_str().unwrap(), format!("<{text}>"));
            let encoded = form_encoded(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_graphic() && !b"&=#? \"".contains(&b)));
        }
    }
}
