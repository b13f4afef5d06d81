//! Calendars as the programs of the world write them, and as they go wrong.

use super::*;
use proptest::prelude::*;
use vocabulary::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// From the first of November 2026, fourteen months.
fn window_of_test() -> Window {
    Window { from: at("2026-10-31T23:00:00Z"), to: at("2027-12-31T23:00:00Z") }
}

fn calendar(events: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}\nEND:VCALENDAR\n")
        .replace('\n', "\r\n")
        .into_bytes()
}

fn event(lines: &str) -> Vec<u8> {
    calendar(&format!("BEGIN:VEVENT\nUID:a@b\nDTSTAMP:20261001T000000Z\n{lines}\nEND:VEVENT"))
}

fn reading(file: &[u8]) -> Reading {
    read(file, window_of_test()).unwrap()
}

/// Each occurrence's beginning: the day, or the time in UTC.
fn begins(file: &[u8]) -> Vec<String> {
    let reading = reading(file);
    assert_eq!(reading.faults, [], "{}", String::from_utf8_lossy(file));
    reading.occurrences.iter().map(|once| once.begins.key()).collect()
}

fn one(file: &[u8]) -> Occurrence {
    let mut reading = reading(file);
    assert_eq!((reading.occurrences.len(), &reading.faults[..]), (1, &[][..]));
    reading.occurrences.remove(0)
}

#[test]
fn an_event_is_read_with_its_escapes_and_folds() {
    // The fold stands in the middle of an å, as programs that count octets write it.
    let mut file = event(
        "DTSTART;TZID=Europe/Stockholm:20261103T090000\nDTEND;TZID=Europe/Stockholm:20261103T140000\n\
        SUMMARY:Vattnet st\\, och str\\;m\nDESCRIPTION:Rad ett\\nrad t\n  v@@ och \\\\\nGEO:58.5;17.2\n\
        LOCATION:Kajgatan\nCATEGORIES:ARBETE,Vatten\\, avlopp\nSEQUENCE:3",
    );
    let mark = file.windows(2).position(|w| w == b"@@").unwrap();
    file.splice(mark..mark + 2, [0xc3, b'\r', b'\n', b' ', 0xa5]);
    let once = one(&file);
    assert_eq!(once.title, "Vattnet st, och str;m");
    assert_eq!(once.text, "Rad ett\nrad t vå och \\");
    assert_eq!(
        (once.begins.key().as_str(), once.ends.key().as_str()),
        ("20261103T080000Z", "20261103T130000Z")
    );
    assert_eq!((once.sequence, once.position), (3, Some((58.5, 17.2))));
    assert_eq!(once.categories, ["ARBETE", "Vatten, avlopp"]);
}

#[test]
fn other_line_ends_and_character_sets_are_read() {
    for end in ["\n", "\r", "\r\n"] {
        let text = String::from_utf8(event("DTSTART:20261103\nSUMMARY:Snö")).unwrap().replace("\r\n", end);
        assert_eq!(one(text.as_bytes()).title, "Snö");
        assert_eq!(one(format!("\u{feff}{text}\n\n").as_bytes()).title, "Snö");
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert_eq!(one(&latin).title, "Snö");
        let mut utf16 = vec![0xff, 0xfe];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(one(&utf16).title, "Snö");
    }
}

#[test]
fn whole_days_end_before_their_end() {
    let days = |lines: &str| {
        let once = one(&event(lines));
        format!("{}-{}", once.begins.key(), once.ends.key())
    };
    assert_eq!(days("DTSTART;VALUE=DATE:20261103"), "20261103-20261104");
    assert_eq!(days("DTSTART;VALUE=DATE:20261103\nDTEND;VALUE=DATE:20261106"), "20261103-20261106");
    assert_eq!(days("DTSTART;VALUE=DATE:20261103\nDTEND;VALUE=DATE:20261103"), "20261103-20261104");
    assert_eq!(days("DTSTART;VALUE=DATE:20261103\nDURATION:P1W"), "20261103-20261110");
    let outlook = "DTSTART;TZID=W. Europe Standard Time:20261103T000000\n\
        DTEND;TZID=W. Europe Standard Time:20261105T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    assert_eq!(days(outlook), "20261103-20261105");
}

