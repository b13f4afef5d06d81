//! `storm --seeds N [--from S] [--days D] [--lidingo]`: drives the routing core through N simulated years and says how
//! it went. Ends with a failure, the seed and the last steps at the first broken invariant.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

use simulation::storm::{Plan, run_many};
use std::process::ExitCode;
use std::time::Instant;

struct Wanted {
    seeds: u64,
    from: u64,
    plan: Plan,
}

fn wanted(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted { seeds: 20, from: 0, plan: Plan::helsingborg() };
    let mut days = None;
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let text = arguments.next().ok_or_else(|| format!("{argument} needs a number"))?;
            text.parse::<u64>().map_err(|_| format!("{argument} needs a whole number, not {text:?}"))
        };
        match argument.as_str() {
            "--seeds" => wanted.seeds = number()?,
            "--from" => wanted.from = number()?,
            "--days" => days = Some(u32::try_from(number()?).map_err(|_| "too many days".to_owned())?),
            "--lidingo" => wanted.plan = Plan::lidingo(),
            _ => {
                return Err(format!(
                    "{argument:?} is not known; known: --seeds N --from S --days D --lidingo"
                ));
            }
        }
    }
    wanted.plan.days = days.unwrap_or(wanted.plan.days);
    Ok(wanted)
}

fn main() -> ExitCode {
    let wanted = match wanted(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(complaint) => {
            eprintln!("storm: {complaint}");
            return ExitCode::from(2);
        }
    };
    let began = Instant::now();
    match run_many(&wanted.plan, wanted.from, wanted.seeds) {
        Ok(report) => {
            #[expect(clippy::cast_precision_loss, reason = "for a rate with one decimal")]
            let per_second = wanted.seeds as f64 / began.elapsed().as_secs_f64();
            let e = report.endings;
            println!(
                "{} seeds of {} days with {} guides: {per_second:.2} seeds/s, {} steps, {} calls",
                wanted.seeds, wanted.plan.days, wanted.plan.guides, report.steps, report.calls
            );
            println!(
                "handled {}, abandoned {} (in the prompt {}), to the switchboard {}, failed {}; returned to the \
                 queue {}; no invariant broken",
                e.handled,
                e.abandoned + e.abandoned_in_prompt,
                e.abandoned_in_prompt,
                e.to_switchboard,
                e.failed,
                report.returned
            );
            ExitCode::SUCCESS
        }
        Err(breach) => {
            println!("{breach}\n\nAgain: cargo xtask simulate --from {} --seeds 1", breach.seed);
            ExitCode::FAILURE
        }
    }
}
