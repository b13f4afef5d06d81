//! Access tokens for SASL XOAUTH2.

use super::config::TokenFrom;
use super::connection::ImapError;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use outward::{Call, Outward, Reach, Target};
use serde::Deserialize;

/// A token's answer is JSON of this form (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

/// The longest token file, in bytes.
const TOKEN_BYTES_MAX: usize = 16 << 10;

/// A fresh access token. Asked for at each connection: connections last hours, tokens an hour.
pub(super) async fn access_token(from: &TokenFrom) -> Result<String, ImapError> {
    let refused = |reason: String| ImapError::Token(reason);
    match from {
        TokenFrom::File(file) => {
            // A few hundred bytes on a local disk.
            let text = std::fs::read_to_string(file)
                .map_err(|error| refused(format!("{}: {error}", file.display())))?;
            let token = text.trim();
            if token.is_empty() || token.len() > TOKEN_BYTES_MAX || token.contains(char::is_control) {
                return Err(refused(format!("{}: holds no token", file.display())));
            }
            Ok(token.to_owned())
        }
        TokenFrom::Endpoint { url, client_id, client_secret, refresh_token, scope, authority_file } => {
            let mut form = vec![("client_id", client_id.as_str())];
            match refresh_token {
                Some(token) => {
                    form.extend([("grant_type", "refresh_token"), ("refresh_token", token.reveal())])
                }
                None => form.push(("grant_type", "client_credentials")),
            }
            form.extend(client_secret.as_ref().map(|secret| ("client_secret", secret.reveal())));
            form.extend(scope.as_deref().map(|scope| ("scope", scope)));
            // The operator has written the address, so it may be on the town's own network.
            let mut outward = Outward::new(Reach::Anywhere);
            if let Some(file) = authority_file {
                outward = outward.with_authority(file).map_err(|error| refused(error.to_string()))?;
            }
            let target =
                Target::read(url, Reach::Anywhere).map_err(|error| refused(format!("token_url {error}")))?;
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            let call = Call { target, method: Method::POST, headers, body: Bytes::from(encoded(&form)) };
            let answer = outward.call(call).await.map_err(|error| refused(error.to_string()))?;
            if !answer.status.is_success() {
                // The body may name the account; the status says enough.
                return Err(refused(format!("the token endpoint answered {}", answer.status.as_u16())));
            }
            let granted: Granted = serde_json::from_slice(&answer.body)
                .map_err(|_| refused("the token endpoint's answer holds no access_token".to_owned()))?;
            Ok(granted.access_token)
        }
    }
}

/// A form as it is sent (application/x-www-form-urlencoded).
fn encoded(form: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_escaped() {
        assert_eq!(encoded(&[("a", "b c&=å"), ("d", "e-._~")]), "a=b%20c%26%3D%C3%A5&d=e-._~");
    }
}
