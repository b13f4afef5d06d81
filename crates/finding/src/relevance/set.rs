//! A set of questions with judged answers, read from TOML, JSON or JSON lines. `docs/relevance.md` describes the format.

use crate::SynonymSet;
use crate::index::Entry;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A larger file is refused.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The best grade: it answers the question.
const GRADE_MAX: u8 = 3;

/// An answer that may be found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// Its name among the answers.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What is said first.
    #[serde(default)]
    pub answer: String,
    /// The rest.
    #[serde(default)]
    pub body: String,
    /// Other words for it.
    #[serde(default)]
    pub keywords: String,
    /// Other texts it is found by.
    #[serde(default)]
    pub more: Vec<String>,
}

/// A question with its judged answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// As somebody would type it.
    pub text: String,
    /// What each answer is worth: 3 answers it, 2 answers most of it, 1 helps.
    pub judged: BTreeMap<String, u8>,
    /// Whether it is only reported on, and never tuned on.
    pub held_out: bool,
}

/// Answers, questions, and what people have taught the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelevanceSet {
    /// Whose it is.
    pub about: String,
    /// The answers.
    pub answers: Vec<Answer>,
    /// The questions.
    pub questions: Vec<Question>,
    /// The synonyms.
    pub synonyms: Vec<SynonymSet>,
}

/// Why a set cannot be used; it names the file and the row.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", .file.display())]
pub struct SetError {
    file: PathBuf,
    why: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Text(String),
    Number(i64),
}

fn name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Named::deserialize(deserializer)? {
        Named::Text(text) => text,
        Named::Number(number) => number.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Judged {
    Graded(BTreeMap<String, u8>),
    /// A list says only which answers are right.
    Right(Vec<Named>),
}

#[derive(Deserialize)]
struct WrittenQuestion {
    #[serde(alias = "query", alias = "question")]
    text: String,
    #[serde(alias = "answers")]
    judged: Judged,
    #[serde(default)]
    held_out: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenSynonyms {
    File(PathBuf),
    Sets(Vec<SynonymSet>),
}

#[derive(Default, Deserialize)]
struct Written {
    #[serde(default)]
    about: String,
    articles: Option<PathBuf>,
    #[serde(default, alias = "answers")]
    answer: Vec<serde_json::Value>,
    #[serde(default, alias = "questions")]
    question: Vec<serde_json::Value>,
    #[serde(alias = "synonyms")]
    synonym: Option<WrittenSynonyms>,
}

#[derive(Deserialize)]
struct SynonymFile {
    #[serde(default, alias = "synonyms")]
    synonym: Vec<SynonymSet>,
}

impl RelevanceSet {
    /// Reads a set from a file, and the articles and synonyms it names, relative to it.
    ///
    /// # Errors
    /// [`SetError`], naming the file and, within it, the row.
    pub fn read(file: &Path) -> Result<Self, SetError> {
        let text = text_of(file)?;
        let refused = |why: String| SetError { file: file.to_owned(), why };
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let written = match ending {
            "toml" => toml::from_str(&text).map_err(|error| refused(error.to_string()))?,
            "json" => serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?,
            "jsonl" | "ndjson" => lines(&text).map_err(refused)?,
            other => return Err(refused(format!("a set is .toml, .json or .jsonl, not .{other}"))),
        };
        let beside = |path: &Path| file.parent().unwrap_or_else(|| Path::new(".")).join(path);
        let mut set = Self::of(&written).map_err(refused)?;
        if let Some(folder) = &written.articles {
            set.answers.extend(articles(&beside(folder))?);
        }
        match written.synonym {
            Some(WrittenSynonyms::Sets(sets)) => set.synonyms = sets,
            Some(WrittenSynonyms::File(path)) => set.synonyms = synonyms(&beside(&path))?,
            None => {}
        }
        set.check().map_err(refused)?;
        Ok(set)
    }

    fn of(written: &Written) -> Result<Self, String> {
        let mut set = Self { about: written.about.clone(), ..Self::default() };
        for (n, value) in written.answer.iter().enumerate() {
            let answer = Answer::deserialize(value).map_err(|why| format!("answer {}: {why}", n + 1))?;
            set.answers.push(answer);
        }
        for (n, value) in written.question.iter().enumerate() {
            let row = || format!("question {}{}", n + 1, shown(value));
            let written = WrittenQuestion::deserialize(value).map_err(|why| format!("{}: {why}", row()))?;
            let judged = match written.judged {
                Judged::Graded(grades) => grades,
                Judged::Right(right) => right
                    .into_iter()
                    .map(|id| match id {
                        Named::Text(text) => (text, 1),
                        Named::Number(number) => (number.to_string(), 1),
                    })
                    .collect(),
            };
            set.questions.push(Question { text: written.text, judged, held_out: written.held_out });
        }
        Ok(set)
    }

    fn check(&self) -> Result<(), String> {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for answer in &self.answers {
            if !known.insert(&answer.id) {
                return Err(format!("two answers have the id {:?}", answer.id));
            }
        }
        if self.answers.is_empty() || self.questions.is_empty() {
            return Err("it has no answers or no questions".to_owned());
        }
        for (n, question) in self.questions.iter().enumerate() {
            let row = format!("question {} ({:?})", n + 1, question.text);
            if !question.judged.values().any(|grade| *grade > 0) {
                return Err(format!("{row} has no answer that is right"));
            }
            for (id, grade) in &question.judged {
                if !known.contains(id.as_str()) {
                    return Err(format!("{row} judges {id:?}, which is no answer"));
                }
                if *grade > GRADE_MAX {
                    return Err(format!("{row} gives {id:?} the grade {grade}; a grade is 0 to {GRADE_MAX}"));
                }
            }
        }
        Ok(())
    }

    /// The answers as an index takes them. The n-th has n for its id.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |(n, answer): (u128, &Answer)| Entry {
            id: Uuid::from_u128(n),
            title: answer.title.clone(),
            answer: answer.answer.clone(),
            body: answer.body.clone(),
            keywords: answer.keywords.clone(),
            more: answer.more.clone(),
        };
        (0..).zip(&self.answers).map(entry).collect()
    }
}

