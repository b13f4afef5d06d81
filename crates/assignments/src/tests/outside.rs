//! Work that slides over.

use super::*;
use crate::commands::{Outside, PutCheck, end, mark_outside, put_check};
use crate::standard::{Point, PointState, computed};
use crate::{AssignmentsError, queries};
use contacts::{Register, commands as contact};
use vocabulary::{Channel, ContactId, ContactOutcome, GenericUuid as _, local_day};

impl World {
    fn contact(&self, case_type: CaseTypeId) -> ContactId {
        let ctx = self.ctx();
        let cmd = Register {
            channel: Channel::Visit,
            resident: None,
            group: None,
            guide: None,
            arrived_at: None,
            logged: Some((case_type, ContactOutcome::Solved)),
            note: String::new(),
        };
        self.write(move |s| contact::register(s, &ctx, &cmd)).unwrap().id
    }

    /// How much was outside in the month under way and the one before, and how much of it was pointed out.
    fn outside(&self) -> [(u64, u64); 2] {
        let today = local_day(self.now);
        let months = self.read(move |s| Ok(queries::months_outside(s, today, 2)?));
        let sum = |n: usize| {
            let lines = &months[n].lines;
            (lines.iter().map(|line| line.count).sum(), lines.iter().map(|line| line.marked).sum())
        };
        [sum(1), sum(0)]
    }
}

#[test]
fn what_no_assignment_covered_when_it_came_is_outside() {
    for mut world in World::all() {
        // In October nothing had been handed over.
        world.on(date(2026, 10, 20));
        world.contact(world.snow);
        world.on(date(2026, 11, 3));
        let id = world.brought_in("sno", world.snow_basis(date(2026, 11, 1)));
        let inside = world.contact(world.snow);
        world.contact(world.bins);
        assert_eq!(world.outside(), [(1, 0), (1, 0)], "the bins; and the snow of October");
        // A guide says so: once, however often, and can take it back.
        for (outside, expected) in
            [(true, (2, 1)), (true, (2, 1)), (false, (1, 0)), (false, (1, 0)), (true, (2, 1))]
        {
            let ctx = world.ctx();
            world.write(move |s| mark_outside(s, &ctx, Outside::Contact(inside), outside)).unwrap();
            assert_eq!(world.outside()[0], expected);
        }
        assert!(world.read(move |s| Ok(queries::is_outside(s, inside.into_untyped_uuid())?)));
        // After its end it covers no more, and what came before stays as it was counted.
        let ctx = world.ctx();
        world.write(move |s| end(s, &ctx, id)).unwrap();
        world.on(date(2026, 11, 4));
        world.contact(world.snow);
        assert_eq!(world.outside()[0], (3, 1));
        let nobody = ContactId::from_u128(1);
        let ctx = world.ctx();
        let unknown = world.write(move |s| mark_outside(s, &ctx, Outside::Contact(nobody), true));
        assert!(matches!(unknown, Err(AssignmentsError::NotFound { what: "contact" })));
    }
}

#[test]
fn volumes_are_measured_beside_what_was_expected() {
    let world = World::new(storage::testing::sqlite());
    let id = world.brought_in("sno", world.snow_basis(date(2026, 1, 1)));
    for case_type in [world.snow, world.snow, world.bins] {
        world.contact(case_type);
    }
    let today = local_day(world.now);
    let volumes = world.read(move |s| {
        let loaded = crate::commands::load(s, id)?;
        Ok(queries::volumes(s, loaded.holding().unwrap(), today, 2)?)
    });
    assert_eq!(volumes, [(date(2026, 9, 1), 0), (date(2026, 10, 1), 0), (date(2026, 11, 1), 2)]);
}

#[test]
fn the_checklist_counts_what_is_there_and_keeps_what_is_said() {
    for world in World::all() {
        let now = world.now;
        let before = world.read(move |s| queries::facts(s, now));
        let state = |facts: &_, point| computed(point, facts).map(|finding| finding.state);
        assert_eq!(state(&before, Point::AssignmentsApproved), Some(PointState::Missing));
        world.brought_in("sno", world.snow_basis(date(2026, 1, 1)));
        world.contact(world.snow);
        let after = world.read(move |s| queries::facts(s, now));
        assert_eq!(state(&after, Point::AssignmentsApproved), Some(PointState::InPlace));
        assert_eq!(state(&after, Point::ProcessMaps), Some(PointState::InPlace));
        assert_eq!(state(&after, Point::ReviewsInTime), Some(PointState::InPlace));
        assert_eq!(state(&after, Point::ContactsLogged), Some(PointState::InPlace));
        assert_eq!(state(&after, Point::SurveyOn), Some(PointState::Missing));
        let say = |point, evidence: &str| {
            let (ctx, evidence) = (world.ctx(), evidence.to_owned());
            world.write(move |s| {
                let cmd = PutCheck {
                    point,
                    state: PointState::Partly,
                    note: "Övad i maj".to_owned(),
                    evidence: evidence.clone(),
                };
                put_check(s, &ctx, &cmd)
            })
        };
        say(Point::CrisisPlanTried, "/departments").unwrap();
        say(Point::CrisisPlanTried, "https://intranat.vikhamn.example/plan").unwrap();
        let checks = world.read(|s| Ok(queries::checks(s)?));
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].evidence, "https://intranat.vikhamn.example/plan");
        assert!(matches!(say(Point::ProcessMaps, ""), Err(AssignmentsError::NoSuchPoint)));
        assert!(matches!(say(Point::GoalsSet, "//ondska.example"), Err(AssignmentsError::Url)));
    }
}
