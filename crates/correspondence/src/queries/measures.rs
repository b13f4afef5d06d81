use crate::clock::{AnswerMeasure, in_time};
use crate::model::{Conversation, WaitEnd};
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{
    AnyId, Context, ConversationId, GenericUuid as _, MailboxId, SignedDuration, Timestamp, TypedUuid,
};

/// How a mailbox has answered from `since`, as things stand on `today`.
pub fn answer_measure(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    since: Timestamp,
    today: Date,
) -> Result<AnswerMeasure, StorageError> {
    let (ended, in_time, waited) = s.the_row(
        sql!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN in_time THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM((ended_at - began_at) / 1000000), 0) AS BIGINT)
             FROM mail_waits WHERE mailbox_id = $1 AND ended_at >= $2 AND ended_by <> 'spam'"
        ),
        params![mailbox, since],
        |r| Ok((r.get(0)?, r.get(1)?, r.get::<i64>(2)?)),
    )?;
    let overdue = s.the_row(
        sql!(
            "SELECT COUNT(*) FROM conversations
             WHERE mailbox_id = $1 AND waiting_since_at IS NOT NULL AND due_day < $2"
        ),
        params![mailbox, today],
        |r| r.get(0),
    )?;
    Ok(AnswerMeasure { ended, in_time, overdue, waited: SignedDuration::from_secs(waited) })
}

/// How all mailboxes together have answered from `since`, as things stand on `today`: for the board.
pub fn answer_measures(
    s: &mut Session<'_>,
    since: Timestamp,
    today: Date,
) -> Result<AnswerMeasure, StorageError> {
    let mut all = AnswerMeasure::default();
    for mailbox in super::mailboxes(s)? {
        let one = answer_measure(s, mailbox.id, since, today)?;
        all.ended += one.ended;
        all.in_time += one.in_time;
        all.overdue += one.overdue;
        all.waited += one.waited;
    }
    Ok(all)
}

pub(crate) fn insert_wait(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
    mailbox: MailboxId,
    began_at: Timestamp,
    due_day: Date,
) -> Result<(), StorageError> {
    let id: TypedUuid<vocabulary::ConversationKind> = ctx.next_id();
    s.execute(
        sql!(
            "INSERT INTO mail_waits (id, conversation_id, mailbox_id, first, began_at, due_day)
             VALUES ($1, $2, $3, NOT EXISTS (SELECT 1 FROM mail_waits w WHERE w.conversation_id = $2), $4, $5)"
        ),
        params![id.into_untyped_uuid(), conversation, mailbox, began_at, due_day],
    )?;
    Ok(())
}

/// Ends the wait that goes on in a conversation; there may be none.
pub(crate) fn end_wait(
    s: &mut Session<'_>,
    conversation: ConversationId,
    due_day: Date,
    at: Timestamp,
    by: WaitEnd,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE mail_waits SET ended_at = $2, ended_by = $3, in_time = $4
             WHERE conversation_id = $1 AND ended_at IS NULL"
        ),
        params![conversation, at, by, in_time(due_day, at)],
    )?;
    Ok(())
}

/// Lets the wait that spam had ended go on as if it never had; there may be none.
pub(crate) fn take_up_wait_again(
    s: &mut Session<'_>,
    conversation: &mut Conversation,
) -> Result<(), StorageError> {
    let last = s.row(
        sql!(
            "SELECT id, began_at, due_day FROM mail_waits WHERE conversation_id = $1 AND ended_by = 'spam'
             ORDER BY began_at DESC, id DESC LIMIT 1"
        ),
        params![conversation.id],
        |r| Ok((r.get::<AnyId>(0)?, r.get::<Timestamp>(1)?, r.get::<Date>(2)?)),
    )?;
    if let Some((id, began_at, due_day)) = last {
        s.execute(
            sql!("UPDATE mail_waits SET ended_at = NULL, ended_by = NULL, in_time = NULL WHERE id = $1"),
            params![id],
        )?;
        conversation.waiting_since_at = Some(began_at);
        conversation.due_day = Some(due_day);
    }
    Ok(())
}
