//! A resident's way in: number and code, the second factor, and how they are told.

use super::{RESIDENT_EMAIL, World, each};
use crate::commands::{
    AddNote, Change, Solve, add_note, change_status, replace_link, resident_adds, revoke_links, share_link,
    solve,
};
use crate::resident_access::{
    Begun, NumberAndCode, PROOF_TRIES_MAX, Proof, ResidentSession, Sent, ToldBy, begin_by_code,
    begin_by_link, channels, choose, end, give_code, own_page, prove, send_challenge, session,
};
use crate::{Case, CaseSettings, CasesError, MessageChannel};
use people::secret::Token;
use storage::{Session, params, sql};
use vocabulary::{Actor, CaseOutcome, CaseStatus, Context, SignedDuration};

const HOME: &str = "203.0.113.7";

impl World {
    /// Runs something at the clock's time, as nobody in particular.
    fn at_the_door<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, CasesError> + Send + 'static,
    ) -> T {
        let ctx = self.ctx(Actor::System);
        let settings = CaseSettings { texting: true, ..(*self.settings).clone() };
        self.db.write_blocking(move |s| run(s, &ctx, &settings)).unwrap()
    }

    fn code_for(&self, case: &Case) -> String {
        let id = case.id;
        self.at_the_door(move |s, ctx, settings| give_code(s, ctx, settings, id)).to_string()
    }

    fn tries(&self, number: &str, code: &str, from: &str) -> Begun {
        let typed = NumberAndCode {
            number: number.to_owned(),
            code: code.to_owned(),
            address: from.parse().unwrap(),
        };
        self.at_the_door(move |s, ctx, settings| begin_by_code(s, ctx, settings, ctx.now, &typed))
    }

    fn in_by_code(&self, case: &Case) -> (Token, ResidentSession) {
        let code = self.code_for(case);
        match self.tries(case.number.as_str(), &code, HOME) {
            Begun::In(token, session) => (token, session),
            other => panic!("{other:?}"),
        }
    }

    fn recognised(&self, token: &Token) -> Option<ResidentSession> {
        let token = token.clone();
        self.at_the_door(move |s, ctx, _| Ok(session(s, ctx.now, token.reveal())?))
    }

    fn sends(&self, held: &ResidentSession, channel: MessageChannel) -> Sent {
        self.clock.advance(SignedDuration::from_secs(1));
        let held = held.clone();
        self.at_the_door(move |s, ctx, settings| {
            send_challenge(s, ctx, settings, ctx.now, &held, channel, HOME.parse().unwrap())
        })
    }

    fn proves(&self, held: &ResidentSession, code: &str) -> Proof {
        let (held, code) = (held.clone(), code.to_owned());
        self.at_the_door(move |s, ctx, settings| prove(s, ctx, settings, ctx.now, &held, &code))
    }

    /// The code in the newest message, as its recipient reads it; and the channel and recipient.
    fn code_sent(&self) -> (String, String, String) {
        let (channel, recipient, body) = self
            .read(|s| {
                Ok(s.the_row(
                    sql!("SELECT channel, recipient, body FROM messages WHERE secret ORDER BY created_at DESC, id DESC LIMIT 1"),
                    params![],
                    |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?)),
                )?)
            })
            .unwrap();
        let digits = body.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).unwrap();
        (digits.to_owned(), channel, recipient)
    }
}

