//! Residents' own pages, as a browser without script meets them.

use crate::house::{Answer, Browser, House, request, with_form};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use cases::commands::{AddNote, Origin, RegisterCase, Solve, add_note, register, share_link, solve};
use cases::resident_access::{Proof, ResidentSession, begin_by_link, give_code, prove, send_challenge};
use cases::{CasesError, MessageChannel};
use people::residents::{Reach, commands::find_or_create};
use people::secret::Token;
use storage::Session;
use vocabulary::{Actor, CaseId, CaseOutcome, Channel, Context, Language, Role};

/// A case of Rita's, that came in writing, with an answer to her and a note that is not for her.
struct Ritas {
    id: CaseId,
    number: String,
    code: String,
    link: String,
}

fn ritas(
    s: &mut Session<'_>,
    ctx: &Context,
    house: &(cases::CaseSettings, vocabulary::CaseTypeId),
) -> Result<Ritas, CasesError> {
    let (settings, case_type) = house;
    let reach = Reach { telephone: Some("070-123 45 67".into()), email: Some("rita@example.se".into()) };
    let resident = find_or_create(s, ctx, &reach, Some("Rita Hemlig"), Language::Swedish)
        .unwrap_or_else(|error| panic!("{error}"));
    let origin = Origin::Direct { channel: Channel::Web, arrival_day: None };
    let cmd = RegisterCase {
        title: "Tunnan är inte tömd".into(),
        description: "Den står kvar på Storgatan 5.".into(),
        resident_id: Some(resident.id),
        ..RegisterCase::new(*case_type, origin)
    };
    let case = register(s, ctx, &cmd)?.case;
    for (text, public) in [("Bilen kommer på fredag.", true), ("Grannen klagar också.", false)] {
        add_note(s, ctx, settings, &AddNote { case_id: case.id, text: text.into(), public })?;
    }
    let code = give_code(s, ctx, settings, case.id)?.to_string();
    let link = share_link(s, ctx, settings, case.id)?.address;
    Ok(Ritas { id: case.id, number: case.number.to_string(), code, link })
}

impl House {
    async fn ritas(&self) -> Ritas {
        let ctx = self.context(Actor::User(self.users[&Role::Guide]));
        let parts = ((*self.state.cases).clone(), self.types[0]);
        let case = self.state.db.write(move |s| ritas(s, &ctx, &parts)).await.unwrap();
        Ritas { link: case.link.strip_prefix(crate::house::BASE).unwrap().to_owned(), ..case }
    }

    /// A resident's browser with a case of its own.
    pub async fn resident(&self, proven: bool) -> Browser {
        // So that its code is the newest.
        self.clock.advance(vocabulary::SignedDuration::from_secs(1));
        let ctx = self.context(Actor::User(self.users[&Role::Guide]));
        let parts = ((*self.state.cases).clone(), self.types[0]);
        let begun = self.state.db.write(move |s| -> Result<_, CasesError> {
            let case = ritas(s, &ctx, &parts)?;
            let settings = &parts.0;
            let link = case.link.rsplit_once('/').unwrap().1;
            let (token, held) = begin_by_link(s, &ctx, settings, ctx.now, link)?;
            if !proven {
                return Ok((token, held));
            }
            let from = std::net::Ipv4Addr::from_bits(u32::from_be_bytes(
                held.id.as_bytes()[12..].try_into().unwrap(),
            ));
            send_challenge(s, &ctx, settings, ctx.now, &held, MessageChannel::Email, from.into())?;
            let code = code_in(&cases::queries::outbox(s, None, 100)?);
            match prove(s, &ctx, settings, ctx.now, &held, &code)? {
                Proof::Proven(token) => Ok((token, held)),
                other => panic!("{other:?}"),
            }
        });
        let (token, held): (Token, ResidentSession) = begun.await.unwrap();
        Browser {
            cookie: format!("lots-resident={}", token.reveal()),
            csrf: self.state.access.key().csrf_token(held.id),
        }
    }

    async fn code_sent(&self) -> String {
        let sent = self.state.db.read(|s| cases::queries::outbox(s, None, 1)).await.unwrap();
        code_in(&sent)
    }
}

/// The newest code among messages.
fn code_in(messages: &[cases::queries::Message]) -> String {
    let codes = messages.iter().filter(|message| message.subject.contains("kod"));
    let newest = codes.max_by_key(|message| (message.created_at, message.id)).expect("a code was sent");
    let digits = newest.body.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6);
    digits.expect("six digits").to_owned()
}

/// The cookie a page has set, as the browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let ours = set.into_iter().find(|value| value.starts_with("lots-resident=")).expect("a cookie");
    assert!(
        ours.contains("HttpOnly") && ours.contains("SameSite=Lax") && ours.contains("Max-Age=1800"),
        "{ours}"
    );
    ours.split(';').next().unwrap().to_owned()
}

fn csrf(page: &Answer) -> String {
    let at = page.body.find("name=\"csrf\" value=\"").expect("a form's token") + 19;
    page.body[at..].split('"').next().unwrap().to_owned()
}

