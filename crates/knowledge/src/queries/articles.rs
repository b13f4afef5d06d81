//! Articles and their versions.

use crate::life::{ArticleState, Publishable};
use crate::model::{Article, AttachedFile, Content, Version, Wording};
use std::collections::BTreeMap;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{ArticleFileId, ArticleId, CaseTypeId, DepartmentId, Timestamp, UserId};

/// An article with the version that `$version` says.
macro_rules! select_article {
    ($version:literal, $rest:literal) => {
        concat!(
            "SELECT a.id, a.slug, a.state, a.version, a.live_version, a.review_wanted, v.number, v.written_at,
                    v.internal_title, v.internal_answer, v.internal_body, v.public_title, v.public_answer, v.public_body,
                    v.keywords, v.approach, v.department_id, v.assignment_id, v.owner_id, v.review_day,
                    v.valid_from_day, v.valid_to_day, v.links
             FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number = ",
            $version,
            " ",
            $rest
        )
    };
}

fn wording(r: &Row<'_>, first: usize) -> Result<Option<Wording>, StorageError> {
    let Some(title) = r.get(first)? else { return Ok(None) };
    let rest = |column| Ok::<_, StorageError>(r.get::<Option<String>>(column)?.unwrap_or_default());
    Ok(Some(Wording { title, answer: rest(first + 1)?, body: rest(first + 2)? }))
}

fn article_row(r: &Row<'_>) -> Result<Article, StorageError> {
    let (state, newest, live, version): (ArticleState, u32, Option<u32>, u32) =
        (r.get(2)?, r.get(3)?, r.get(4)?, r.get(6)?);
    let links: String = r.get(22)?;
    let unreadable =
        |e: serde_json::Error| StorageError::Stored { what: "links".into(), reason: e.to_string() };
    Ok(Article {
        id: r.get(0)?,
        slug: r.get(1)?,
        // What is read is published, whatever is being written meanwhile; what has been replaced is a draft of old.
        state: match version {
            version if version == newest => state,
            version if live == Some(version) => ArticleState::Published,
            _ => ArticleState::Draft,
        },
        version,
        newest,
        live,
        review_wanted: r.get(5)?,
        changed_at: r.get(7)?,
        content: Content {
            internal: wording(r, 8)?,
            public: wording(r, 11)?,
            keywords: r.get(14)?,
            approach: r.get(15)?,
            department: r.get(16)?,
            assignment: r.get(17)?,
            case_types: Vec::new(),
            owner: r.get(18)?,
            review_day: r.get(19)?,
            valid_from: r.get(20)?,
            valid_to: r.get(21)?,
            links: serde_json::from_str(&links).map_err(unreadable)?,
            files: Vec::new(),
        },
    })
}

/// The types and files of one version.
fn filled(s: &mut Session<'_>, article: Option<Article>) -> Result<Option<Article>, StorageError> {
    let Some(mut article) = article else { return Ok(None) };
    article.content.case_types = s.rows(
        sql!(
            "SELECT case_type_id FROM article_version_types
             WHERE article_id = $1 AND number = $2 ORDER BY place"
        ),
        params![article.id, article.version],
        |r| r.get(0),
    )?;
    article.content.files = s.rows(
        sql!(
            "SELECT file_id, public FROM article_version_files
             WHERE article_id = $1 AND number = $2 ORDER BY place"
        ),
        params![article.id, article.version],
        |r| Ok(AttachedFile { file: r.get(0)?, public: r.get(1)? }),
    )?;
    Ok(Some(article))
}

