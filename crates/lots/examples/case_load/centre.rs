//! The contact centre that is measured.

use crate::Fault;
use cases::commands::{Origin, PutCaseType, RegisterCase, put_case_type};
use people::PeopleError;
use people::directory::commands::{create_answer_group, create_department, create_officer};
use people::directory::{NewAnswerGroup, NewDepartment, NewOfficer};
use people::users::{CreateUser, GroupLevel};
use storage::Session;
use vocabulary::{CaseTypeId, Channel, Context, Language, ResidentId, Role, SecrecyClass, UserId};

pub const SIGN_IN: &str = "matt";
pub const PASSWORD: &str = "fyren blinkar i natt";
const DEPARTMENTS: usize = 7;
const CASE_TYPES: usize = 40;

/// Words of titles, so that a search finds some and not all.
const MATTERS: [&str; 20] = [
    "Grop",
    "Gatlampa",
    "Sopkärl",
    "Klotter",
    "Bygglov",
    "Bullerstörning",
    "Hemtjänst",
    "Färdtjänst",
    "Skolskjuts",
    "Förskoleplats",
    "Vattenläcka",
    "Snöröjning",
    "Lekplats",
    "Parkering",
    "Trädfällning",
    "Bidrag",
    "Badplats",
    "Biblioteket",
    "Återvinning",
    "Fakturan",
];
const PLACES: [&str; 50] = [
    "Storgatan",
    "Kyrkogatan",
    "Hamngatan",
    "Skolgatan",
    "Järnvägsgatan",
    "Nygatan",
    "Västergatan",
    "Östergatan",
    "Södergatan",
    "Norrgatan",
    "Bruksvägen",
    "Strandvägen",
    "Ringvägen",
    "Björkvägen",
    "Granvägen",
    "Tallvägen",
    "Ekvägen",
    "Almvägen",
    "Lindvägen",
    "Rönnvägen",
    "Aspvägen",
    "Sjövägen",
    "Ängsvägen",
    "Skogsvägen",
    "Backvägen",
    "Dalvägen",
    "Åsvägen",
    "Kvarnvägen",
    "Smedjevägen",
    "Prästgatan",
    "Klostergatan",
    "Slottsgatan",
    "Torggatan",
    "Drottninggatan",
    "Kungsgatan",
    "Fiskaregatan",
    "Repslagaregatan",
    "Garvaregatan",
    "Parkgatan",
    "Trädgårdsgatan",
    "Villagatan",
    "Fabriksgatan",
    "Industrigatan",
    "Verkstadsgatan",
    "Stationsgatan",
    "Postgatan",
    "Tullgatan",
    "Fyrvägen",
    "Lotsvägen",
    "Båtsmansvägen",
];

/// Who and what is there before the first case.
#[derive(Clone)]
pub struct Centre {
    pub guide: UserId,
    pub case_types: Vec<CaseTypeId>,
}

/// Makes a centre of seven departments and forty case types, with one guide.
pub fn furnish(s: &mut Session<'_>, ctx: &Context) -> Result<Centre, Fault> {
    let guide = staff(s, ctx)?;
    let mut offices = Vec::new();
    for n in 0..DEPARTMENTS {
        let department = NewDepartment {
            code: format!("d{n}"),
            name: format!("Förvaltning {n}"),
            board: format!("Nämnd {n}"),
            escalation_email: format!("d{n}@vikhamn.example"),
        };
        let department = create_department(s, ctx, &department)?.id;
        let officer = NewOfficer {
            department,
            name: format!("Handläggare {n}"),
            title: "Handläggare".to_owned(),
            email: format!("officer{n}@vikhamn.example"),
            telephone: None,
            language: Language::Swedish,
        };
        offices.push((department, create_officer(s, ctx, &officer)?.id));
    }
    let mut case_types = Vec::new();
    for n in 0..CASE_TYPES {
        let (department_id, officer) = offices[n % DEPARTMENTS];
        let case_type = PutCaseType {
            code: format!("t{n}"),
            category: String::new(),
            name: format!("Ärendetyp {n}"),
            keywords: MATTERS[n % MATTERS.len()].to_owned(),
            department_id,
            officer_id: Some(officer),
            secrecy_class: SecrecyClass::Open,
            retention_rule: "2 år".to_owned(),
            due_working_days: 5,
            public_text: String::new(),
            open311: false,
            active: true,
        };
        case_types.push(put_case_type(s, ctx, &case_type)?);
    }
    Ok(Centre { guide, case_types })
}

fn staff(s: &mut Session<'_>, ctx: &Context) -> Result<UserId, PeopleError> {
    let group = NewAnswerGroup { code: "all".to_owned(), name: "Samhälle".to_owned(), dialled: None };
    let group = create_answer_group(s, ctx, &group)?.id;
    let user = CreateUser {
        sign_in: SIGN_IN.to_owned(),
        name: "Måtta".to_owned(),
        // Sees the guide's page and the board alike.
        role: Role::TrafficLeader,
        password: people::password::hash_new(SIGN_IN, PASSWORD, &*ctx.chance)?,
        language: Language::Swedish,
        hourly: false,
    };
    let guide = people::users::commands::create(s, ctx, &user)?.id;
    people::users::commands::set_groups(s, ctx, guide, &[GroupLevel { group, level: 1 }])?;
    Ok(guide)
}

/// What somebody who searches for the `n`th case would type.
pub fn search_words(n: usize) -> String {
    format!("{} {}", MATTERS[n % MATTERS.len()], PLACES[(n / 7) % PLACES.len()])
}

/// The `n`th case.
pub fn case(centre: &Centre, n: usize, resident_id: Option<ResidentId>) -> RegisterCase {
    RegisterCase {
        title: format!("{} vid {}", search_words(n), n % 200),
        description: "Ringde på morgonen. Det har varit så i två veckor och blir värre när det regnar. "
            .repeat(3),
        resident_id,
        idempotency_key: Some(format!("case {n}")),
        ..RegisterCase::new(
            centre.case_types[n % centre.case_types.len()],
            Origin::Direct { channel: Channel::Email, arrival_day: None },
        )
    }
}