const PERSONAL: [&str; 7] =
    ["Rita", "rita@example.se", "70123", "Storgatan", "Tunnan", "Bilen kommer", "Grannen klagar"];

#[tokio::test]
async fn number_and_code_then_a_code_by_mail_then_everything_but_what_is_internal() {
    let house = House::new().await;
    let case = house.ritas().await;
    assert!(house.visit("/status").await.body.contains("ärendenummer"));
    let begun =
        house.submit("/status", &[("number", &case.number), ("code", &case.code.to_lowercase())]).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/status/mine"));
    let mut browser = Browser { cookie: cookie(&begun), csrf: String::new() };
    let before = house.get(&browser, "/status/mine").await;
    assert_eq!(before.status, StatusCode::OK);
    for hidden in PERSONAL {
        assert!(!before.body.contains(hidden), "{hidden}");
    }
    assert!(before.body.contains("r•••@e•••.se") && before.body.contains("Du har fått ett svar"));
    browser.csrf = csrf(&before);
    assert_eq!(
        house.get(&browser, "/status/mine/documents/00000000-0000-7000-8000-000000000001").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(house.post(&browser, "/status/mine/told", &[("told_by", "none")]).await.location(), "/status");
    let sent = house.post(&browser, "/status/mine/send", &[("channel", "email")]).await;
    assert_eq!(sent.status, StatusCode::OK);
    let code = house.code_sent().await;
    assert!(!sent.body.contains(&code));
    let wrong = house.post(&browser, "/status/mine/prove", &[("code", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Försök kvar: 4"));
    let proven = house.post(&browser, "/status/mine/prove", &[("code", &code)]).await;
    assert_eq!((proven.status, proven.location()), (StatusCode::SEE_OTHER, "/status/mine"));
    assert_eq!(
        house.get(&browser, "/status/mine").await.location(),
        "/status",
        "the old cookie is worth nothing"
    );
    browser.cookie = cookie(&proven);
    let page = house.get(&browser, "/status/mine").await;
    for shown in ["Den står kvar på Storgatan 5.", "Bilen kommer på fredag."] {
        assert!(page.body.contains(shown), "{shown}");
    }
    for hidden in ["Grannen klagar", "rita@example.se", "0701234567", "Olof"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let left = house.post(&browser, "/status/mine/leave", &[]).await;
    assert_eq!(left.location(), "/status");
    assert_eq!(house.get(&browser, "/status/mine").await.location(), "/status");
}

#[tokio::test]
async fn the_page_by_link_says_how_it_stands_and_nothing_of_what_was_written() {
    let house = House::new().await;
    let case = house.ritas().await;
    let page = house.visit(&case.link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&case.number) && page.body.contains("Du har fått ett svar"));
    for hidden in PERSONAL.iter().chain(&["•", "<script"]) {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex, nofollow, noarchive"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(page.headers[name], value);
    }
    let begun = house.submit(&case.link, &[]).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/status/mine"));
    let browser = Browser { cookie: cookie(&begun), csrf: String::new() };
    assert_eq!(house.get(&browser, "/status/mine").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_number_and_a_wrong_code_are_answered_alike_and_not_forever() {
    let house = House::new().await;
    let case = house.ritas().await;
    let nobodys = "KC-26119876";
    let mut answers = Vec::new();
    for (number, code) in
        [(case.number.as_str(), "AAAA-AAAA"), (nobodys, case.code.as_str()), (nobodys, "AAAA-AAAA")]
    {
        let answer = house.submit("/status", &[("number", number), ("code", code)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answers.push(answer.body.replace(number, "?"));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = house.submit("/status", &[("number", &case.number), ("code", "AAAA-AAAA")]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = house.submit("/status", &[("number", &case.number), ("code", &case.code)]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right code too, meanwhile");
    assert!(right.headers.contains_key(header::RETRY_AFTER));
}

/// A JPEG with a place in its Exif, and no picture to speak of.
fn picture() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0x00, 0x18];
    bytes.extend_from_slice(b"Exif\0\0II\x2a\0HEMLIG PLATS");
    bytes.resize(6 + 0x16, b' ');
    bytes.extend_from_slice(&[
        0xff, 0xdb, 0x00, 0x04, 0, 1, 0xff, 0xda, 0x00, 0x04, 1, 2, 3, 4, 5, 0xff, 0xd9,
    ]);
    bytes
}

fn with_files(browser: &Browser, text: &str, files: &[(&str, &[u8])]) -> axum::http::Request<Body> {
    let mut body = Vec::new();
    for (name, value) in [("csrf", browser.csrf.as_str()), ("text", text)] {
        body.extend_from_slice(
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    for (name, bytes) in files {
        body.extend_from_slice(
            format!("--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\ncontent-type: image/jpeg\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    request(Method::POST, "/status/mine/add")
        .header(header::COOKIE, &browser.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn what_is_sent_in_is_kept_without_the_place_it_was_taken_at() {
    let house = House::new().await;
    let browser = house.resident(true).await;
    let files: [(&str, &[u8]); 2] = [("tunnan.jpg", &picture()), ("virus.exe", b"MZ\x90\0")];
    let added = house.send(with_files(&browser, "Här är en bild.", &files)).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    for shown in ["Här är en bild.", "tunnan.jpg", "inte kunde ta emot: 1"] {
        assert!(added.body.contains(shown), "{shown}");
    }
    assert!(!added.body.contains("virus"));
    let at = added.body.find("/status/mine/documents/").unwrap();
    let path = added.body[at..].split('"').next().unwrap();
    let file = house.get(&browser, path).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(!file.body.contains("HEMLIG") && !file.body.contains("Exif"));
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment") && disposition.contains("tunnan.jpg"), "{disposition}");
    let other = house.resident(true).await;
    assert_eq!(house.get(&other, path).await.status, StatusCode::NOT_FOUND, "somebody else's document");
    let empty = house.send(with_files(&browser, "  ", &[])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = Browser { csrf: "0".repeat(64), ..browser.clone() };
    assert_eq!(house.send(with_files(&foreign, "Hej", &[])).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_case_that_is_done_is_opened_again_by_what_its_resident_adds() {
    let house = House::new().await;
    let browser = house.resident(true).await;
    let (ctx, settings) = (house.context(Actor::User(house.users[&Role::Guide])), house.state.cases.clone());
    let case = house.state.db.write(move |s| -> Result<_, CasesError> {
        let case = cases::queries::case_by_number(s, &"KC-26110001".parse().unwrap())?.unwrap();
        let cmd =
            Solve { case_id: case.id, outcome: CaseOutcome::Solved, answer: "Nu är den tömd.".into() };
        solve(s, &ctx, &settings, &cmd)
    });
    let case = case.await.unwrap();
    assert!(house.get(&browser, "/status/mine").await.body.contains("Är det inte klart?"));
    let added = house.send(with_files(&browser, "Den är full igen.", &[])).await;
    assert!(added.body.contains("öppnat igen"));
    let now = house.state.db.read(move |s| cases::queries::case(s, case.id)).await.unwrap().unwrap();
    assert_eq!(now.status, vocabulary::CaseStatus::Reopened);
}

#[tokio::test]
async fn the_pages_are_in_every_language_there_is_a_file_for() {
    let house = House::new().await;
    let case = house.ritas().await;
    for (tag, direction, said) in [
        ("sv", "ltr", "Hur går det med ditt ärende?"),
        ("en", "ltr", "How is your case going?"),
        ("fi", "ltr", "Miten asiasi etenee?"),
        ("ar", "rtl", "ما الجديد في قضيتك؟"),
    ] {
        let chosen = house.submit("/status/language", &[("language", tag), ("back", "/status")]).await;
        assert_eq!(chosen.location(), "/status");
        let set = chosen.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let browser = Browser { cookie: set, csrf: String::new() };
        let page = house.get(&browser, "/status").await;
        assert!(page.body.contains(said), "{tag}");
        assert!(page.body.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")), "{tag}");
        let standing = house.get(&browser, &case.link).await;
        assert_eq!(standing.status, StatusCode::OK);
        let swedish = standing.body.contains("Senast ändrat");
        assert_eq!(swedish, tag == "sv", "{tag}");
    }
    for (language, back) in
        [("xx", "/status"), ("fi", "https://evil.example/"), ("fi", "//evil"), ("fi", "/admin/users")]
    {
        let chosen = house.submit("/status/language", &[("language", language), ("back", back)]).await;
        assert_eq!(chosen.location(), "/status", "{back}");
    }
}

#[tokio::test]
async fn a_guide_gives_a_code_once_and_the_choice_of_being_told_is_kept() {
    let house = House::new().await;
    let case = house.ritas().await;
    let guide = house.browser(Role::Guide).await;
    let id = vocabulary::GenericUuid::into_untyped_uuid(case.id);
    let given = house.post(&guide, &format!("/cases/{id}/code"), &[]).await;
    assert_eq!(given.status, StatusCode::OK);
    let old = house.submit("/status", &[("number", &case.number), ("code", &case.code)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "the new code is the only one");
    let at = given.body.find("class=\"secret\">").unwrap() + 15;
    let code = given.body[at..].split('<').next().unwrap().to_owned();
    let begun = house.submit("/status", &[("number", &case.number), ("code", &code)]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let browser = house.resident(true).await;
    for (told_by, status) in [("none", StatusCode::OK), ("pigeon", StatusCode::UNPROCESSABLE_ENTITY)] {
        let chosen = house.post(&browser, "/status/mine/told", &[("told_by", told_by)]).await;
        assert_eq!(chosen.status, status, "{told_by}");
    }
    let page = house.get(&browser, "/status/mine").await;
    assert!(page.body.contains("id=\"told-none\" name=\"told_by\" value=\"none\" checked"));
    let with_no_token = with_form(
        request(Method::POST, "/status/mine/told").header(header::COOKIE, &browser.cookie),
        &[("told_by", "email")],
    );
    assert_eq!(house.send(with_no_token).await.status, StatusCode::FORBIDDEN);
}
