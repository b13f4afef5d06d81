//! The living demo: the whole house with a simulated town around it.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

use crate::config::{Config, Engine, MailMode};
use crate::house::{self, House, Parts, Ready};
use crate::operator;
use clap::{Args, ValueEnum};
use simulation::{Demo, DemoConfig, DemoHandles, Town};
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use vocabulary::civil::{Date, Time};
use vocabulary::{
    Actor, Clock, Context, OpeningHours, ScaledClock, SignedDuration, SystemChance, SystemClock, Timestamp,
    add_working_days, local_day, time_zone,
};
use web::DemoControl;

/// Everybody's password in the demo.
const PASSWORD: &str = "fyren blinkar i natt";
/// The demo's web address when none is named; the next free port is taken if it is in use.
const WEB_DEFAULT: &str = "127.0.0.1:8080";
/// Where the demo begins when the centre is closed now.
const BEGIN_AT: Time = Time::constant(8, 0, 0, 0);

/// Whether something simulated is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// How the demo runs.
#[derive(Args)]
pub struct DemoArguments {
    /// How many times as fast as reality the demo's clock runs, 1 to 600. 60 runs a day in minutes.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=600))]
    speed: u32,
    /// The time of the day it begins, such as 07:55 [default: now if the centre is open, else 08:00].
    #[arg(long, value_parser = time_of_day)]
    at: Option<Time>,
    /// The day it begins, such as 2026-11-02 [default: today or the next working day].
    #[arg(long)]
    day: Option<Date>,
    /// Repeats the same residents with the same wishes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated guides at work at most; 0 leaves every call to those who sign in.
    #[arg(long)]
    guides: Option<usize>,
    /// Simulated calls on an ordinary day; 0 for none.
    #[arg(long)]
    calls_per_day: Option<u32>,
    /// Whether simulated officers answer.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    officers: Switch,
    /// Where the database lies; kept afterwards [default: a folder that is gone afterwards].
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where the pages listen [default: 127.0.0.1:8080, or a free port if that is taken].
    #[arg(long)]
    web: Option<SocketAddr>,
    /// Where SIP listens [default: a free port on 127.0.0.1].
    #[arg(long)]
    sip: Option<SocketAddr>,
    /// Write the addresses to this file, as JSON, when everything is up.
    #[arg(long)]
    ready_file: Option<PathBuf>,
}

fn time_of_day(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text).map_err(|_| format!("a time of the day is written as 07:55, not {text:?}"))
}

/// The pages' hand on the demo's clock.
struct Hand(Arc<ScaledClock>);

impl DemoControl for Hand {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn jump(&self, by: SignedDuration) {
        self.0.advance(by);
    }

    fn speed(&self) -> u32 {
        self.0.speed()
    }
}

