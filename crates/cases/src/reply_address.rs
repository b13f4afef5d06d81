//! The address an officer's e-mail is answered to: `svar+<token>@<domain>`. The token is signed and stands for one
//! question to one officer, so the subject line may say what it likes.

use crate::model::CaseSettings;
use people::ReplyToken;
use vocabulary::LinkId;

/// What the local part begins with. A mailbox reads `svar@` with everything after the plus sign.
const PREFIX: &str = "svar+";

/// The address to which a question's letter is answered; none if no mailbox reads e-mail. The local part has 53
/// characters of the 64 that RFC 5321 allows.
#[must_use]
pub fn officer_address(settings: &CaseSettings, link: LinkId) -> Option<String> {
    let domain = settings.reply_domain.as_deref()?;
    Some(format!("{PREFIX}{}@{domain}", ReplyToken::make(&settings.signing_key, link)))
}

/// The link of the question that a letter to `local_part` answers, if it is such an address and one of ours. Large and
/// small letters are the same, because addresses change case on their way.
#[must_use]
pub fn read(settings: &CaseSettings, local_part: &str) -> Option<LinkId> {
    let (prefix, token) = local_part.split_at_checked(PREFIX.len())?;
    if prefix.eq_ignore_ascii_case(PREFIX) { ReplyToken::verify(&settings.signing_key, token) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::SigningKey;

    #[test]
    fn an_address_reads_back_and_fits_where_addresses_go() {
        let base = "https://kc.vikhamn.example".parse().unwrap();
        let mut settings = CaseSettings::new(base, SigningKey::from_bytes([4; 32]), "Vikhamn".to_owned());
        let link = LinkId::from_u128(77);
        assert_eq!(officer_address(&settings, link), None, "nobody would read it");
        settings.reply_domain = Some("kc.vikhamn.example".to_owned());
        let address = officer_address(&settings, link).unwrap();
        let (local, domain) = address.split_once('@').unwrap();
        assert_eq!(domain, "kc.vikhamn.example");
        assert!(local.len() <= 64, "{local}");
        assert_eq!(people::text::email("email", &address).unwrap(), address, "an address anybody accepts");
        assert_eq!(read(&settings, local), Some(link));
        assert_eq!(read(&settings, &local.to_uppercase()), Some(link));
        for other in ["", "svar", "svar+", "info", &local[1..], &local.replace('+', "-"), "svår+å"] {
            assert_eq!(read(&settings, other), None, "{other}");
        }
    }
}
