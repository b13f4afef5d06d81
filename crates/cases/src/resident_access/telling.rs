//! How a resident is told, out of what they have chosen and what is known of them.

use super::model::{ToldBy, ways};
use crate::model::{CaseSettings, MessageChannel};
use people::residents::Resident;

/// How to tell a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By this channel, at this address.
    To(MessageChannel, String),
    /// They have said that they do not want to be told.
    Unwanted,
    /// There is no way that may or can be used: somebody must call.
    None,
}

/// The way to tell a resident: the one they chose if it can be gone, else e-mail, else a text message.
pub(crate) fn way_of_telling(settings: &CaseSettings, resident: &Resident, chosen: Option<ToldBy>) -> Way {
    if resident.protected {
        return Way::None;
    }
    if chosen == Some(ToldBy::Nothing) {
        return Way::Unwanted;
    }
    let mut known = ways(resident);
    known.retain(|(channel, _)| *channel == MessageChannel::Email || settings.texting);
    let first = if chosen == Some(ToldBy::Sms) { MessageChannel::Sms } else { MessageChannel::Email };
    let place = known.iter().position(|(channel, _)| *channel == first).unwrap_or(0);
    if known.is_empty() {
        return Way::None;
    }
    let (channel, address) = known.swap_remove(place);
    Way::To(channel, address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::SigningKey;
    use vocabulary::{Language, ResidentId, Timestamp};

    fn resident(telephone: Option<&str>, email: Option<&str>, protected: bool) -> Resident {
        Resident {
            id: ResidentId::nil(),
            name: None,
            telephone: telephone.map(str::to_owned),
            email: email.map(str::to_owned),
            language: Language::Swedish,
            protected,
            survey_opt_out: false,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn they_are_told_as_they_chose_or_as_can_be_and_never_against_their_will() {
        let key = SigningKey::from_bytes([1; 32]);
        let mut settings = CaseSettings::new("https://a.example".parse().unwrap(), key, String::new());
        settings.texting = true;
        let (mobile, landline, mail) = (Some("+46701234567"), Some("+468123456"), Some("a@b.se"));
        let sms = Way::To(MessageChannel::Sms, "+46701234567".to_owned());
        let email = Way::To(MessageChannel::Email, "a@b.se".to_owned());
        for (telephone, address, chosen, expected) in [
            (mobile, mail, None, &email),
            (mobile, mail, Some(ToldBy::Sms), &sms),
            (mobile, mail, Some(ToldBy::Email), &email),
            (mobile, mail, Some(ToldBy::Nothing), &Way::Unwanted),
            (mobile, None, Some(ToldBy::Email), &sms),
            (mobile, None, None, &sms),
            (landline, mail, Some(ToldBy::Sms), &email),
            (landline, None, None, &Way::None),
            (None, None, Some(ToldBy::Sms), &Way::None),
        ] {
            let found = way_of_telling(&settings, &resident(telephone, address, false), chosen);
            assert_eq!(&found, expected, "{telephone:?} {address:?} {chosen:?}");
            for chosen in [None, Some(ToldBy::Sms), Some(ToldBy::Nothing)] {
                let hidden = resident(telephone, address, true);
                assert_eq!(way_of_telling(&settings, &hidden, chosen), Way::None);
            }
        }
        settings.texting = false;
        assert_eq!(way_of_telling(&settings, &resident(mobile, None, false), None), Way::None);
        assert_eq!(way_of_telling(&settings, &resident(mobile, mail, false), Some(ToldBy::Sms)), email);
    }
}