/// When the demo begins: as asked; else now if the centre is open; else at eight on the next working day.
fn begin(day: Option<Date>, at: Option<Time>, opening: &OpeningHours, now: Timestamp) -> Timestamp {
    if day.is_none() && at.is_none() && opening.is_open(now) {
        return now;
    }
    let today = local_day(now);
    let day = day.unwrap_or_else(|| add_working_days(today, 0));
    let at = day.to_datetime(at.unwrap_or(BEGIN_AT));
    at.to_zoned(time_zone()).map_or(now, |zoned| zoned.timestamp())
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// When a part cannot be started.
pub fn run(mut config: Config, arguments: DemoArguments) -> Result<(), Box<dyn Error>> {
    house::log("warn");
    let kept = tempfile::tempdir()?;
    let folder = arguments.folder.clone().unwrap_or_else(|| kept.path().to_path_buf());
    std::fs::create_dir_all(&folder)?;
    config.storage.engine = Engine::Sqlite;
    config.storage.path = folder.join("lots.db");
    config.mail.mode = MailMode::Keep;
    config.texting.mode = texting::TextingMode::Keep;
    config.web.bind = web_address(arguments.web)?;
    config.web.public_url = String::new();
    config.telephony.bind = arguments.sip.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    config.surveys.share = 1.0;
    config.surveys.delay_minutes = 1;
    let db = operator::open(&config)?;
    let begins = begin(arguments.day, arguments.at, &config.opening, SystemClock.now());
    let outcome = house::runtime()?.block_on(live(config, arguments, db, begins));
    drop(kept);
    outcome
}

async fn live(
    mut config: Config,
    arguments: DemoArguments,
    db: storage::Database,
    begins: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let town = Arc::new(Town::vikhamn()?);
    // Ids, tokens and keys must not repeat with the seed: somebody may show the demo to the world.
    let secret: Arc<dyn vocabulary::Chance> = Arc::new(SystemChance);
    println!("Making the town of {} …", config.town.name);
    let context = Context::new(begins, Actor::System, secret.clone());
    simulation::populate(&db, &context, &town, PASSWORD, &config.telephony.realm).await?;
    let demo_config = DemoConfig {
        seed: arguments.seed,
        guides_max: arguments.guides,
        calls_per_day: arguments.calls_per_day,
        officers: arguments.officers == Switch::On,
        opening: config.opening.clone(),
        password: PASSWORD.to_owned(),
        sounds: config.telephony.sounds.clone(),
        ..DemoConfig::default()
    };
    let ready = simulation::prepare(demo_config).await?;
    config.telephony.trunk = Some(ready.trunk_addr());
    let clock = Arc::new(ScaledClock::new(begins, arguments.speed));
    let house = House::build(Parts {
        config,
        db: db.clone(),
        clock: clock.clone(),
        chance: secret.clone(),
        demo: Some(Arc::new(Hand(clock.clone()))),
    })
    .await?;
    let handles = DemoHandles {
        db,
        clock: clock.clone(),
        chance: secret,
        floor: house.floor.clone(),
        registrar: house.sip,
        cases: house.cases.clone(),
        town: town.clone(),
    };
    let demo = Demo::start(ready, handles).await?;
    let sign_ins: Vec<&str> = town.unmanned().map(|user| user.sign_in.as_str()).collect();
    tell(&house, &town, clock.now(), arguments.speed);
    if let Some(file) = &arguments.ready_file {
        let ready = Ready {
            web: format!("http://{}", house.web),
            sip: house.sip.to_string(),
            sign_ins,
            password: Some(PASSWORD),
        };
        house::write_ready(file, &ready)?;
    }
    house::told_to_stop().await;
    println!("\nClosing …");
    demo.stop().await;
    house.stop().await;
    Ok(())
}

/// The address for the pages: as asked, or the usual one, or a free port if that is taken.
fn web_address(asked: Option<SocketAddr>) -> Result<SocketAddr, Box<dyn Error>> {
    if let Some(asked) = asked {
        return Ok(asked);
    }
    let usual: SocketAddr = WEB_DEFAULT.parse()?;
    let free = std::net::TcpListener::bind(usual).is_ok();
    Ok(if free { usual } else { SocketAddr::new(usual.ip(), 0) })
}

fn tell(house: &House, town: &Town, now: Timestamp, speed: u32) {
    let local = now.to_zoned(time_zone());
    println!(
        "\n{} is open. It is {} there, and time runs at {speed} times its pace.\n",
        town.name,
        local.strftime("%A %-d %B %Y, %H:%M")
    );
    println!("  Guide's page      {}/guide", house.public_url);
    println!("  Live board        {}/board", house.public_url);
    println!(
        "  Outbox            {}/outbox   (every e-mail and text message; nothing is sent)",
        house.public_url
    );
    println!("  HTTP API          {}/api/openapi.json", house.public_url);
    println!("  SIP               {} (UDP)\n", house.sip);
    println!("Sign in with the password \"{PASSWORD}\" as");
    for user in town.unmanned() {
        println!("  {:<10} {:<22} {}", user.sign_in, user.name, user.role);
    }
    println!(
        "\nAs a guide: turn on the telephone, press Ready, and the next caller is yours. Ctrl-C ends the demo."
    );
}
