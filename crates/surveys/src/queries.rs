//! The surveys' SQL.

use quality::{Score, ScoreSummary};
use storage::{Session, StorageError, params, sql};
use vocabulary::{
    AnswerGroupId, ContactId, InvitationId, Parameter, ResidentId, ResponseId, Timestamp, civil, start_of_day,
};

use crate::means::{GroupMeans, ParameterMean, ResponseRate};
use crate::model::{Answer, AnswerSheet, InvitationState, SIX_PARAMETERS};

/// An invitation as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Id.
    pub id: InvitationId,
    /// Who was asked.
    pub resident: ResidentId,
    /// After which contact.
    pub contact: ContactId,
    /// When it was decided.
    pub invited_at: Timestamp,
    /// Where it stands.
    pub state: InvitationState,
}

/// One invitation.
pub fn invitation(s: &mut Session<'_>, id: InvitationId) -> Result<Option<Invitation>, StorageError> {
    s.row(
        sql!("SELECT id, resident_id, contact_id, invited_at, state FROM survey_invitations WHERE id = $1"),
        params![id],
        |r| {
            Ok(Invitation {
                id: r.get(0)?,
                resident: r.get(1)?,
                contact: r.get(2)?,
                invited_at: r.get(3)?,
                state: r.get(4)?,
            })
        },
    )
}

/// Whether there is an invitation after this contact.
pub fn invited_after(s: &mut Session<'_>, contact: ContactId) -> Result<bool, StorageError> {
    let found =
        s.row(sql!("SELECT id FROM survey_invitations WHERE contact_id = $1"), params![contact], |r| {
            r.get::<InvitationId>(0)
        })?;
    Ok(found.is_some())
}

/// When a resident was last invited.
pub fn last_invited(s: &mut Session<'_>, resident: ResidentId) -> Result<Option<Timestamp>, StorageError> {
    s.the_row(
        sql!("SELECT MAX(invited_at) FROM survey_invitations WHERE resident_id = $1"),
        params![resident],
        |r| r.get(0),
    )
}

/// How many have been invited after a call to `group` since `since`.
pub(crate) fn asked_since(
    s: &mut Session<'_>,
    group: AnswerGroupId,
    since: Timestamp,
) -> Result<u64, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(*) FROM survey_invitations i JOIN contacts c ON c.id = i.contact_id
             WHERE i.invited_at >= $2 AND c.answer_group_id = $1"
        ),
        params![group, since],
        |r| r.get(0),
    )
}

pub(crate) fn insert_invitation(
    s: &mut Session<'_>,
    id: InvitationId,
    resident: ResidentId,
    contact: ContactId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO survey_invitations (id, resident_id, contact_id, invited_at, state)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        params![id, resident, contact, at, InvitationState::Waiting],
    )
}

/// Moves an invitation on, never back.
pub(crate) fn update_state(
    s: &mut Session<'_>,
    id: InvitationId,
    state: InvitationState,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE survey_invitations SET state = $2 WHERE id = $1 AND state <> $2 AND state <> $3"),
        params![id, state, InvitationState::Done],
    )
}

pub(crate) fn insert_response(
    s: &mut Session<'_>,
    id: ResponseId,
    day: civil::Date,
    sheet: &AnswerSheet,
    answers: &[Answer],
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO survey_responses (id, answered_day, questionnaire, answer_group_id)
             VALUES ($1, $2, $3, $4)"
        ),
        params![id, day, sheet.questionnaire.code, sheet.group],
    )?;
    for answer in answers {
        s.execute(
            sql!("INSERT INTO survey_answers (response_id, parameter, score) VALUES ($1, $2, $3)"),
            params![id, answer.parameter, answer.score],
        )?;
    }
    Ok(())
}

