-- Processes: what their steps are, how each case goes through them, what is booked and who is called out.

-- Every version of every definition. A row is never changed: a running case keeps the version it began with.
CREATE TABLE process_versions (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL,
    version BIGINT NOT NULL, -- counted from 1
    case_type_id UUID NOT NULL REFERENCES case_types (id),
    name TEXT NOT NULL,
    source TEXT NOT NULL, -- TOML, as the manager wrote it
    published_at BIGINT NOT NULL,
    published_by UUID REFERENCES users (id), -- NULL: came with the house
    UNIQUE (code, version)
);

-- Which process the cases of a type begin: its newest version. Switched off, cases of the type are ordinary ones.
CREATE TABLE process_types (
    case_type_id UUID PRIMARY KEY REFERENCES case_types (id),
    code TEXT NOT NULL UNIQUE,
    version_id UUID NOT NULL REFERENCES process_versions (id),
    active BOOLEAN NOT NULL
);

-- One case's way through its process. Where it stands is what its acts come to; the columns after are for lists.
CREATE TABLE processes (
    id UUID PRIMARY KEY,
    case_id UUID NOT NULL UNIQUE REFERENCES cases (id),
    version_id UUID NOT NULL REFERENCES process_versions (id),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_key TEXT
);
CREATE INDEX processes_version ON processes (version_id, ended_at);

-- What has been done, in order. The act is JSON; what is sensitive in it can be blanked, the rest stays.
CREATE TABLE process_acts (
    process_id UUID NOT NULL REFERENCES processes (id),
    seq BIGINT NOT NULL, -- counted from 1
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    act TEXT NOT NULL,
    PRIMARY KEY (process_id, seq)
);

-- The steps that are open now, for lists and reminders.
CREATE TABLE process_steps (
    process_id UUID NOT NULL REFERENCES processes (id),
    step TEXT NOT NULL,
    name TEXT NOT NULL,
    who TEXT NOT NULL, -- guide, department, resident
    opened_at BIGINT NOT NULL,
    due_at BIGINT,
    PRIMARY KEY (process_id, step)
);
CREATE INDEX process_steps_due ON process_steps (due_at, process_id) WHERE due_at IS NOT NULL;

-- Signed links into a process: an officer's or contractor's to one step, a resident's to one booking.
CREATE TABLE process_links (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL, -- step, booking
    process_id UUID NOT NULL REFERENCES processes (id),
    step TEXT NOT NULL,
    officer_id UUID REFERENCES officers (id),
    contractor TEXT, -- a contractor's code
    booking_id UUID,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX process_links_process ON process_links (process_id, step);

-- What can be booked, and when. A time is slot_minutes long and can be had by so many as capacity.
CREATE TABLE booking_resources (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    place TEXT NOT NULL, -- as residents are told: "Vigselrummet, Stadshuset, Hamngatan 1"
    hours TEXT NOT NULL, -- JSON, as OpeningHours
    slot_minutes BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    notice_hours BIGINT NOT NULL, -- how long before a time it can be booked at the latest
    days_ahead BIGINT NOT NULL, -- and at the earliest
    active BOOLEAN NOT NULL
);
CREATE TABLE booking_closed_days (
    resource_id UUID NOT NULL REFERENCES booking_resources (id),
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (resource_id, day)
);

CREATE TABLE bookings (
    id UUID PRIMARY KEY,
    resource_id UUID NOT NULL REFERENCES booking_resources (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    seat BIGINT NOT NULL, -- 1 to the capacity
    process_id UUID NOT NULL REFERENCES processes (id),
    step TEXT NOT NULL,
    booked_at BIGINT NOT NULL,
    cancelled_at BIGINT
);
-- The commands see to it that nothing is booked twice; this is the second lock.
CREATE UNIQUE INDEX bookings_seat ON bookings (resource_id, starts_at, seat) WHERE cancelled_at IS NULL;
CREATE INDEX bookings_time ON bookings (resource_id, starts_at);
CREATE INDEX bookings_process ON bookings (process_id);

-- Firms that are called out.
CREATE TABLE contractors (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    telephone TEXT NOT NULL, -- E.164, answered day and night
    email TEXT,
    texts BOOLEAN NOT NULL, -- whether the telephone takes text messages
    active BOOLEAN NOT NULL
);
