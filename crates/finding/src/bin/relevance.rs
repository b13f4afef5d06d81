//! How well the search finds, on a file of questions with judged answers: `cargo xtask relevance FILE`.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

use finding::relevance::{RelevanceSet, Trial, report};
use finding::{Dictionary, DictionaryError};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Where Debian's package hunspell-sv puts the Swedish dictionary.
const DICTIONARY: &str = "/usr/share/hunspell/sv_SE";
/// Where the figures stand in a report, so that they can be renewed.
const BEGIN: &str = "<!-- figures -->";
const END: &str = "<!-- end of figures -->";

const USAGE: &str =
    "relevance FILE [--dictionary BASE | --no-dictionary] [--seed N] [--missed] [--into REPORT.md]

  FILE             questions with judged answers: .toml, .json or .jsonl (docs/relevance.md)
  --dictionary     a Hunspell dictionary's path without .aff and .dic [default: /usr/share/hunspell/sv_SE]
  --no-dictionary  as on a machine that has none
  --seed           where chance begins [default: 1]
  --missed         list the questions of the tuning half whose best answer does not come first
  --into           renew the figures between the marks in this file";

struct Arguments {
    file: PathBuf,
    dictionary: Option<PathBuf>,
    seed: u64,
    missed: bool,
    into: Option<PathBuf>,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("relevance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut file = None;
    let mut made = Arguments {
        file: PathBuf::new(),
        dictionary: Some(PathBuf::from(DICTIONARY)),
        seed: 1,
        missed: false,
        into: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value\n\n{USAGE}"));
        match word.as_str() {
            "--dictionary" => made.dictionary = Some(PathBuf::from(value()?)),
            "--no-dictionary" => made.dictionary = None,
            "--seed" => made.seed = value()?.parse().map_err(|_| "--seed wants a whole number")?,
            "--missed" => made.missed = true,
            "--into" => made.into = Some(PathBuf::from(value()?)),
            other if other.starts_with('-') => return Err(format!("no option {other}\n\n{USAGE}").into()),
            path => file = Some(PathBuf::from(path)),
        }
    }
    made.file = file.ok_or(USAGE)?;
    Ok(made)
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let set = RelevanceSet::read(&arguments.file)?;
    let dictionary = arguments.dictionary.as_deref().map(dictionary).transpose()?.flatten();
    let trial = Trial::new(&set, dictionary)?;
    if arguments.missed {
        return missed(&trial);
    }
    let figures = report(&trial, arguments.seed)?;
    println!("{figures}");
    match &arguments.into {
        Some(file) => renew(file, &figures),
        None => Ok(()),
    }
}

/// The dictionary; without one the report says so and goes on.
fn dictionary(base: &Path) -> Result<Option<Arc<Dictionary>>, DictionaryError> {
    match Dictionary::load(base) {
        Ok(dictionary) => Ok(Some(Arc::new(dictionary))),
        Err(DictionaryError::File { file, error }) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!(
                "relevance: no dictionary at {}; compounds are learnt from the answers",
                file.display()
            );
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Only the tuning half: whoever reads the others tunes on them.
fn missed(trial: &Trial<'_>) -> Result<(), Box<dyn Error>> {
    let shipped = &finding::relevance::STEPS[4];
    for question in trial.questions(Some(false)) {
        let found = trial.found(shipped, &question.text)?;
        let best = question.judged.values().max().copied().unwrap_or(0);
        let first = found.first().and_then(|id| question.judged.get(*id)).copied().unwrap_or(0);
        if first < best {
            let found: Vec<&str> = found.into_iter().take(5).collect();
            println!("{:?}\n    wanted {:?}\n    found  {found:?}", question.text, question.judged);
        }
    }
    Ok(())
}

fn renew(file: &Path, figures: &str) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    let (before, rest) =
        text.split_once(BEGIN).ok_or_else(|| format!("{} has no {BEGIN}", file.display()))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{} has no {END}", file.display()))?;
    std::fs::write(file, format!("{before}{BEGIN}\n{figures}{END}{after}"))?;
    Ok(())
}