/// Takes out a day's responses and answers, and puts them back in the order of their random ids.
pub(crate) fn rewrite_day(s: &mut Session<'_>, day: civil::Date) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO survey_shuffle (response_id, questionnaire, answer_group_id, parameter, score)
             SELECT r.id, r.questionnaire, r.answer_group_id, a.parameter, a.score
             FROM survey_responses r LEFT JOIN survey_answers a ON a.response_id = r.id
             WHERE r.answered_day = $1"
        ),
        params![day],
    )?;
    s.execute(
        sql!("DELETE FROM survey_answers WHERE response_id IN (SELECT response_id FROM survey_shuffle)"),
        params![],
    )?;
    s.execute(
        sql!("DELETE FROM survey_responses WHERE id IN (SELECT response_id FROM survey_shuffle)"),
        params![],
    )?;
    s.execute(
        sql!(
            "INSERT INTO survey_responses (id, answered_day, questionnaire, answer_group_id)
             SELECT DISTINCT response_id, $1, questionnaire, answer_group_id FROM survey_shuffle
             ORDER BY response_id"
        ),
        params![day],
    )?;
    s.execute(
        sql!(
            "INSERT INTO survey_answers (response_id, parameter, score)
             SELECT response_id, parameter, score FROM survey_shuffle WHERE parameter IS NOT NULL
             ORDER BY response_id, parameter"
        ),
        params![],
    )?;
    s.execute(sql!("DELETE FROM survey_shuffle"), params![])?;
    Ok(())
}

/// How many of a group gave one score.
struct Count {
    group: Option<AnswerGroupId>,
    parameter: Parameter,
    score: u8,
    times: u64,
}

/// The means of the days from `from` to `to`, both included: first all together, then each group that has answers.
pub fn means(
    s: &mut Session<'_>,
    from: civil::Date,
    to: civil::Date,
) -> Result<Vec<GroupMeans>, StorageError> {
    let counts: Vec<Count> = s.rows(
        sql!(
            "SELECT r.answer_group_id, a.parameter, a.score, COUNT(*)
             FROM survey_responses r JOIN survey_answers a ON a.response_id = r.id
             WHERE r.answered_day >= $1 AND r.answered_day <= $2
             GROUP BY r.answer_group_id, a.parameter, a.score
             ORDER BY r.answer_group_id NULLS FIRST, a.parameter, a.score"
        ),
        params![from, to],
        |r| Ok(Count { group: r.get(0)?, parameter: r.get(1)?, score: r.get(2)?, times: r.get(3)? }),
    )?;
    let mut groups: Vec<Option<AnswerGroupId>> =
        counts.iter().filter_map(|row| row.group).map(Some).collect();
    groups.dedup();
    groups.insert(0, None);
    let of = |group: Option<AnswerGroupId>, parameter: Parameter| {
        let mut answers = ScoreSummary::default();
        for row in
            counts.iter().filter(|row| row.parameter == parameter && (group.is_none() || row.group == group))
        {
            // What is off the scale was never written; it would not be an answer.
            if let Ok(score) = Score::try_from(row.score) {
                answers.add_times(score, row.times);
            }
        }
        ParameterMean::of(parameter, answers)
    };
    Ok(groups
        .into_iter()
        .map(|group| GroupMeans {
            group,
            parameters: SIX_PARAMETERS.questions.iter().map(|parameter| of(group, *parameter)).collect(),
        })
        .collect())
}

/// How many were invited and how many answered, on the days from `from` to `to`, both included.
pub fn response_rate(
    s: &mut Session<'_>,
    from: civil::Date,
    to: civil::Date,
) -> Result<ResponseRate, StorageError> {
    let end = to.tomorrow().map_or(Timestamp::MAX, start_of_day);
    let invited = s.the_row(
        sql!("SELECT COUNT(*) FROM survey_invitations WHERE invited_at >= $1 AND invited_at < $2"),
        params![start_of_day(from), end],
        |r| r.get(0),
    )?;
    let responses = s.the_row(
        sql!("SELECT COUNT(*) FROM survey_responses WHERE answered_day >= $1 AND answered_day <= $2"),
        params![from, to],
        |r| r.get(0),
    )?;
    Ok(ResponseRate { invited, responses })
}
