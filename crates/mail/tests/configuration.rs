//! A configuration nothing can be sent with is refused at start, with the key and what is allowed.

use mail::{MailConfig, MailConfigError, Mailer, Protection, Secret, SmtpConfig};

fn smtp() -> SmtpConfig {
    SmtpConfig {
        host: "mail.vikhamn.example".to_owned(),
        port: 587,
        protection: Protection::StartTls,
        user: Some("lots".to_owned()),
        password: Some(Secret::new("hemligt".to_owned())),
        from: "Kontaktcenter <svara-inte@vikhamn.example>".to_owned(),
        hello_name: None,
        authority_file: None,
        timeout_s: 30,
        bounce_address: None,
        dkim: None,
    }
}

fn refused(config: SmtpConfig) -> MailConfigError {
    Mailer::new(&MailConfig::Smtp(config)).err().expect("refused")
}

#[test]
fn a_whole_configuration_is_taken_and_half_a_one_is_not() {
    assert!(Mailer::new(&MailConfig::Smtp(smtp())).is_ok());
    assert!(Mailer::new(&MailConfig::Keep).is_ok());
    assert!(matches!(refused(SmtpConfig { from: "nobody".to_owned(), ..smtp() }), MailConfigError::From(_)));
    assert!(matches!(refused(SmtpConfig { password: None, ..smtp() }), MailConfigError::Credentials));
    assert!(matches!(refused(SmtpConfig { timeout_s: 0, ..smtp() }), MailConfigError::Timeout(0)));
    let missing = Some("/nowhere/authority.pem".into());
    let refusal = refused(SmtpConfig { authority_file: missing, ..smtp() });
    assert!(refusal.to_string().starts_with("mail.authority_file: /nowhere/authority.pem"), "{refusal}");
}

#[test]
fn a_password_is_neither_sent_in_the_open_nor_shown() {
    let open = SmtpConfig { protection: Protection::None, ..smtp() };
    assert!(matches!(refused(open.clone()), MailConfigError::OpenPassword));
    assert!(Mailer::new(&MailConfig::Smtp(SmtpConfig { host: "localhost".to_owned(), ..open })).is_ok());
    assert!(!format!("{:?}", smtp()).contains("hemligt"));
}

#[test]
fn the_file_is_read_as_written_and_unknown_keys_are_refused() {
    let read = |text: &str| serde_json::from_str::<MailConfig>(text);
    assert!(matches!(read(r#"{"mode": "keep"}"#), Ok(MailConfig::Keep)));
    let written = r#"{"mode": "smtp", "host": "localhost", "port": 25, "protection": "none",
                      "from": "kc@vikhamn.example"}"#;
    let Ok(MailConfig::Smtp(config)) = read(written) else { panic!("not read") };
    assert_eq!((config.port, config.timeout_s, config.protection), (25, 30, Protection::None));
    assert!(read(&written.replace("\"port\"", "\"prot\"")).is_err());
    assert!(read(r#"{"mode": "pigeon"}"#).unwrap_err().to_string().contains("keep"));
}
