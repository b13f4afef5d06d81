-- E-mail both ways.

-- What a letter says in its head. A Message-ID is kept without its angle brackets; it is unique for what Lots writes,
-- so that an answer or a bounce finds the letter it is about.
ALTER TABLE messages ADD COLUMN message_id TEXT; -- NULL until the letter has been written for the first time
ALTER TABLE messages ADD COLUMN in_reply_to TEXT; -- the Message-ID it answers
ALTER TABLE messages ADD COLUMN references_list TEXT; -- the Message-IDs before it, oldest first, a space between
ALTER TABLE messages ADD COLUMN mailbox_id UUID; -- the mailbox it is written from; NULL: the house's own address
ALTER TABLE messages ADD COLUMN html TEXT; -- the same as body, for programs that show HTML
-- Whether a machine wrote it: such a letter asks not to be answered by another machine (RFC 3834).
ALTER TABLE messages ADD COLUMN auto BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX messages_message_id ON messages (message_id);

-- What goes with a letter. The bytes lie in blobs.
CREATE TABLE message_attachments (
    message_id UUID NOT NULL REFERENCES messages (id),
    place BIGINT NOT NULL, -- from 0, as the letter has them
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    PRIMARY KEY (message_id, place)
);

-- How far each mailbox has been read: every message up to and with last_uid is filed. A server that has numbered its
-- messages anew says so by another validity; the mailbox is then read from the start, and what is filed already is
-- known by its bytes.
CREATE TABLE mailbox_cursors (
    mailbox_id UUID NOT NULL,
    folder TEXT NOT NULL,
    validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, folder)
);

-- How often one sender has written to one mailbox in the hour that began at window_began_at: two machines that answer
-- each other are stopped by it. The sender's address is kept as a digest only.
CREATE TABLE mail_senders (
    mailbox_id UUID NOT NULL,
    sender_sha256 BYTEA NOT NULL,
    window_began_at BIGINT NOT NULL,
    letters BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, sender_sha256)
);
