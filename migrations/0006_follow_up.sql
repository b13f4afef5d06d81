-- The officer's side: recipients without a person, absences, what each assignment says about time, answers by e-mail,
-- calls to officers, and the officer's own page.

-- A function (driften@, felanmalan@) is a recipient like an officer, only that no one person answers.
ALTER TABLE officers ADD COLUMN kind TEXT NOT NULL DEFAULT 'person'; -- person, function

-- When an officer is away. Both days belong to the absence; no last day: until further notice.
CREATE TABLE officer_absences (
    id UUID PRIMARY KEY,
    officer_id UUID NOT NULL REFERENCES officers (id),
    first_day TEXT NOT NULL,
    last_day TEXT
);
CREATE INDEX officer_absences_officer ON officer_absences (officer_id, first_day);

-- The terms an assignment is taken on with, where they differ from the house's own. What it is about, the recipient, the
-- due time and the public text stand with the case type. All in working days after the day the question was sent.
CREATE TABLE assignment_terms (
    case_type_id UUID PRIMARY KEY REFERENCES case_types (id),
    reminder_days BIGINT NOT NULL,
    second_reminder_days BIGINT NOT NULL,
    call_task_days BIGINT NOT NULL,
    escalation_days BIGINT NOT NULL,
    checklist TEXT NOT NULL, -- what the guide asks before forwarding and the officer reads; one point a line
    changed_at BIGINT NOT NULL
);

-- Who is asked when the recipient is away, in order.
CREATE TABLE assignment_substitutes (
    case_type_id UUID NOT NULL REFERENCES case_types (id),
    place BIGINT NOT NULL, -- from 0
    officer_id UUID NOT NULL REFERENCES officers (id),
    PRIMARY KEY (case_type_id, place)
);

-- The terms a question was sent under: a later change of the assignment does not move what is under way.
ALTER TABLE follow_ups ADD COLUMN terms TEXT NOT NULL DEFAULT '5 3 5 7 10'; -- due, reminder, second, call, escalation
ALTER TABLE follow_ups ADD COLUMN escalate_at BIGINT; -- when the department's contact is told; NULL when that is done
-- The last day of the term as it was given: pauses move it, being promised an answer later does not.
ALTER TABLE follow_ups ADD COLUMN term_day TEXT;
ALTER TABLE follow_ups ADD COLUMN asked_resident_at BIGINT; -- since when the officer awaits the resident's answer
UPDATE follow_ups SET term_day = due_day;
CREATE INDEX follow_ups_term ON follow_ups (term_day, id);

-- An e-mail is taken in once, however often it is delivered.
CREATE TABLE officer_mails (
    message_id TEXT NOT NULL,
    follow_up_id UUID NOT NULL REFERENCES follow_ups (id),
    taken TEXT NOT NULL, -- done, more_time, wrong_recipient, ask_resident, for_a_person
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, follow_up_id)
);

-- Every attempt to reach an officer by telephone about a question.
CREATE TABLE officer_calls (
    id UUID PRIMARY KEY,
    follow_up_id UUID NOT NULL REFERENCES follow_ups (id),
    officer_id UUID NOT NULL REFERENCES officers (id),
    outcome TEXT NOT NULL, -- reached, no_answer, busy, voicemail, wrong_number
    called_at BIGINT NOT NULL,
    called_by UUID REFERENCES users (id)
);
CREATE INDEX officer_calls_at ON officer_calls (called_at, id);
CREATE INDEX officer_calls_follow_up ON officer_calls (follow_up_id, called_at);

-- The way to an officer's own page. A letter carries a 'desk', which shows numbers and days; a 'key' is sent to the
-- officer's own address when asked for, holds for hours, and opens what the officer has been sent.
CREATE TABLE officer_links (
    id UUID PRIMARY KEY,
    officer_id UUID NOT NULL REFERENCES officers (id),
    kind TEXT NOT NULL, -- officer_desk, officer_key
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX officer_links_officer ON officer_links (officer_id, kind, created_at);

-- Where the answer to a letter goes, if not to the sender.
ALTER TABLE messages ADD COLUMN reply_to TEXT;
