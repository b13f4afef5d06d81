//! The secret of a webhook and the signature made with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use people::SigningKey;
use sha2::Sha256;
use std::fmt;
use vocabulary::WebhookId;

/// What a secret begins with, as Standard Webhooks has it.
const PREFIX: &str = "whsec_";

/// A webhook's secret of 32 bytes. It is derived from the instance's key, the webhook and a version that counts up when
/// it is renewed: nothing secret is kept for each webhook, and the page can show it only to who makes or renews it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// The secret of a webhook in a version.
    #[must_use]
    pub fn of(key: &SigningKey, webhook: WebhookId, version: i64) -> Self {
        Self(key.derived("webhook secret", &[webhook.as_bytes(), &version.to_be_bytes()]))
    }

    /// As the other side writes it into its configuration.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The header `webhook-signature`: one signature for each secret that is valid, with a space between.
#[must_use]
pub fn signature(secrets: &[Secret], id: &str, timestamp_s: i64, body: &str) -> String {
    secrets.iter().map(|secret| secret.sign(id, timestamp_s, body)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification and its reference libraries.
    #[test]
    fn the_signature_is_the_one_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(br#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#);
        let expected = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(expected, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_webhook_and_version_has_its_own_secret() {
        let key = SigningKey::from_bytes([3; 32]);
        let (a, b) = (WebhookId::from_u128(1), WebhookId::from_u128(2));
        let secret = Secret::of(&key, a, 1);
        assert_eq!(secret, Secret::of(&key, a, 1));
        assert_ne!(secret, Secret::of(&key, a, 2));
        assert_ne!(secret, Secret::of(&key, b, 1));
        assert!(secret.reveal().starts_with("whsec_") && secret.reveal().len() == 50);
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        let both = signature(&[secret.clone(), Secret::of(&key, a, 2)], "m", 5, "{}");
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.starts_with(&signature(&[secret], "m", 5, "{}")));
    }
}
