use super::World;
use crate::openings::{Of, Pattern, queries::openings, summaries};
use cases::Viewer;
use cases::commands::{look_sealed, open_case};
use storage::testing::both;
use vocabulary::{Actor, GenericUuid as _, Timestamp};

#[test]
fn who_opened_what_is_told_with_what_bears_it_out() {
    for db in both() {
        let world = World::new(db);
        let case = world.full_case(world.support);
        // Days later, so that what Anna did when she registered it does not bear it out.
        world.at("2026-11-09T21:30:00Z");
        let (anna, gabriel, kim) = (Actor::User(world.anna), Actor::User(world.gabriel), world.kim);
        world.run(anna, move |s, ctx, _| Ok(open_case(s, ctx, Viewer::of(anna), case)?)).unwrap();
        world.run(gabriel, move |s, ctx, _| Ok(look_sealed(s, ctx, Viewer::of(gabriel), case)?)).unwrap();
        let (from, to): (Timestamp, Timestamp) =
            ("2026-11-09T00:00:00Z".parse().unwrap(), "2026-11-10T00:00:00Z".parse().unwrap());
        let read = |of| world.run(Actor::System, move |s, _, _| Ok(openings(s, of, from, to, 100)?)).unwrap();
        let all = read(Of::All);
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|opening| !opening.related && opening.resident == Some(kim)));
        assert_eq!(all.iter().filter(|opening| opening.sealed).count(), 1);
        assert_eq!(read(Of::By(world.gabriel.into_untyped_uuid())).len(), 1);
        assert_eq!(read(Of::Resident(kim)).len(), 2);
        assert_eq!(read(Of::Case(case)).len(), 2);
        let told = summaries(&all);
        let of = |id: vocabulary::UserId| told.iter().find(|p| p.by == id.into_untyped_uuid()).unwrap();
        assert_eq!(of(world.anna).patterns, [Pattern::OutOfHours { openings: 1 }]);
        assert!(of(world.gabriel).patterns.is_empty(), "a stub tells nothing");
        // Doing something with it bears it out.
        let cmd = cases::commands::HandOver { case_id: case, text: "Har ringt igen".to_owned() };
        world.run(anna, move |s, ctx, _| Ok(cases::commands::hand_over(s, ctx, &cmd)?)).unwrap();
        let anna = read(Of::By(world.anna.into_untyped_uuid()));
        assert!(anna.iter().all(|opening| opening.related));
    }
}