#[test]
fn lengths_are_of_the_wall_for_days_and_of_the_clock_for_hours() {
    // The clock goes back on the last Sunday of October.
    let ends = |lines: &str| {
        let file = event(lines);
        let window = Window { from: at("2026-10-01T00:00:00Z"), to: at("2026-12-01T00:00:00Z") };
        read(&file, window).unwrap().occurrences[0].ends.key()
    };
    let start = "DTSTART;TZID=Europe/Stockholm:20261024T120000\nDURATION:";
    assert_eq!(ends(&format!("{start}P1D")), "20261025T110000Z");
    assert_eq!(ends(&format!("{start}PT24H")), "20261025T100000Z");
    assert_eq!(ends("DTSTART:20261103T080000Z"), "20261103T080000Z");
}

#[test]
fn zones_are_known_by_every_name_they_go_by() {
    let utc = |zone: &str| one(&event(&format!("DTSTART;TZID={zone}:20261103T090000"))).begins.key();
    for stockholm in [
        "Europe/Stockholm",
        "\"Europe/Stockholm\"",
        "W. Europe Standard Time",
        "/citadel.org/20210210_1/Europe/Stockholm",
        "/freeassociation.sourceforge.net/Europe/Stockholm",
        "\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\"",
        "Romance Standard Time",
        "CET",
    ] {
        assert_eq!(utc(stockholm), "20261103T080000Z", "{stockholm}");
    }
    assert_eq!(utc("FLE Standard Time"), "20261103T070000Z");
    assert_eq!(utc("Eastern Standard Time"), "20261103T140000Z");
    // Without a zone, where the calendar is: Sweden, unless it says otherwise.
    let floating = "BEGIN:VEVENT\nUID:a\nDTSTART:20260703T090000\nEND:VEVENT";
    let summer = Window { from: at("2026-07-01T00:00:00Z"), to: at("2026-08-01T00:00:00Z") };
    let key = |file: &[u8]| read(file, summer).unwrap().occurrences[0].begins.key();
    assert_eq!(key(&calendar(floating)), "20260703T070000Z");
    assert_eq!(key(&calendar(&format!("X-WR-TIMEZONE:Europe/Helsinki\n{floating}"))), "20260703T060000Z");
}

/// A zone that only the file knows: one hour ahead in winter, two in summer.
const CUSTOM: &str = "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T030000\n\
    TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
    BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

#[test]
fn a_zone_that_the_file_describes_is_as_the_database_has_it() {
    // Through the year, and around both changes of the clock, by the quarter.
    for (month, day, hour, minute) in [
        (1, 15, 12, 0),
        (7, 1, 0, 30),
        (3, 28, 1, 59),
        (3, 28, 2, 0),
        (3, 28, 2, 30),
        (3, 28, 3, 0),
        (10, 31, 1, 59),
        (10, 31, 2, 0),
        (10, 31, 2, 45),
        (10, 31, 3, 0),
    ] {
        let time = format!("2027{month:02}{day:02}T{hour:02}{minute:02}00");
        let told = |zone: &str| {
            let told =
                format!("{CUSTOM}BEGIN:VEVENT\nUID:a\nDTSTART;TZID={zone}:{time}\nDURATION:PT1H\nEND:VEVENT");
            let once = one(&calendar(&told));
            (once.begins.key(), once.ends.key())
        };
        assert_eq!(told("Customized Time Zone"), told("Europe/Stockholm"), "{time}");
    }
}

