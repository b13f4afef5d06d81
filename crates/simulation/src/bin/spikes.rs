//! `spikes [days] [seed] [nominal false alarms a month]`: the spike detector on simulated months with storms, leaks and closed schools. Says how soon
//! each was told, and how often it cried wolf.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

use simulation::spikes::{Trial, quantile, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |usual: u64| match arguments.next() {
        None => Some(usual),
        Some(text) => text.parse::<u64>().ok(),
    };
    let (Some(days), Some(seed)) = (number(180), number(1)) else {
        eprintln!("spikes [days] [seed] [nominal false alarms a month]: whole numbers");
        return ExitCode::from(2);
    };
    let began = std::time::Instant::now();
    let mut trial = Trial::lidingo(u32::try_from(days).unwrap_or(180), seed);
    if let Some(nominal) = number(0).filter(|nominal| *nominal > 0) {
        trial.settings.false_alarms_per_month = f64::from(u32::try_from(nominal).unwrap_or(u32::MAX));
    }
    let report = run(&trial);
    println!(
        "{} days of {} calls, seed {seed}: {} streams, {} looks in {:.1} s",
        report.days,
        trial.calls_per_day,
        report.streams,
        report.looks,
        began.elapsed().as_secs_f64()
    );
    for (sort, (delays, missed)) in &report.told {
        let shown = |share| quantile(delays, share).map_or_else(|| "-".to_owned(), |n| n.to_string());
        println!(
            "{sort:?}: {} told, {missed} not; delay in minutes: median {}, p90 {}, longest {}",
            delays.len(),
            shown(0.5),
            shown(0.9),
            shown(1.0)
        );
    }
    println!(
        "false alarms: {} in {} days, {:.2} a month; in a new town's first {} days: {}",
        report.false_alarms,
        report.days,
        report.false_alarms_per_month(),
        report.new_town.0,
        report.new_town.1
    );
    ExitCode::SUCCESS
}
