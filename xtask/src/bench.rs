//! The measurements of docs/benchmarks.md. Each prints its figure and, in the same run, what to compare it with.

use crate::failure::Failure;
use crate::shell::{cargo, say};

/// A measurement: its name, what it tells, and the cargo command that takes it.
struct Measurement {
    name: &'static str,
    tells: &'static str,
    command: &'static [&'static str],
}

const MEASUREMENTS: &[Measurement] = &[
    Measurement {
        name: "routing",
        tells: "routed calls per second through the pure core",
        command: &["run", "--quiet", "--release", "--package", "routing", "--example", "routed_calls"],
    },
    Measurement {
        name: "calls",
        tells: "SIP calls per second, and memory at 200 concurrent calls with audio",
        command: &["run", "--quiet", "--release", "--package", "telephony", "--example", "call_load"],
    },
    Measurement {
        name: "years",
        tells: "1.2 million cases and 100 guides at work, on both engines: page times beside their limits, and memory",
        command: &["run", "--quiet", "--release", "--package", "lots", "--example", "ten_years"],
    },
    Measurement {
        name: "site",
        tells: "the public site with 2,000 articles: requests a second and page times, beside a static file from the same server",
        command: &["run", "--quiet", "--release", "--package", "lots", "--example", "site_load"],
    },
    Measurement {
        name: "search",
        tells: "search over 5,000 articles while they are written, beside its limit and beside plainer searches",
        command: &["run", "--quiet", "--release", "--package", "finding", "--example", "search_load"],
    },
    Measurement {
        name: "cases",
        tells: "registered cases per second, acknowledged = durable, beside the bare driver; page time at 100,000 cases",
        command: &["run", "--quiet", "--release", "--package", "lots", "--example", "case_load"],
    },
];

/// Takes the measurements called `names`, or all.
pub fn run(names: &[String]) -> Result<(), Failure> {
    if let Some(unknown) = names.iter().find(|n| !MEASUREMENTS.iter().any(|m| m.name == n.as_str())) {
        let known: Vec<&str> = MEASUREMENTS.iter().map(|m| m.name).collect();
        return Err(Failure::new(format!("no measurement {unknown:?}; there are: {}", known.join(", "))));
    }
    for measurement in MEASUREMENTS.iter().filter(|m| names.is_empty() || names.iter().any(|n| n == m.name)) {
        say(measurement.tells);
        if measurement.name == "years" {
            // It measures the program itself, as a process of its own.
            cargo(&["build", "--release", "--package", "lots"])?;
        }
        cargo(measurement.command)?;
    }
    Ok(())
}