/// The types and files of every version that is read, put where they belong.
fn all_filled(s: &mut Session<'_>, mut articles: Vec<Article>) -> Result<Vec<Article>, StorageError> {
    let mut types: BTreeMap<ArticleId, Vec<CaseTypeId>> = BTreeMap::new();
    let rows = s.rows(
        sql!(
            "SELECT t.article_id, t.case_type_id FROM article_version_types t
             JOIN articles a ON a.id = t.article_id AND a.live_version = t.number ORDER BY t.article_id, t.place"
        ),
        params![],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    for (article, case_type) in rows {
        types.entry(article).or_default().push(case_type);
    }
    let mut files: BTreeMap<ArticleId, Vec<AttachedFile>> = BTreeMap::new();
    let rows = s.rows(
        sql!(
            "SELECT f.article_id, f.file_id, f.public FROM article_version_files f
             JOIN articles a ON a.id = f.article_id AND a.live_version = f.number ORDER BY f.article_id, f.place"
        ),
        params![],
        |r| Ok((r.get(0)?, AttachedFile { file: r.get(1)?, public: r.get(2)? })),
    )?;
    for (article, file) in rows {
        files.entry(article).or_default().push(file);
    }
    for article in &mut articles {
        article.content.case_types = types.remove(&article.id).unwrap_or_default();
        article.content.files = files.remove(&article.id).unwrap_or_default();
    }
    Ok(articles)
}

/// Every published article as it is read, by title; also those not valid today.
///
/// # Errors
/// When the database fails.
pub fn articles(s: &mut Session<'_>) -> Result<Vec<Article>, StorageError> {
    let found = s.rows(
        sql!(select_article!("a.live_version", "ORDER BY COALESCE(v.internal_title, v.public_title), a.id")),
        params![],
        article_row,
    )?;
    all_filled(s, found)
}

/// Every article that residents may read on `today`, by its public title.
///
/// # Errors
/// When the database fails.
pub fn public_articles(s: &mut Session<'_>, today: Date) -> Result<Vec<Article>, StorageError> {
    let found = s.rows(
        sql!(select_article!(
            "a.live_version",
            "WHERE v.public_title IS NOT NULL AND (v.valid_from_day IS NULL OR v.valid_from_day <= $1)
               AND (v.valid_to_day IS NULL OR v.valid_to_day >= $1) ORDER BY v.public_title, a.id"
        )),
        params![today],
        article_row,
    )?;
    all_filled(s, found)
}

/// The published article with this id as it is read, if there is one.
///
/// # Errors
/// When the database fails.
pub fn article(s: &mut Session<'_>, id: ArticleId) -> Result<Option<Article>, StorageError> {
    let found =
        s.row(sql!(select_article!("a.live_version", "WHERE a.id = $1")), params![id], article_row)?;
    filled(s, found)
}

/// The published article with this slug as it is read, if there is one.
///
/// # Errors
/// When the database fails.
pub fn article_by_slug(s: &mut Session<'_>, slug: &str) -> Result<Option<Article>, StorageError> {
    let found =
        s.row(sql!(select_article!("a.live_version", "WHERE a.slug = $1")), params![slug], article_row)?;
    filled(s, found)
}

/// The newest version of an article, whatever its state.
///
/// # Errors
/// When the database fails.
pub fn newest(s: &mut Session<'_>, id: ArticleId) -> Result<Option<Article>, StorageError> {
    let found = s.row(sql!(select_article!("a.version", "WHERE a.id = $1")), params![id], article_row)?;
    filled(s, found)
}

/// The newest version of the article with this slug, whatever its state.
///
/// # Errors
/// When the database fails.
pub fn newest_by_slug(s: &mut Session<'_>, slug: &str) -> Result<Option<Article>, StorageError> {
    let found = s.row(sql!(select_article!("a.version", "WHERE a.slug = $1")), params![slug], article_row)?;
    filled(s, found)
}

/// One version of an article.
///
/// # Errors
/// When the database fails.
pub fn at_version(s: &mut Session<'_>, id: ArticleId, number: u32) -> Result<Option<Article>, StorageError> {
    let found = s.row(sql!(select_article!("$2", "WHERE a.id = $1")), params![id, number], article_row)?;
    filled(s, found)
}

/// Every version of an article and what became of it, newest first.
///
/// # Errors
/// When the database fails.
pub fn versions(s: &mut Session<'_>, id: ArticleId) -> Result<Vec<Version>, StorageError> {
    s.rows(
        sql!(
            "SELECT number, COALESCE(internal_title, public_title), note, restored_from, written_at, written_by,
                    reviewed_at, reviewed_by, published_at, published_by
             FROM article_versions WHERE article_id = $1 ORDER BY number DESC"
        ),
        params![id],
        |r| {
            Ok(Version {
                number: r.get(0)?,
                title: r.get(1)?,
                note: r.get(2)?,
                restored_from: r.get(3)?,
                written_at: r.get(4)?,
                written_by: r.get(5)?,
                reviewed_at: r.get(6)?,
                reviewed_by: r.get(7)?,
                published_at: r.get(8)?,
                published_by: r.get(9)?,
            })
        },
    )
}

/// An article as a line in the editors' list: its newest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: ArticleId,
    /// Its name in addresses.
    pub slug: String,
    /// Where the newest version stands.
    pub state: ArticleState,
    /// Whether an earlier version is read meanwhile.
    pub live: bool,
    /// Whether it waits for a reviewer.
    pub review_wanted: bool,
    /// The title guides read.
    pub title: String,
    /// Words that residents use.
    pub keywords: String,
    /// Whether it has an internal text.
    pub internal: bool,
    /// Whether it has a public text.
    pub public: bool,
    /// The department that answers for it.
    pub department: Option<DepartmentId>,
    /// Who sees to it that it stays right.
    pub owner: Option<UserId>,
    /// When somebody looks at it again, at the latest: of the version that is read, if one is.
    pub review_day: Option<Date>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

impl Line {
    /// Whether what is read should have been looked at by `today`.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.live && self.review_day.is_none_or(|day| day < today)
    }
}

