use crate::model::Mailbox;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::MailboxId;

macro_rules! select_mailbox {
    ($rest:literal) => {
        concat!(
            "SELECT id, address, name, answer_group_id, clock_working_days, signature, acknowledge, acknowledgement,
                    takes_web, active
             FROM mailboxes ",
            $rest
        )
    };
}

fn read(r: &Row<'_>) -> Result<Mailbox, StorageError> {
    Ok(Mailbox {
        id: r.get(0)?,
        address: r.get(1)?,
        name: r.get(2)?,
        answer_group_id: r.get(3)?,
        clock_working_days: r.get(4)?,
        signature: r.get(5)?,
        acknowledge: r.get(6)?,
        acknowledgement: r.get(7)?,
        takes_web: r.get(8)?,
        active: r.get(9)?,
    })
}

/// All mailboxes, by name.
pub fn mailboxes(s: &mut Session<'_>) -> Result<Vec<Mailbox>, StorageError> {
    s.rows(sql!(select_mailbox!("ORDER BY name, id")), params![], read)
}

/// One mailbox.
pub fn mailbox(s: &mut Session<'_>, id: MailboxId) -> Result<Option<Mailbox>, StorageError> {
    s.row(sql!(select_mailbox!("WHERE id = $1")), params![id], read)
}

/// The mailbox with this address (lower case).
pub fn mailbox_by_address(s: &mut Session<'_>, address: &str) -> Result<Option<Mailbox>, StorageError> {
    s.row(sql!(select_mailbox!("WHERE address = $1")), params![address], read)
}

/// The mailbox that takes questions from the web form: of several, the first by name.
pub fn mailbox_for_web(s: &mut Session<'_>) -> Result<Option<Mailbox>, StorageError> {
    s.row(sql!(select_mailbox!("WHERE takes_web AND active ORDER BY name, id LIMIT 1")), params![], read)
}

pub(crate) fn upsert_mailbox(s: &mut Session<'_>, m: &Mailbox) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO mailboxes (id, address, name, answer_group_id, clock_working_days, signature, acknowledge,
                                    acknowledgement, takes_web, active)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET address = excluded.address, name = excluded.name,
                 answer_group_id = excluded.answer_group_id, clock_working_days = excluded.clock_working_days,
                 signature = excluded.signature, acknowledge = excluded.acknowledge,
                 acknowledgement = excluded.acknowledgement, takes_web = excluded.takes_web, active = excluded.active"
        ),
        params![
            m.id,
            m.address,
            m.name,
            m.answer_group_id,
            m.clock_working_days,
            m.signature,
            m.acknowledge,
            m.acknowledgement,
            m.takes_web,
            m.active
        ],
    )?;
    Ok(())
}
