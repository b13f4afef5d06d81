//! Reading a folder: what is new is filed, then marked, then the cursor passes it.

use super::Lost;
use super::config::{AfterFiling, InboxConfig};
use super::connection::{Connection, ImapError, Server, Woken};
use super::cursor::{Cursor, cursor, set_cursor};
use super::filing::{Filer, Ready};
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use tokio_util::sync::CancellationToken;

/// Letters that are read and filed together: what is read again if the power goes.
const BATCH_LETTERS_MAX: usize = 64;
/// Bytes of letters that are held in memory at once, but for a single letter that is larger.
const BATCH_BYTES_MAX: usize = 16 << 20;

/// All that is known about a mailbox that is watched.
pub(super) struct Watch {
    pub server: Server,
    pub config: InboxConfig,
    pub filer: Filer,
}

impl Watch {
    /// Connects and reads until the connection is lost or `stop`.
    pub async fn connected(&self, stop: &CancellationToken) -> Result<(), Lost> {
        let closed = |error| Lost { error, was_open: false };
        let mut connection = Connection::open(&self.server, &self.config).await.map_err(closed)?;
        let mut reading = self.begin(&mut connection).await.map_err(closed)?;
        tracing::info!(mailbox = %self.config.address, idle = connection.can.idle, "the mailbox is open");
        let lost = |error| Lost { error, was_open: true };
        loop {
            connection.hear_nothing();
            let found = self.read_on(&mut connection, &mut reading, stop).await.map_err(lost)?;
            // Marking makes a server say much, and what it says of a new letter among that may be lost. So it is asked
            // again, until it has nothing; after that, nothing is said that is not heard.
            if found && !stop.is_cancelled() {
                continue;
            }
            if stop.is_cancelled()
                || connection.wait(self.config.poll, stop).await.map_err(lost)? == Woken::Stop
            {
                connection.close().await;
                return Ok(());
            }
        }
    }

    /// Opens the folder and finds where reading goes on.
    async fn begin(&self, connection: &mut Connection) -> Result<Cursor, ImapError> {
        if let AfterFiling::Move(folder) = &self.config.after {
            connection.make(folder).await?;
        }
        let folder = self.config.folder.clone();
        let opened = connection.select(&folder).await?;
        let validity = opened.uid_validity.ok_or(ImapError::NoValidity)?;
        let mailbox = self.filer.mailbox;
        let known = self.filer.db.read(move |s| cursor(s, mailbox, &folder)).await?;
        match known {
            Some(known) if known.validity == validity => {
                // What was filed when the last connection ended and had not been marked yet.
                let left = connection.numbers(1, Some(known.last_uid)).await?;
                if matches!(self.config.after, AfterFiling::Move(_)) && known.last_uid > 0 {
                    self.mark(connection, &left.into_iter().collect::<Vec<_>>()).await?;
                }
                Ok(known)
            }
            other => {
                if other.is_some() {
                    tracing::warn!(mailbox = %self.config.address, "the server has numbered its letters anew");
                }
                Ok(Cursor { validity, last_uid: 0 })
            }
        }
    }

    /// Files everything there is after the cursor, and tells whether there was anything.
    async fn read_on(
        &self,
        connection: &mut Connection,
        reading: &mut Cursor,
        stop: &CancellationToken,
    ) -> Result<bool, ImapError> {
        let first = reading.last_uid.saturating_add(1);
        let new: Vec<u32> = connection.numbers(first, None).await?.into_iter().collect();
        for some in new.chunks(BATCH_LETTERS_MAX) {
            let sizes = connection.sizes(some).await?;
            for batch in batches(&sizes) {
                if stop.is_cancelled() {
                    return Ok(false);
                }
                self.take_in(connection, &batch, reading.validity).await?;
            }
            // Numbers that were not handed over belong to letters that somebody has taken away meanwhile.
            if let Some(last) = some.last() {
                reading.last_uid = reading.last_uid.max(*last);
            }
            self.pass(*reading).await?;
        }
        Ok(!new.is_empty())
    }

    async fn pass(&self, to: Cursor) -> Result<(), ImapError> {
        let (mailbox, folder, now) = (self.filer.mailbox, self.config.folder.clone(), self.filer.clock.now());
        Ok(self.filer.db.write(move |s| set_cursor(s, mailbox, &folder, to, now)).await?)
    }

    /// Reads a batch, files it in its order, and marks it.
    async fn take_in(
        &self,
        connection: &mut Connection,
        batch: &[(u32, u32)],
        validity: u32,
    ) -> Result<(), ImapError> {
        let uids: Vec<u32> = batch.iter().map(|(uid, _)| *uid).collect();
        let most = self.filer.limits.letter_bytes_max;
        let too_large = batch.iter().any(|(_, size)| usize::try_from(*size).is_ok_and(|size| size > most));
        // One byte more than is read, so that it shows that there was more.
        let letters = connection.letters(&uids, too_large.then_some(most.saturating_add(1))).await?;
        let mut reading: FuturesOrdered<_> = letters
            .into_iter()
            .map(|(uid, raw)| self.filer.read(format!("{}/{validity}/{uid}", self.config.folder), raw))
            .collect();
        let mut ready: Vec<Ready> = Vec::with_capacity(uids.len());
        while let Some(one) = reading.next().await {
            ready.push(one);
        }
        // Handed to the database in their order, all at once: an answer in the batch finds what it answers, and the
        // disk is waited for once. Each is a transaction of its own.
        let mut filing: FuturesOrdered<_> = ready.into_iter().map(|one| self.filer.file(one)).collect();
        let mut failed = None;
        while let Some(filed) = filing.next().await {
            failed = failed.or(filed.err());
        }
        match failed {
            Some(error) => Err(error),
            None => self.mark(connection, &uids).await,
        }
    }

    /// Does with letters that are filed what the configuration says.
    async fn mark(&self, connection: &mut Connection, uids: &[u32]) -> Result<(), ImapError> {
        if uids.is_empty() {
            return Ok(());
        }
        match &self.config.after {
            AfterFiling::Keep => Ok(()),
            AfterFiling::Flag => connection.mark_read(uids).await,
            AfterFiling::Move(folder) => connection.move_to(uids, folder).await,
        }
    }
}

/// Letters in batches that fit into memory; one that is too large for any is a batch of its own.
fn batches(sizes: &[(u32, u32)]) -> Vec<Vec<(u32, u32)>> {
    let mut all: Vec<Vec<(u32, u32)>> = Vec::new();
    let mut held = 0_usize;
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    for one in sorted {
        let size = usize::try_from(one.1).unwrap_or(usize::MAX);
        match all.last_mut() {
            Some(last) if held.saturating_add(size) <= BATCH_BYTES_MAX => {
                last.push(one);
                held = held.saturating_add(size);
            }
            _ => {
                all.push(vec![one]);
                held = size;
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_letter_is_a_batch_of_its_own() {
        let mebi = 1 << 20;
        let found = batches(&[(3, mebi), (1, 5), (2, 90 * mebi), (4, 15 * mebi), (5, 2 * mebi)]);
        let uids: Vec<Vec<u32>> =
            found.iter().map(|batch| batch.iter().map(|(uid, _)| *uid).collect()).collect();
        assert_eq!(uids, [vec![1], vec![2], vec![3, 4], vec![5]]);
        assert!(batches(&[]).is_empty());
    }
}