/// Every article there is, by title.
///
/// # Errors
/// When the database fails.
pub fn overview(s: &mut Session<'_>) -> Result<Vec<Line>, StorageError> {
    s.rows(
        sql!(
            "SELECT a.id, a.slug, a.state, a.live_version IS NOT NULL, a.review_wanted,
                    COALESCE(v.internal_title, v.public_title), v.keywords, v.internal_title IS NOT NULL,
                    v.public_title IS NOT NULL, v.department_id, COALESCE(l.owner_id, v.owner_id),
                    COALESCE(l.review_day, v.review_day), a.changed_at
             FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number = a.version
             LEFT JOIN article_versions l ON l.article_id = a.id AND l.number = a.live_version
             ORDER BY COALESCE(v.internal_title, v.public_title), a.id"
        ),
        params![],
        |r| {
            Ok(Line {
                id: r.get(0)?,
                slug: r.get(1)?,
                state: r.get(2)?,
                live: r.get(3)?,
                review_wanted: r.get(4)?,
                title: r.get(5)?,
                keywords: r.get(6)?,
                internal: r.get(7)?,
                public: r.get(8)?,
                department: r.get(9)?,
                owner: r.get(10)?,
                review_day: r.get(11)?,
                changed_at: r.get(12)?,
            })
        },
    )
}

/// What must be looked at: an article, its owner if they still sign in, and its review day.
pub type Due = (ArticleId, Option<UserId>, Option<Date>);

/// What is read and must be looked at by `day`.
///
/// # Errors
/// When the database fails.
pub fn due_by(s: &mut Session<'_>, day: Date) -> Result<Vec<Due>, StorageError> {
    s.rows(
        sql!(
            "SELECT a.id, CASE WHEN u.active THEN v.owner_id END, v.review_day
             FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number = a.live_version
             LEFT JOIN users u ON u.id = v.owner_id
             WHERE v.review_day IS NULL OR v.review_day <= $1 ORDER BY a.id"
        ),
        params![day],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )
}

/// Who wrote the versions that came after the one that is read, the last one last; the house's own left out.
pub(crate) fn authors_since_live(s: &mut Session<'_>, id: ArticleId) -> Result<Vec<UserId>, StorageError> {
    s.rows(
        sql!(
            "SELECT v.written_by FROM article_versions v JOIN articles a ON a.id = v.article_id
             WHERE a.id = $1 AND v.number > COALESCE(a.live_version, 0) AND v.written_by IS NOT NULL
             ORDER BY v.number"
        ),
        params![id],
        |r| r.get(0),
    )
}

/// Whether the slug is taken by an article of any state.
pub(crate) fn id_of_slug(s: &mut Session<'_>, slug: &str) -> Result<Option<ArticleId>, StorageError> {
    s.row(sql!("SELECT id FROM articles WHERE slug = $1"), params![slug], |r| r.get(0))
}

pub(crate) fn insert_article(
    s: &mut Session<'_>,
    id: ArticleId,
    slug: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO articles (id, slug, state, version, live_version, review_wanted, changed_at)
             VALUES ($1, $2, $3, 0, NULL, FALSE, $4)"
        ),
        params![id, slug, ArticleState::Draft, now],
    )?;
    Ok(())
}

