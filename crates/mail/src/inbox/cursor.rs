//! How far each mailbox has been read, and how often one sender writes. All the SQL of letters coming in.

use sha2::{Digest as _, Sha256};
use storage::{Session, StorageError, params, sql};
use vocabulary::{MailboxId, SignedDuration, Timestamp};

/// Up to where a folder has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub validity: u32,
    pub last_uid: u32,
}

pub(super) fn cursor(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    folder: &str,
) -> Result<Option<Cursor>, StorageError> {
    s.row(
        sql!("SELECT validity, last_uid FROM mailbox_cursors WHERE mailbox_id = $1 AND folder = $2"),
        params![mailbox, folder],
        |r| Ok(Cursor { validity: r.get(0)?, last_uid: r.get(1)? }),
    )
}

pub(super) fn set_cursor(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    folder: &str,
    to: Cursor,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO mailbox_cursors (mailbox_id, folder, validity, last_uid, read_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (mailbox_id, folder) DO UPDATE
             SET validity = excluded.validity, last_uid = excluded.last_uid, read_at = excluded.read_at"
        ),
        params![mailbox, folder, to.validity, to.last_uid, now],
    )?;
    Ok(())
}

/// Counts a letter by `sender`, and tells how many there have been within the hour that it belongs to.
pub(super) fn count_sender(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    sender: &str,
    now: Timestamp,
) -> Result<u32, StorageError> {
    const WINDOW: SignedDuration = SignedDuration::from_hours(1);
    let digest: [u8; 32] = Sha256::digest(sender.to_lowercase()).into();
    let known = s.row(
        sql!(
            "SELECT window_began_at, letters FROM mail_senders WHERE mailbox_id = $1 AND sender_sha256 = $2"
        ),
        params![mailbox, digest],
        |r| Ok((r.get::<Timestamp>(0)?, r.get::<u32>(1)?)),
    )?;
    let (began_at, letters) = match known {
        Some((began_at, letters)) if now.duration_since(began_at) < WINDOW => {
            (began_at, letters.saturating_add(1))
        }
        _ => (now, 1),
    };
    s.execute(
        sql!(
            "INSERT INTO mail_senders (mailbox_id, sender_sha256, window_began_at, letters) VALUES ($1, $2, $3, $4)
             ON CONFLICT (mailbox_id, sender_sha256) DO UPDATE
             SET window_began_at = excluded.window_began_at, letters = excluded.letters"
        ),
        params![mailbox, digest, began_at, letters],
    )?;
    // Whoever has not written for an hour is forgotten with whoever writes next.
    let gone = now.saturating_sub(WINDOW).unwrap_or(now);
    s.execute(
        sql!("DELETE FROM mail_senders WHERE mailbox_id = $1 AND window_began_at < $2"),
        params![mailbox, gone],
    )?;
    Ok(letters)
}
