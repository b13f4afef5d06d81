//! The report, in Markdown.

use super::bootstrap::{Interval, difference};
use super::measures::{Outcome, mean};
use super::trial::{Asked, LADDER, STEPS, Trial};
use super::typing::Typing;
use crate::IndexError;
use std::fmt::Write as _;

/// Figures for each step of the analysis, in both halves of the set, typed with and without slips, and what each step
/// changes. The same seed gives the same report.
///
/// # Errors
/// When the index fails.
pub fn report(trial: &Trial<'_>, seed: u64) -> Result<String, IndexError> {
    let mut text = String::new();
    let set = trial.set();
    let synonyms = set.synonyms.len();
    let _ = writeln!(
        text,
        "{} answers, {} questions, {synonyms} sets of synonyms; {}; seed {seed}.",
        set.answers.len(),
        set.questions.len(),
        if trial.has_dictionary() { "with a dictionary" } else { "no dictionary: all steps without" },
    );
    let tuned = trial.questions(Some(false)).count();
    let held_out = trial.questions(Some(true)).count();
    let halves: Vec<(Option<bool>, String)> = if tuned == 0 || held_out == 0 {
        vec![(None, format!("All {} questions", tuned + held_out))]
    } else {
        vec![
            (Some(true), format!("Held out: {held_out} questions that nothing was tuned on")),
            (Some(false), format!("Tuning half: {tuned} questions")),
        ]
    };
    for (half, heading) in halves {
        let _ = write!(text, "\n### {heading}\n");
        for (typing, how) in [
            (Typing::Careful, "As written"),
            (Typing::OneSlip, "One slip in each question"),
            (Typing::Hasty, "A slip in every word of five letters or more"),
        ] {
            let _ = write!(text, "\n{how}:\n\n");
            tables(trial, Asked { held_out: half, typing, seed }, &mut text)?;
        }
    }
    Ok(text)
}

fn tables(trial: &Trial<'_>, asked: Asked, text: &mut String) -> Result<(), IndexError> {
    let mut all: Vec<Vec<Outcome>> = Vec::new();
    for step in STEPS {
        all.push(trial.outcomes(step, asked)?);
    }
    text.push_str("| step | recall@1 | recall@5 | nDCG@10 | without hits | nDCG@10 against the step before | against stems |\n");
    text.push_str("|---|---:|---:|---:|---:|---|---|\n");
    for (n, (step, outcomes)) in STEPS.iter().zip(&all).enumerate() {
        let figures = mean(outcomes);
        let against = |other: usize| {
            let ndcg = |outcomes: &[Outcome]| outcomes.iter().map(|o| o.ndcg_at_10).collect::<Vec<f64>>();
            difference(&ndcg(&all[other]), &ndcg(outcomes), asked.seed)
        };
        // What comes after the ladder is set against what is shipped.
        let before = match n {
            0 => None,
            n if n < LADDER => against(n - 1),
            _ => against(LADDER - 1),
        };
        let stems = if n == 0 { None } else { against(0) };
        let _ = writeln!(
            text,
            "| {} | {:.3} | {:.3} | {:.3} | {:.1} % | {} | {} |",
            step.name,
            figures.recall_at_1,
            figures.recall_at_5,
            figures.ndcg_at_10,
            figures.without_hits * 100.0,
            shown(before),
            shown(stems),
        );
    }
    Ok(())
}

/// A difference with its interval; bold when zero is not in it.
fn shown(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |i| {
        let stress = if i.tells() { "**" } else { "" };
        format!("{stress}{:+.3}{stress} ({:+.3} to {:+.3})", i.mean, i.low, i.high)
    })
}