/// A version on its way in.
pub(crate) struct NewVersion<'a> {
    pub article: ArticleId,
    pub number: u32,
    pub content: &'a Content,
    pub note: &'a str,
    pub restored_from: Option<u32>,
    pub written_at: Timestamp,
    pub written_by: Option<UserId>,
}

pub(crate) fn insert_version(s: &mut Session<'_>, new: &NewVersion<'_>) -> Result<(), StorageError> {
    let c = new.content;
    let part = |wording: &Option<Wording>, part: fn(&Wording) -> &String| wording.as_ref().map(part).cloned();
    let links = serde_json::to_string(&c.links)
        .map_err(|e| StorageError::Stored { what: "links".into(), reason: e.to_string() })?;
    s.execute(
        sql!(
            "INSERT INTO article_versions
                 (article_id, number, internal_title, internal_answer, internal_body, public_title, public_answer,
                  public_body, keywords, approach, department_id, assignment_id, owner_id, review_day, valid_from_day,
                  valid_to_day, links, note, restored_from, written_at, written_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
        ),
        params![
            new.article,
            new.number,
            part(&c.internal, |w| &w.title),
            part(&c.internal, |w| &w.answer),
            part(&c.internal, |w| &w.body),
            part(&c.public, |w| &w.title),
            part(&c.public, |w| &w.answer),
            part(&c.public, |w| &w.body),
            c.keywords,
            c.approach,
            c.department,
            c.assignment,
            c.owner,
            c.review_day,
            c.valid_from,
            c.valid_to,
            links,
            new.note,
            new.restored_from,
            new.written_at,
            new.written_by
        ],
    )?;
    for (place, case_type) in c.case_types.iter().enumerate() {
        s.execute(
            sql!(
                "INSERT INTO article_version_types (article_id, number, place, case_type_id)
                 VALUES ($1, $2, $3, $4)"
            ),
            params![new.article, new.number, place, *case_type],
        )?;
    }
    for (place, file) in c.files.iter().enumerate() {
        insert_file_of_version(s, new.article, new.number, place, file.file, file.public)?;
    }
    Ok(())
}

fn insert_file_of_version(
    s: &mut Session<'_>,
    article: ArticleId,
    number: u32,
    place: usize,
    file: ArticleFileId,
    public: bool,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO article_version_files (article_id, number, place, file_id, public)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        params![article, number, place, file, public],
    )?;
    Ok(())
}

/// Where an article stands, written down. Only [`set_published`] makes a version one that is read.
pub(crate) fn set_standing(
    s: &mut Session<'_>,
    id: ArticleId,
    state: ArticleState,
    version: u32,
    review_wanted: bool,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE articles SET state = $2, version = $3, review_wanted = $4, changed_at = $5 WHERE id = $1"
        ),
        params![id, state, version, review_wanted, now],
    )?;
    Ok(())
}

pub(crate) fn set_reviewed(
    s: &mut Session<'_>,
    id: ArticleId,
    number: u32,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE article_versions SET reviewed_at = $3, reviewed_by = $4
             WHERE article_id = $1 AND number = $2"
        ),
        params![id, number, at, by],
    )?;
    Ok(())
}

/// Lets a version be read instead of the one before. That it may be is proven by what is handed over.
pub(crate) fn set_published(
    s: &mut Session<'_>,
    id: ArticleId,
    number: u32,
    publishable: &Publishable<'_>,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    debug_assert!(publishable.content().owner == Some(publishable.owner()));
    s.execute(
        sql!(
            "UPDATE article_versions SET published_at = $3, published_by = $4
             WHERE article_id = $1 AND number = $2"
        ),
        params![id, number, at, by],
    )?;
    s.execute(
        sql!(
            "UPDATE articles SET state = $2, version = $3, live_version = $3, review_wanted = FALSE, changed_at = $4
             WHERE id = $1"
        ),
        params![id, ArticleState::Published, number, at],
    )?;
    Ok(())
}

/// Lets no version be read.
pub(crate) fn set_archived(s: &mut Session<'_>, id: ArticleId, now: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE articles SET state = $2, live_version = NULL, review_wanted = FALSE, changed_at = $3
             WHERE id = $1"
        ),
        params![id, ArticleState::Archived, now],
    )?;
    Ok(())
}
