//! "Is this ours?" over assignments in force, case types and referrals.

use super::*;
use crate::commands::{PutReferral, put_referral};
use crate::ours::{Book, Source};
use crate::{AssignmentsError, queries};

impl World {
    fn refer(&self, code: &str, owner: &str, text: &str, keywords: &str, telephone: &str) {
        let ctx = self.ctx();
        let cmd = PutReferral {
            code: code.to_owned(),
            owner: owner.to_owned(),
            text: text.to_owned(),
            keywords: keywords.to_owned(),
            telephone: telephone.to_owned(),
            url: String::new(),
            active: true,
        };
        self.write(move |s| put_referral(s, &ctx, &cmd)).unwrap();
    }

    fn book(&self) -> Book {
        self.read(queries::book)
    }
}

/// The best answer: the verdict's word, and where to turn.
fn best(book: &Book, asked: &str) -> (&'static str, String) {
    let hits = book.find(asked, 5);
    let Some(hit) = hits.first().filter(|hit| hit.certain) else { return ("nothing", String::new()) };
    let where_to = hit.entry.verdict.where_to();
    (
        hit.entry.verdict.as_str(),
        where_to.map_or_else(String::new, |to| format!("{} {}", to.whom, to.telephone).trim().to_owned()),
    )
}

#[test]
fn what_is_handed_over_is_ours_and_what_is_not_says_where_to() {
    for world in World::all() {
        world.refer(
            "1177",
            "1177 Vårdguiden",
            "Råd om sjukdom och vård.",
            "läkare, feber, vårdcentral",
            "1177",
        );
        world.refer("vagforening", "Vägföreningen", "Sköter den enskilda vägen.", "samfällighet", "");
        world.refer("bank", "Banken", "Bankens öppettider vet banken.", "öppettider på banken", "");
        assert_eq!(best(&world.book(), "plogning").0, "not_ours", "nothing has been handed over yet");
        world.brought_in("sno", world.snow_basis(date(2026, 1, 1)));
        let book = world.book();
        for (asked, verdict, to) in [
            ("oplogade gator", "ours", ""),
            ("plogning", "ours", ""),
            ("halka", "ours", ""),
            ("grus", "ours", ""),
            ("skador av halka", "partly", "kommunjuristen"),
            ("plogar ni enskilda vägar", "not_ours", "Vägföreningen"),
            ("feber", "not_ours", "1177 Vårdguiden 1177"),
            ("öppettider på banken", "not_ours", "Banken"),
            ("soptunnan", "not_ours", "Tekniska förvaltningen"),
            ("kvasarer", "nothing", ""),
            ("   ", "nothing", ""),
        ] {
            assert_eq!(best(&book, asked), (verdict, to.to_owned()), "{asked}");
        }
        let soptunna = book.find("soptunna", 1).remove(0);
        assert_eq!(soptunna.entry.source, Source::Uncovered(world.bins));
    }
}

#[test]
fn a_draft_answers_nothing_and_a_hidden_referral_neither() {
    let world = World::new(storage::testing::sqlite());
    world.drafted();
    assert_eq!(best(&world.book(), "oplogade gator").0, "nothing");
    world.refer("1177", "1177 Vårdguiden", "Råd om vård.", "feber", "1177");
    let ctx = world.ctx();
    let hidden = PutReferral {
        code: "1177".to_owned(),
        owner: "1177 Vårdguiden".to_owned(),
        text: "Råd om vård.".to_owned(),
        ..PutReferral::default()
    };
    world.write(move |s| put_referral(s, &ctx, &hidden)).unwrap();
    assert_eq!(best(&world.book(), "vård").0, "nothing");
    let ctx = world.ctx();
    let bad = PutReferral {
        code: "x".to_owned(),
        owner: "X".to_owned(),
        text: "X".to_owned(),
        url: "javascript:alert(1)".to_owned(),
        ..PutReferral::default()
    };
    let refused = world.write(move |s| put_referral(s, &ctx, &bad));
    assert!(matches!(refused, Err(AssignmentsError::Url)));
}