/// The examples of RFC 5545, 3.8.5.3 and other ways to say when, moved into the window.
#[test]
fn rules_repeat_as_the_standard_tells() {
    for (start, rule, expected) in [
        ("20261102T090000", "FREQ=DAILY;COUNT=4", "1102 1103 1104 1105"),
        ("20261102T090000", "FREQ=DAILY;INTERVAL=10;COUNT=3", "1102 1112 1122"),
        ("20261102T090000", "FREQ=DAILY;UNTIL=20261104T080000Z", "1102 1103 1104"),
        ("20261102T090000", "FREQ=DAILY;UNTIL=20261104T075959Z", "1102 1103"),
        ("20261102T090000", "FREQ=DAILY;UNTIL=20261104", "1102 1103 1104"),
        ("20261102T090000", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,TH", "1102 1105 1109"),
        ("20261103T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1103 1108 1117 1122"),
        ("20261103T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1103 1115 1117 1129"),
        ("20261106T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1106 1204 0101"),
        ("20261130T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=-1MO", "1130 1228 0125"),
        ("20261130T090000", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-1", "1130 1231 0131 0228"),
        ("20261131T090000", "", ""),
        ("20261231T090000", "FREQ=MONTHLY;COUNT=3", "1231 0131 0331"),
        ("20261113T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "1113 0813"),
        ("20261105T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=1", "1105 1201 0105"),
        ("20261127T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "1127 1230 0128"),
        ("20261110T090000", "FREQ=YEARLY;COUNT=2;BYMONTH=11,12", "1110 1210"),
        ("20261117T090000", "FREQ=YEARLY;BYWEEKNO=47;COUNT=2", "1117 1123"),
        ("20261231T090000", "FREQ=YEARLY;BYYEARDAY=-1,1;COUNT=3", "1231 0101 1231"),
        ("20261103T090000", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1103"),
        ("20261102T090000", "FREQ=YEARLY;BYDAY=-5MO,2MO;COUNT=3", "1102 1130 0111"),
        ("20261102T090000", "FREQ=HOURLY;INTERVAL=3;UNTIL=20261102T160000Z", "1102 1102 1102"),
        ("20261102T090000", "FREQ=MINUTELY;INTERVAL=90;COUNT=4", "1102 1102 1102 1102"),
        ("20261102T090000", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=5", "1102 1102 1102 1102 1103"),
        ("20261102T090000", "freq=weekly;count=2", "1102 1109"),
    ] {
        if rule.is_empty() {
            continue;
        }
        let lines = format!("DTSTART;TZID=Europe/Stockholm:{start}\nDURATION:PT30M\nRRULE:{rule}");
        let days: Vec<String> = begins(&event(&lines)).iter().map(|key| key[4..8].to_owned()).collect();
        assert_eq!(days.join(" "), expected, "{start} {rule}");
    }
}

#[test]
fn a_repeated_time_stays_on_the_wall_when_the_clock_is_changed() {
    let file = event("DTSTART;TZID=Europe/Stockholm:20270327T090000\nRRULE:FREQ=DAILY;COUNT=2");
    assert_eq!(begins(&file), ["20270327T080000Z", "20270328T070000Z"]);
    // Half past two is skipped that night, and shown twice on the last Sunday of October.
    let file = event("DTSTART;TZID=Europe/Stockholm:20270327T023000\nRRULE:FREQ=DAILY;COUNT=3");
    assert_eq!(begins(&file), ["20270327T013000Z", "20270328T013000Z", "20270329T003000Z"]);
}

#[test]
fn single_ones_of_a_series_are_left_out_moved_added_and_cancelled() {
    let file = calendar(
        "BEGIN:VEVENT\nUID:s\nDTSTART;TZID=Europe/Stockholm:20261102T090000\nDURATION:PT1H\nSUMMARY:Sopor\n\
         RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Europe/Stockholm:20261109T090000,20261116T090000\n\
         RDATE:20261103T100000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20261123T080000Z\nDTSTART:20261124T120000Z\nSUMMARY:Flyttat\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;TZID=Europe/Stockholm:20261130T090000\nSTATUS:CANCELLED\n\
         DTSTART;TZID=Europe/Stockholm:20261130T090000\nEND:VEVENT",
    );
    let told: Vec<String> = reading(&file)
        .occurrences
        .iter()
        .map(|o| format!("{} {} {} {:?}", o.recurrence, o.begins.key(), o.title, o.status))
        .collect();
    assert_eq!(
        told,
        [
            "20261102T080000Z 20261102T080000Z Sopor Confirmed",
            "20261103T100000Z 20261103T100000Z Sopor Confirmed",
            "20261123T080000Z 20261124T120000Z Flyttat Confirmed",
            "20261130T080000Z 20261130T080000Z  Cancelled",
            "20261207T080000Z 20261207T080000Z Sopor Confirmed",
        ]
    );
}

#[test]
fn a_change_can_hold_for_those_after_it() {
    let file = calendar(
        "BEGIN:VEVENT\nUID:s\nDTSTART;VALUE=DATE:20261102\nSUMMARY:Gammalt\nRRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261116\nDTSTART;VALUE=DATE:20261117\n\
         SUMMARY:Nytt\nEND:VEVENT",
    );
    let told: Vec<String> =
        reading(&file).occurrences.iter().map(|o| format!("{} {}", o.begins.key(), o.title)).collect();
    assert_eq!(told, ["20261102 Gammalt", "20261109 Gammalt", "20261117 Nytt", "20261124 Nytt"]);
}

#[test]
fn of_two_tellings_the_newest_holds_and_a_cancelled_calendar_cancels() {
    let file = calendar(
        "METHOD:CANCEL\nBEGIN:VEVENT\nUID:a\nSEQUENCE:2\nDTSTART:20261103T080000Z\nSUMMARY:Nytt\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20261102T080000Z\nSUMMARY:Gammalt\nEND:VEVENT",
    );
    let once = one(&file);
    assert_eq!((once.title.as_str(), once.status), ("Nytt", Status::Cancelled));
}

#[test]
fn a_broken_event_is_left_out_and_its_line_is_told() {
    let file = calendar(
        "BEGIN:VEVENT\nUID:bra\nDTSTART:20261103T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:b\nDTSTART:20261303T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nDTSTART:20261103T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:d\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:e\nDTSTART;TZID=Mars/Olympus:20261103T080000\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:f\nDTSTART:20261103T080000Z\nDTEND:20261103T070000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:g\nDTSTART:20261103T080000Z\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:h\nDTSTART:20261103T080000Z\nDURATION:1H\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:i\nDTSTART:20261103T080000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:j\nDTSTART:20261103T080000Z\nDTSTART:20261104T080000Z\nEND:VEVENT",
    );
    let reading = reading(&file);
    let faults: Vec<(usize, &str)> = reading.faults.iter().map(|f| (f.line, f.kind.as_str())).collect();
    assert_eq!(
        faults,
        [
            (10, "not_a_time"),
            (12, "no_uid"),
            (15, "no_start"),
            (20, "unknown_zone"),
            (25, "ends_before"),
            (30, "not_a_rule"),
            (35, "not_a_duration"),
            (40, "rule_too_long"),
            (45, "twice"),
        ]
    );
    assert_eq!(reading.occurrences.len(), 1);
}

#[test]
fn a_file_that_is_built_wrong_is_refused_with_its_line() {
    let refused = |file: &str| {
        let fault = read(file.as_bytes(), window_of_test()).unwrap_err();
        (fault.line, fault.kind)
    };
    assert_eq!(refused(""), (1, FaultKind::NoCalendar));
    assert_eq!(refused("<html>Logga in</html>"), (1, FaultKind::NoColon));
    assert_eq!(refused("BEGIN:VCARD\nEND:VCARD\n"), (1, FaultKind::NoCalendar));
    assert_eq!(refused("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n"), (3, FaultKind::CutOff));
    assert_eq!(refused("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"), (3, FaultKind::Unbalanced));
    assert_eq!(refused("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n"), (3, FaultKind::Unbalanced));
    assert_eq!(refused("BEGIN:VCALENDAR\nSUMMARY;X=\"å:b\nEND:VCALENDAR\n"), (2, FaultKind::OpenQuote));
    assert_eq!(
        refused("BEGIN:VCALENDAR\nen rad som inte är någon\nEND:VCALENDAR\n"),
        (2, FaultKind::NoColon)
    );
    assert_eq!(
        refused("BEGIN:VCALENDAR\r\nX-A:vikt\r\n rad\r\nX-B\r\nEND:VCALENDAR\r\n"),
        (4, FaultKind::NoColon),
        "folded lines are counted as they stand"
    );
}

fn entry(title: &str, text: &str) -> Entry {
    Entry {
        uid: "id@vikhamn.example".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        place: "Kajen; södra, delen".to_owned(),
        position: crate::Position::new(58.5, 17.25),
        begins_at: at("2026-11-03T08:00:00Z"),
        ends_at: Some(at("2026-11-03T13:00:00Z")),
        all_day: false,
        status: EntryStatus::Cancelled,
        sequence: 4,
        changed_at: at("2026-11-01T08:00:00Z"),
        category: "Arbete".to_owned(),
        url: Some("https://lots.vikhamn.example/x".to_owned()),
        organizer: Some(("Kontaktcenter \"KC\"; Vikhamn".to_owned(), "kc@vikhamn.example".to_owned())),
        guests: vec![("Åsa".to_owned(), "asa@vikhamn.example".to_owned())],
    }
}

fn written(entry: Entry) -> String {
    write(&Calendar { name: "Vikhamn".to_owned(), method: "PUBLISH", entries: vec![entry] })
}

#[test]
fn whole_days_are_written_as_days_with_the_end_left_out() {
    let days = Entry {
        all_day: true,
        begins_at: at("2026-11-02T23:00:00Z"),
        ends_at: Some(at("2026-11-04T23:00:00Z")),
        ..entry("Stängt", "")
    };
    let file = written(days);
    assert!(file.contains("\r\nDTSTART;VALUE=DATE:20261103\r\nDTEND;VALUE=DATE:20261105\r\n"), "{file}");
    let once = one(file.as_bytes());
    assert_eq!((once.begins.key().as_str(), once.ends.key().as_str()), ("20261103", "20261105"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_folded_and_reads_back(title in "[ -~åäöÅ–€😀;,\\\\\n]{0,120}", text in "\\PC{0,300}") {
        let file = written(entry(&title, &text));
        for line in file.split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {line}", line.len());
            prop_assert!(!line.contains(['\r', '\n']));
        }
        let once = one(file.as_bytes());
        prop_assert_eq!(once.title, title.trim());
        prop_assert_eq!(once.text, text.trim());
        prop_assert_eq!((once.status, once.sequence), (Status::Cancelled, 4));
        prop_assert_eq!(once.begins.key(), "20261103T080000Z");
        prop_assert_eq!(once.place, "Kajen; södra, delen");
    }

    #[test]
    fn no_bytes_make_it_fall(file in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&file, window_of_test());
    }

    #[test]
    fn no_rule_makes_it_fall_or_go_on_for_ever(rule in "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)(;INTERVAL=[1-9]{1,4})?\
        (;COUNT=[1-9]{1,3})?(;BYMONTH=(1|2|12))?(;BYDAY=(-[1-5]MO|2FR|SU))?(;BYMONTHDAY=(-31|31|15))?(;BYSETPOS=(-1|3))?") {
        let file = event(&format!("DTSTART:20200229T080000Z\nRRULE:{rule}"));
        let reading = read(&file, window_of_test()).unwrap();
        let mut last = Timestamp::MIN;
        for once in &reading.occurrences {
            let begins = once.begins.instant();
            prop_assert!(begins > last && begins < window_of_test().to, "{rule}");
            last = begins;
        }
    }

    #[test]
    fn lines_cut_anywhere_say_where(at in 30_usize..200) {
        let file = String::from_utf8(event("DTSTART:20261103T080000Z\nSUMMARY:Vatten")).unwrap();
        let cut = at.min(file.len() - 16);
        let fault = read(&file.as_bytes()[..cut], window_of_test()).unwrap_err();
        let lines = file[..cut].lines().count();
        prop_assert!((1..=lines).contains(&fault.line), "{fault}");
    }
}
