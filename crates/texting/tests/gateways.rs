//! Text messages against gateways that are not ours: an HTTP server that answers as told, and an SMPP operator's end in
//! Node (`e2e/sms/smsc.mjs`).
#![expect(clippy::unwrap_used, reason = "clippy knows only #[test] functions as tests")]

mod support;

use std::time::Duration;
use support::{Gateway, House, Smsc};
use texting::{HttpGateway, LongMessages, Secret, SmppGateway, SuccessRule, TextingConfig, TextingMode};

const NUMBER: &str = "+46701234567";

fn over_http(gateway: &Gateway) -> TextingConfig {
    TextingConfig {
        mode: TextingMode::Http,
        sender: "Vikhamn".to_owned(),
        http: HttpGateway {
            url: gateway.url(),
            headers: [("X-Api-Key".to_owned(), Secret::new("nyckel".to_owned()))].into(),
            success: SuccessRule { pointer: "/status".to_owned(), equals: "queued".to_owned() },
            id_pointer: "/id".to_owned(),
            ..HttpGateway::default()
        },
        ..TextingConfig::default()
    }
}

#[tokio::test]
async fn a_message_goes_to_the_http_gateway_whole_and_escaped() {
    let gateway = Gateway::start(&[r#"200 {"status":"queued","id":"abc"}"#]).await;
    let house = House::new();
    let texter = house.texter(&over_http(&gateway));
    let id = house.message(NUMBER, "Hej \"Åsa\"\n{to} & 100 %").await;
    house.deliver(&texter, id).await.unwrap();
    let (head, body) = gateway.asked().pop().unwrap();
    assert!(
        head.starts_with("POST /send HTTP/1.1\r\n") && head.to_lowercase().contains("x-api-key: nyckel"),
        "{head}"
    );
    let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(sent["to"], NUMBER);
    assert_eq!(sent["from"], "Vikhamn");
    assert_eq!(sent["message"], "Hej \"Åsa\"\n{to} & 100 %");
    assert_eq!(house.state(id).await, "sent");
    house.deliver(&texter, id).await.unwrap();
    assert_eq!(gateway.asked().len(), 1, "once sent it is sent");
}

#[tokio::test]
async fn a_gateway_that_is_busy_is_tried_again_and_one_that_says_no_is_believed() {
    let gateway = Gateway::start(&[
        "503 busy",
        r#"200 {"status":"no credit"}"#,
        r#"200 {"status":"queued","id":7}"#,
        r#"400 {"error":"bad number +46701234567"}"#,
    ])
    .await;
    let house = House::new();
    let texter = house.texter(&over_http(&gateway));
    let id = house.message(NUMBER, "Hej").await;
    for _ in 0..2 {
        assert!(house.deliver(&texter, id).await.is_err(), "later");
        assert_eq!(house.state(id).await, "waiting");
    }
    house.deliver(&texter, id).await.unwrap();
    assert_eq!(house.state(id).await, "sent");
    let id = house.message(NUMBER, "Hej").await;
    house.deliver(&texter, id).await.unwrap();
    assert_eq!(house.state(id).await, "failed");
    let id = house.message("not a number", "Hej").await;
    house.deliver(&texter, id).await.unwrap();
    assert_eq!(house.state(id).await, "failed");
    assert_eq!(gateway.asked().len(), 4, "what is no number is told to nobody");
}

fn over_smpp(smsc: &Smsc) -> TextingConfig {
    TextingConfig {
        mode: TextingMode::Smpp,
        sender: "Vikhamn".to_owned(),
        smpp: SmppGateway {
            host: "127.0.0.1".to_owned(),
            port: smsc.port,
            system_id: "lots".to_owned(),
            password: Some(Secret::new("hemligt".to_owned())),
            enquire_link_s: 5,
            timeout_s: 5,
            ..SmppGateway::default()
        },
        ..TextingConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_go_over_smpp_in_parts_and_what_became_of_them_comes_back() {
    let Some(mut smsc) = Smsc::start(&["--fail", "46709999999"]).await else { return };
    let house = House::new();
    let texter = house.texter(&over_smpp(&smsc));
    let bound = smsc.line("bind").await;
    assert_eq!(
        (&bound["bind"], &bound["version"], &bound["known"]),
        (&"bind_transceiver".into(), &0x34.into(), &true.into())
    );
    let id = house.message(NUMBER, "Åsa, din väg är plogad. 5 €").await;
    house.deliver_patiently(&texter, id).await;
    let got = smsc.line("submit").await["submit"].clone();
    assert_eq!(got["to"], "46701234567");
    assert_eq!(got["text"], "Åsa, din väg är plogad. 5 €");
    assert_eq!((&got["esm_class"], &got["data_coding"], &got["ton"]), (&0.into(), &0.into(), &5.into()));
    assert_eq!(smsc.line("receipt").await["receipt"], 0);
    house.arrives(id).await;
    // Three parts, of which the operator's end puts header and text apart.
    let long = "Vi har fått in många anmälningar om halka. ".repeat(8);
    let id = house.message(NUMBER, long.trim_end()).await;
    house.deliver_patiently(&texter, id).await;
    let mut texts = String::new();
    for part in 1..=3 {
        let got = smsc.line("submit").await["submit"].clone();
        assert_eq!(got["esm_class"], 0x40);
        assert!(got["udh"].to_string().contains(&format!("03{part:02x}")), "{got}");
        texts.push_str(got["text"].as_str().unwrap());
    }
    assert_eq!(texts, long.trim_end());
    house.arrives(id).await;
    let id = house.message(NUMBER, "Спасибо 👍").await;
    house.deliver_patiently(&texter, id).await;
    let got = smsc.line("submit").await["submit"].clone();
    assert_eq!((&got["data_coding"], &got["text"]), (&8.into(), &"Спасибо 👍".into()));
    // Reported as undelivered.
    let id = house.message("+46709999999", "Hej").await;
    house.deliver_patiently(&texter, id).await;
    house.becomes(id, "failed").await;
    // Quiet for a while: a sign of life is asked for.
    smsc.line("enquire_link").await;
    house.stop();
    smsc.line("unbind").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_or_broken_line_loses_nothing_and_no_such_number_is_believed() {
    let arguments = ["--throttle", "2", "--drop-after", "1", "--refuse", "46701111111"];
    let Some(mut smsc) = Smsc::start(&arguments).await else { return };
    let house = House::new();
    let mut config = over_smpp(&smsc);
    config.smpp.long_messages = LongMessages::Payload;
    let texter = house.texter(&config);
    smsc.line("bind").await;
    let first = house.message(NUMBER, "Ett").await;
    house.deliver_patiently(&texter, first).await;
    assert_eq!(smsc.line("submit").await["submit"]["text"], "Ett");
    // The line breaks under the next one; it is bound anew and the message sent again.
    let second = house.message(NUMBER, &"å".repeat(300)).await;
    house.deliver_patiently(&texter, second).await;
    smsc.line("bind").await;
    let got = smsc.line("submit").await["submit"].clone();
    assert_eq!(got["payload"], true);
    assert_eq!(got["text"].as_str().unwrap().chars().count(), 300);
    let third = house.message("+46701111111", "Hej").await;
    house.deliver_patiently(&texter, third).await;
    assert_eq!(house.state(third).await, "failed");
    house.arrives(second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_the_other_end_is_no_reason_to_give_up_before_its_time() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let house = House::new();
    let config = TextingConfig {
        mode: TextingMode::Smpp,
        sender: "Vikhamn".to_owned(),
        smpp: SmppGateway {
            host: "127.0.0.1".to_owned(),
            port: closed,
            system_id: "lots".to_owned(),
            timeout_s: 1,
            ..SmppGateway::default()
        },
        ..TextingConfig::default()
    };
    let texter = house.texter(&config);
    let id = house.message(NUMBER, "Hej").await;
    let tried = tokio::time::timeout(Duration::from_secs(10), house.deliver(&texter, id)).await.unwrap();
    assert!(tried.is_err());
    assert_eq!(house.state(id).await, "waiting");
    house.a_day_passes();
    house.deliver(&texter, id).await.unwrap();
    assert_eq!(house.state(id).await, "failed");
}