#[test]
fn number_and_code_open_the_case_and_nothing_else_does() {
    each(|world| {
        let (case, other) = (world.registered(world.a_case()), world.registered(world.a_case()));
        let (code, others_code) = (world.code_for(&case), world.code_for(&other));
        let number = case.number.as_str().to_owned();
        for (number, code) in [
            (number.as_str(), others_code.as_str()),
            (other.number.as_str(), code.as_str()),
            (number.as_str(), ""),
            ("KC-26119999", code.as_str()),
            ("not a number", code.as_str()),
        ] {
            assert!(matches!(world.tries(number, code, HOME), Begun::Refused), "{number} {code}");
        }
        let Begun::In(token, held) = world.tries(&number.to_lowercase(), &code.to_lowercase(), HOME) else {
            panic!()
        };
        assert_eq!((held.case_id, held.proven), (case.id, false));
        assert_eq!(world.recognised(&token), Some(held.clone()));
        // A new code makes the old one worthless.
        let new = world.code_for(&case);
        assert!(matches!(world.tries(&number, &code, HOME), Begun::Refused));
        assert!(matches!(world.tries(&number, &new, HOME), Begun::In(..)));
        world.clock.advance(SignedDuration::from_mins(30));
        assert_eq!(world.recognised(&token), None, "half an hour");
    });
}

#[test]
fn guessing_is_stopped_by_number_and_by_address_whether_or_not_the_number_exists() {
    each(|world| {
        let case = world.registered(world.a_case());
        let code = world.code_for(&case);
        for number in [case.number.as_str(), "KC-26115555"] {
            for nth in 0..5 {
                let from = format!("198.51.100.{nth}");
                assert!(matches!(world.tries(number, "AAAA-AAAA", &from), Begun::Refused), "{number} {nth}");
            }
            assert!(
                matches!(world.tries(number, &code, "198.51.100.9"), Begun::Throttled { .. }),
                "{number}"
            );
        }
        world.clock.advance(SignedDuration::from_mins(15));
        assert!(matches!(world.tries(case.number.as_str(), &code, HOME), Begun::In(..)));
        for nth in 0..20 {
            let number = format!("KC-2611{:04}", 6_000 + nth);
            assert!(matches!(world.tries(&number, "AAAA-AAAA", HOME), Begun::Refused));
        }
        assert!(matches!(world.tries("KC-26117777", "AAAA-AAAA", HOME), Begun::Throttled { .. }));
        // What was right is not counted.
        for _ in 0..30 {
            assert!(matches!(world.tries(case.number.as_str(), &code, "198.51.100.77"), Begun::In(..)));
        }
    });
}

#[test]
fn the_second_factor_goes_to_the_known_address_once_and_not_for_long() {
    each(|world| {
        let case = world.registered(world.a_case());
        let (token, held) = world.in_by_code(&case);
        let Sent::To(masked) = world.sends(&held, MessageChannel::Sms) else { panic!() };
        assert_eq!(masked.text, "07•• •• 45 67");
        let (code, channel, recipient) = world.code_sent();
        assert_eq!((channel.as_str(), recipient.as_str()), ("sms", "+46701234567"));
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for left in (1..PROOF_TRIES_MAX).rev() {
            assert!(matches!(world.proves(&held, wrong), Proof::Wrong { tries_left } if tries_left == left));
        }
        assert!(matches!(world.proves(&held, wrong), Proof::Over));
        assert!(matches!(world.proves(&held, &code), Proof::Over), "too late for the right one");
        // A new code, by e-mail, with a space as people type it.
        let Sent::To(masked) = world.sends(&held, MessageChannel::Email) else { panic!() };
        assert_eq!(masked.text, "k•••@e•••.se");
        let (code, channel, recipient) = world.code_sent();
        assert_eq!((channel.as_str(), recipient.as_str()), ("email", RESIDENT_EMAIL));
        let Proof::Proven(new) = world.proves(&held, &format!("{} {}", &code[..3], &code[3..])) else {
            panic!()
        };
        assert_eq!(world.recognised(&token), None, "the token from before the proof is worth nothing");
        let proven = world.recognised(&new).unwrap();
        assert!(proven.proven && proven.case_id == case.id);
        assert!(matches!(world.proves(&proven, &code), Proof::Over), "once");
        let Sent::To(_) = world.sends(&proven, MessageChannel::Sms) else { panic!() };
        let (code, ..) = world.code_sent();
        assert!(
            matches!(world.sends(&proven, MessageChannel::Sms), Sent::Throttled { .. }),
            "three in a while"
        );
        world.clock.advance(SignedDuration::from_mins(10));
        assert!(matches!(world.proves(&proven, &code), Proof::Over), "ten minutes");
        world.at_the_door(move |s, _, _| Ok(end(s, &proven)?));
        assert_eq!(world.recognised(&new), None);
    });
}