fn shown(value: &serde_json::Value) -> String {
    let text = ["text", "query", "question"].iter().find_map(|key| value.get(key)?.as_str());
    text.map_or_else(String::new, |text| format!(" ({text:?})"))
}

/// Each line is an answer (it has a title), a question (it has a text) or a set of synonyms (it has words).
fn lines(text: &str) -> Result<Written, String> {
    let mut written = Written::default();
    let mut sets = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row = |why: String| format!("line {}: {why}", n + 1);
        let value: serde_json::Value = serde_json::from_str(line).map_err(|error| row(error.to_string()))?;
        if value.get("title").is_some() {
            written.answer.push(value);
        } else if value.get("words").is_some() {
            sets.push(SynonymSet::deserialize(&value).map_err(|error| row(error.to_string()))?);
        } else if ["text", "query", "question"].iter().any(|key| value.get(key).is_some()) {
            written.question.push(value);
        } else {
            return Err(row("neither an answer (title), a question (text) nor synonyms (words)".to_owned()));
        }
    }
    written.synonym = Some(WrittenSynonyms::Sets(sets));
    Ok(written)
}

fn text_of(file: &Path) -> Result<String, SetError> {
    let refused = |why: String| SetError { file: file.to_owned(), why };
    let length = std::fs::metadata(file).map_err(|error| refused(error.to_string()))?.len();
    if length > FILE_BYTES_MAX {
        return Err(refused(format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))
}

fn synonyms(file: &Path) -> Result<Vec<SynonymSet>, SetError> {
    let read: Result<SynonymFile, _> = toml::from_str(&text_of(file)?);
    read.map(|file| file.synonym).map_err(|error| SetError { file: file.to_owned(), why: error.to_string() })
}

/// The articles of a folder, each by the name of its file.
fn articles(folder: &Path) -> Result<Vec<Answer>, SetError> {
    let refused = |why: String| SetError { file: folder.to_owned(), why };
    let listed = std::fs::read_dir(folder).map_err(|error| refused(error.to_string()))?;
    let mut files: Vec<PathBuf> = listed.filter_map(|file| Some(file.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort_unstable();
    let mut answers = Vec::with_capacity(files.len());
    for file in files {
        let id = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let read = article(&id, &text_of(&file)?).map_err(|why| SetError { file: file.clone(), why })?;
        answers.push(read);
    }
    Ok(answers)
}

#[derive(Deserialize)]
struct Front {
    title: Option<String>,
    answer: Option<String>,
    public_title: Option<String>,
    public_answer: Option<String>,
    #[serde(default)]
    keywords: String,
}

/// An article as guides find it once it is published: by its internal texts, else the public ones, and by the public ones
/// beside them.
fn article(id: &str, text: &str) -> Result<Answer, String> {
    let rest = text.strip_prefix("+++\n").ok_or("an article begins with a line +++")?;
    let (front, texts) = rest.split_once("\n+++\n").ok_or("the head of an article ends with a line +++")?;
    let front: Front = toml::from_str(front).map_err(|error| error.to_string())?;
    let (internal, public) = match texts.split_once("+++ public\n") {
        Some((internal, public)) => (internal.trim(), public.trim()),
        None => (texts.trim(), ""),
    };
    let title = front.title.clone().or_else(|| front.public_title.clone()).ok_or("it has no title")?;
    let own = front.answer.is_some();
    Ok(Answer {
        id: id.to_owned(),
        title,
        answer: front.answer.or_else(|| front.public_answer.clone()).unwrap_or_default(),
        body: if own { internal.to_owned() } else { public.to_owned() },
        keywords: front.keywords,
        more: if own {
            [front.public_title, front.public_answer].into_iter().flatten().collect()
        } else {
            Vec::new()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<RelevanceSet, String> {
        let folder = std::env::temp_dir().join(format!("lots-relevance-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        RelevanceSet::read(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn the_same_set_in_three_formats_is_the_same() {
        let toml = read(
            "same.toml",
            "[[answer]]\nid = \"a\"\ntitle = \"Sopor\"\n[[question]]\ntext = \"skräp\"\njudged = { a = 3 }\n\
             held_out = true\n[[synonym]]\nwords = [\"skräp\", \"sopor\"]\n",
        );
        let json = read(
            "same.json",
            r#"{"answers": [{"id": "a", "title": "Sopor"}],
                "questions": [{"text": "skräp", "judged": {"a": 3}, "held_out": true}],
                "synonyms": [{"words": ["skräp", "sopor"]}]}"#,
        );
        let lines = read(
            "same.jsonl",
            "{\"id\": \"a\", \"title\": \"Sopor\"}\n\n{\"text\": \"skräp\", \"judged\": {\"a\": 3}, \
             \"held_out\": true}\n{\"words\": [\"skräp\", \"sopor\"]}\n",
        );
        let toml = toml.unwrap();
        assert_eq!((toml.answers.len(), toml.questions[0].held_out), (1, true));
        assert_eq!(json.unwrap(), toml);
        assert_eq!(lines.unwrap(), toml);
    }

    #[test]
    fn a_list_of_right_answers_and_numbers_for_names_will_do() {
        let set = read(
            "list.json",
            r#"{"answers": [{"id": 7, "title": "T"}], "questions": [{"query": "t", "judged": [7]}]}"#,
        );
        assert_eq!(set.unwrap().questions[0].judged.get("7"), Some(&1));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_row() {
        let answer = "[[answer]]\nid = \"a\"\ntitle = \"A\"\n";
        for (name, text, told) in [
            ("1.toml", "[[question]]\ntext = 3\n".to_owned(), "question 1"),
            (
                "2.toml",
                format!("{answer}[[question]]\ntext = \"x\"\njudged = {{ b = 1 }}\n"),
                "(\"x\") judges \"b\"",
            ),
            ("3.toml", format!("{answer}[[question]]\ntext = \"x\"\njudged = {{ a = 9 }}\n"), "grade 9"),
            (
                "4.toml",
                format!("{answer}[[question]]\ntext = \"x\"\njudged = {{}}\n"),
                "no answer that is right",
            ),
            ("5.toml", format!("{answer}{answer}"), "two answers"),
            ("6.jsonl", "{\"title\": \"A\"}\n".to_owned(), "answer 1"),
            ("7.jsonl", "{}\n".to_owned(), "line 1"),
            ("8.txt", String::new(), ".toml, .json or .jsonl"),
            ("9.toml", "articles = \"not-there\"\n".to_owned(), "not-there"),
        ] {
            let error = read(name, &text).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
