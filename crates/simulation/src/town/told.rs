//! What a town's articles say: one file each, with its two wordings.

use super::files::unreadable;
use super::{TownError, check};
use knowledge::{ArticleLink, ArticleState, Wording};
use serde::Deserialize;

/// What an article's front matter is fenced with.
const FENCE: &str = "+++\n";
/// The line after which residents read.
const PUBLIC: &str = "+++ public";

/// A file in `articles/`. The slug is the file's name.
#[derive(Clone, Debug)]
pub struct Article {
    /// The file's name without `.md`.
    pub slug: String,
    /// What guides read; none: they read what residents do.
    pub internal: Option<Wording>,
    /// What residents read; none: it is the guides' alone.
    pub public: Option<Wording>,
    /// How to think in this type of call.
    pub approach: String,
    /// The code of the department that answers for it.
    pub department: String,
    /// The codes of the case types a contact about it becomes, the usual one first.
    pub case_types: Vec<String>,
    /// The code of the assignment it belongs to.
    pub assignment: Option<String>,
    /// In residents' words, separated by commas.
    pub keywords: String,
    /// Who sees to it that it stays right, by the name they sign in with.
    pub owner: String,
    /// When it is looked at again, in days from the one it is put in; below 0 it should have been.
    pub review_days: i32,
    /// The first day it is read, counted the same way.
    pub valid_from_days: Option<i32>,
    /// The last day it is read, counted the same way.
    pub valid_to_days: Option<i32>,
    /// How far it has come.
    pub state: ArticleState,
    /// Where to read or do more.
    pub links: Vec<ArticleLink>,
}

/// The TOML above the text. The field names are those of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: Option<String>,
    answer: Option<String>,
    public_title: Option<String>,
    public_answer: Option<String>,
    #[serde(default)]
    approach: String,
    department: String,
    case_types: Vec<String>,
    assignment: Option<String>,
    keywords: String,
    owner: String,
    review_days: i32,
    valid_from_days: Option<i32>,
    valid_to_days: Option<i32>,
    #[serde(default)]
    state: State,
    #[serde(default)]
    links: Vec<ArticleLink>,
}

/// How far an article of a file has come; most are published, and what is archived has no file.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Draft,
    Reviewed,
    #[default]
    Published,
}

/// `synonyms.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SynonymsFile {
    pub synonym: Vec<SynonymSet>,
}

/// Words that mean the same in a search; with `means`, in one direction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymSet {
    /// Words or short phrases.
    pub words: Vec<String>,
    /// What is also found when one of them is asked for; empty: they mean each other.
    #[serde(default)]
    pub means: Vec<String>,
}

impl Article {
    /// Reads the file at `path`, whose name without `.md` is `slug`.
    pub(super) fn read(path: &str, slug: &str, text: &str) -> Result<Self, TownError> {
        let fenced = text.strip_prefix(FENCE).and_then(|rest| rest.split_once("\n+++\n"));
        let (front, bodies) = fenced.ok_or_else(|| {
            TownError::new(path, "front matter", "an article begins with TOML between two lines of +++")
        })?;
        let front_line = 2;
        let front: Front = toml::from_str(front).map_err(|e| unreadable(path, front_line, front, &e))?;
        let (internal, public) = halves(bodies);
        Ok(Self {
            slug: slug.to_owned(),
            internal: wording(path, ["title", "answer"], front.title, front.answer, internal)?,
            public: wording(
                path,
                ["public_title", "public_answer"],
                front.public_title,
                front.public_answer,
                public,
            )?,
            approach: front.approach,
            department: front.department,
            case_types: front.case_types,
            assignment: front.assignment,
            keywords: front.keywords,
            owner: front.owner,
            review_days: front.review_days,
            valid_from_days: front.valid_from_days,
            valid_to_days: front.valid_to_days,
            state: match front.state {
                State::Draft => ArticleState::Draft,
                State::Reviewed => ArticleState::Reviewed,
                State::Published => ArticleState::Published,
            },
            links: front.links,
        })
    }

    /// What guides read, else what residents read.
    #[must_use]
    pub fn wording(&self) -> Option<&Wording> {
        self.internal.as_ref().or(self.public.as_ref())
    }

    /// The title guides read.
    #[must_use]
    pub fn title(&self) -> &str {
        self.wording().map_or("", |wording| &wording.title)
    }
}

/// The text before and after the line that says where the public one begins.
fn halves(bodies: &str) -> (&str, &str) {
    let mut from = 0;
    for line in bodies.split_inclusive('\n') {
        if line.trim_end() == PUBLIC {
            return (bodies[..from].trim(), bodies[from + line.len()..].trim());
        }
        from += line.len();
    }
    (bodies.trim(), "")
}

/// A wording has its title, its answer and its text, or none of them.
fn wording(
    path: &str,
    fields: [&str; 2],
    title: Option<String>,
    answer: Option<String>,
    body: &str,
) -> Result<Option<Wording>, TownError> {
    match (title, answer, body) {
        (None, None, "") => Ok(None),
        (Some(title), Some(answer), body) if !body.is_empty() => {
            check::filled(path, fields[0], &title)?;
            check::filled(path, fields[1], &answer)?;
            Ok(Some(Wording { title, answer, body: body.to_owned() }))
        }
        (None, _, _) => {
            Err(TownError::new(path, fields[0], "is missing, and the text or the answer is there"))
        }
        (_, None, _) => Err(TownError::new(path, fields[1], "is missing, and the title is there")),
        _ => Err(TownError::new(path, fields[0], "is there, and its text is missing")),
    }
}