#[test]
fn a_code_is_worth_nothing_in_another_session_and_a_day_has_its_limit() {
    each(|world| {
        let case = world.registered(world.a_case());
        let (_, mine) = world.in_by_code(&case);
        let (_, thiefs) = world.in_by_code(&case);
        world.sends(&mine, MessageChannel::Email);
        let (code, ..) = world.code_sent();
        assert!(matches!(world.proves(&thiefs, &code), Proof::Over));
        let mut sent = 1;
        for _ in 0..40 {
            world.clock.advance(SignedDuration::from_mins(16));
            let (_, held) = world.in_by_code(&case);
            sent += usize::from(matches!(world.sends(&held, MessageChannel::Email), Sent::To(_)));
        }
        assert_eq!(sent, 8, "in eleven hours");
    });
}

#[test]
fn of_protected_residents_no_address_is_told() {
    each(|world| {
        let mut cmd = world.a_case();
        cmd.resident_id = Some(world.protected);
        let hidden = world.registered(cmd);
        let mut cmd = world.a_case();
        cmd.resident_id = None;
        let nobodys = world.registered(cmd);
        for case in [&hidden, &nobodys] {
            let (_, held) = world.in_by_code(case);
            let id = case.id;
            let known = world.at_the_door(move |s, _, settings| channels(s, settings, id));
            assert!(known.is_empty(), "they look alike");
            for channel in [MessageChannel::Sms, MessageChannel::Email] {
                assert_eq!(world.sends(&held, channel), Sent::Unreachable);
            }
        }
    });
}

#[test]
fn links_taken_back_take_code_and_sessions_along() {
    each(|world| {
        let case = world.registered(world.a_case());
        let id = case.id;
        let address =
            world.by_guide(move |s, ctx, settings| share_link(s, ctx, settings, id)).unwrap().address;
        let link = address.rsplit_once('/').unwrap().1.to_owned();
        let opened = link.clone();
        let (by_link, _) =
            world.at_the_door(move |s, ctx, settings| begin_by_link(s, ctx, settings, ctx.now, &opened));
        let (by_code, _) = world.in_by_code(&case);
        let code = world.code_for(&case);
        world.by_guide(move |s, ctx, _| revoke_links(s, ctx, id)).unwrap();
        assert_eq!((world.recognised(&by_link), world.recognised(&by_code)), (None, None));
        assert!(matches!(world.tries(case.number.as_str(), &code, HOME), Begun::Refused));
        let ctx = world.ctx(Actor::System);
        let settings = world.settings.clone();
        let again = world.db.write_blocking(move |s| begin_by_link(s, &ctx, &settings, ctx.now, &link));
        assert!(matches!(again, Err(CasesError::Link(_))));
        world.by_guide(move |s, ctx, settings| replace_link(s, ctx, settings, id)).unwrap();
        assert!(
            matches!(world.tries(case.number.as_str(), &code, HOME), Begun::Refused),
            "not by a new link either"
        );
    });
}

