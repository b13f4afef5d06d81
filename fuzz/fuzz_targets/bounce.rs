//! Any report of a mail server: what it names is an address, a status, and a Message-ID that can be looked up.

#![no_main]

use letters::{Kind, Limits, Own, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|report: &[u8]| {
    let head = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n";
    let raw = [&head[..], report].concat();
    let own = Own { addresses: Vec::new(), message_id_domain: "vikhamn.example".to_owned() };
    if let Kind::Bounce(bounce) = read(&raw, &Limits::default(), &own).kind {
        assert!(bounce.recipient.is_none_or(|to| to.contains('@') && !to.contains(char::is_whitespace)));
        assert!(bounce.status.is_none_or(|status| status.split('.').count() == 3));
        assert!(bounce.original_message_id.is_none_or(|id| !id.contains(['<', '>', '\n'])));
    }
});