#[test]
fn the_first_letter_carries_the_code_and_they_are_told_as_they_choose() {
    each(|world| {
        let case = world.registered(world.a_case());
        let id = case.id;
        let news = move |world: &World, change| {
            world.by_guide(move |s, ctx, settings| {
                let settings = CaseSettings { texting: true, ..settings.clone() };
                change_status(s, ctx, &settings, id, change)
            })
        };
        let told = |world: &World| {
            world
                .read(|s| {
                    Ok(s.rows(
                        sql!("SELECT channel, body FROM messages WHERE case_id IS NOT NULL ORDER BY created_at, id"),
                        params![],
                        |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?)),
                    )?)
                })
                .unwrap()
        };
        news(world, Change::WaitForResident).unwrap();
        world.clock.advance(SignedDuration::from_mins(1));
        let first = told(world).pop().unwrap();
        let code =
            first.1.lines().find_map(|line| line.trim().strip_prefix("kod ")).expect("a code").to_owned();
        assert!(first.0 == "email" && first.1.contains(case.number.as_str()) && first.1.contains("/status"));
        assert!(matches!(world.tries(case.number.as_str(), &code, HOME), Begun::In(..)));
        for (told_by, change, channel) in [
            (ToldBy::Sms, Change::Resume, Some("sms")),
            (ToldBy::Nothing, Change::WaitForResident, None),
            (ToldBy::Email, Change::Resume, Some("email")),
        ] {
            world.at_the_door(move |s, ctx, _| choose(s, ctx, id, told_by));
            let before = told(world).len();
            news(world, change).unwrap();
            world.clock.advance(SignedDuration::from_mins(1));
            let after = told(world);
            assert_eq!(after.len() - before, usize::from(channel.is_some()), "{told_by}");
            if let Some(channel) = channel {
                let (by, body) = after.last().unwrap();
                assert_eq!(by, channel);
                assert!(!body.contains(&code), "the code is in the first letter only");
                assert!(channel == "email" || body.chars().count() <= 160, "{body}");
            }
        }
    });
}

#[test]
fn the_own_page_holds_what_was_written_to_and_by_the_resident_and_nothing_internal() {
    each(|world| {
        let case = world.registered(world.a_case());
        let id = case.id;
        for (text, public) in [("Vi lagar den på fredag.", true), ("Ring inte före nio, hunden.", false)] {
            let cmd = AddNote { case_id: id, text: text.to_owned(), public };
            world.by_guide(move |s, ctx, settings| add_note(s, ctx, settings, &cmd)).unwrap();
            world.clock.advance(SignedDuration::from_secs(1));
        }
        let resident = Actor::Resident(world.resident);
        let (ctx, settings) = (world.ctx(resident), world.settings.clone());
        world
            .db
            .write_blocking(move |s| resident_adds(s, &ctx, &settings, id, "Den är djupare nu.", &[]))
            .unwrap();
        let page = world.at_the_door(move |s, ctx, settings| own_page(s, ctx, settings, id));
        assert_eq!(page.began_with.as_deref(), Some(case.description.as_str()), "it came by the web");
        let texts: Vec<&str> = page.entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, ["Vi lagar den på fredag.", "Den är djupare nu."]);
        assert_eq!((page.actor, page.may_reopen, page.ways.len()), (resident, false, 2));
        let cmd = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
        world.by_guide(move |s, ctx, settings| solve(s, ctx, settings, &cmd)).unwrap();
        assert!(world.at_the_door(move |s, ctx, settings| own_page(s, ctx, settings, id)).may_reopen);
        world.clock.advance(SignedDuration::from_hours(24 * 31));
        let late = world.at_the_door(move |s, ctx, settings| own_page(s, ctx, settings, id));
        assert!(!late.may_reopen && late.standing.status == CaseStatus::Solved);
    });
}

#[test]
fn a_secret_message_is_blanked_once_it_has_left() {
    each(|world| {
        let case = world.registered(world.a_case());
        let (_, held) = world.in_by_code(&case);
        world.sends(&held, MessageChannel::Email);
        let id = world
            .read(|s| Ok(s.the_row(sql!("SELECT id FROM messages WHERE secret"), params![], |r| r.get(0))?))
            .unwrap();
        let body = move |world: &World| {
            let row = world.read(move |s| Ok(crate::queries::message(s, id)?.unwrap())).unwrap();
            row.body
        };
        assert!(!body(world).is_empty());
        let ctx = world.ctx(Actor::System);
        let sent = world
            .db
            .write_blocking(move |s| crate::commands::message_fate(s, &ctx, id, crate::commands::Fate::Sent));
        sent.unwrap();
        assert_eq!(body(world), "");
    });
}
