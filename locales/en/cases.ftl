# Cases: what residents, officers and the contact centre read about them.
# A resident should understand every line without knowing how a municipality is organised.

## Where a case stands

status-name = { $status ->
    [new] Registered
    [ongoing] We are working on it
    [waiting_for_resident] We are waiting for you
    [waiting_for_department] With an officer
    [suspended] Resting
    [solved] Done
    [reopened] Open again
   *[other] Unknown
}

# The same, as a guide calls them.
status-short = { $status ->
    [new] New
    [ongoing] Ongoing
    [waiting_for_resident] Waiting for the resident
    [waiting_for_department] Waiting for the department
    [suspended] Resting
    [solved] Closed
    [reopened] Reopened
   *[other] Unknown
}

status-public = { $status ->
    [new] We have received your case. Somebody at the contact centre will take care of it soon.
    [ongoing] Somebody at the contact centre is working on your case right now.
    [waiting_for_resident] We need something from you to go on. Get in touch with the contact centre if you do not know what.
    [waiting_for_department] The case has been sent to an officer in the right department. We see to it that you get an answer.
    [suspended] The case is resting and will be taken up again later. You need not do anything.
    [solved] The case is done.
    [reopened] The case is open again, and we are working on it.
   *[other] Get in touch, and we will tell you how the case stands.
}

status-rests-until = It will be taken up again on { $day }.
status-expected-by = You should have an answer by { $day }.
status-expected-late = The answer has taken longer than we expected. We have reminded the officer.

## Follow-up and tasks

follow-up-state = { $state ->
    [waiting] Waiting for an answer
    [done] Answered
    [wrong_recipient] Wrong recipient
    [withdrawn] Withdrawn
   *[other] Unknown
}

call-outcome = { $outcome ->
    [reached] Answered
    [no_answer] No answer
    [busy] Busy
    [voicemail] Voicemail
    [wrong_number] Wrong number
   *[other] Unknown
}

note-mail-from-stranger = An e-mail from { $address }, who is not the one we asked:

    { $text }
note-mail-empty = An e-mail without text.

task-name = { $kind ->
    [call_officer] Phone the officer
    [find_recipient] Find the right recipient
    [tell_resident] Tell the resident the answer
    [read_officer_mail] Read the officer's e-mail
    [do_step] Do the step that is due
    [call_contractor] Call the contractor
    [read_addition] Read what the resident has added
    [read_message] Read the message
   *[other] Task
}

task-help = { $kind ->
    [call_officer] The officer has not answered in spite of reminders. Phone, take the answer or send the case to somebody else.
    [find_recipient] The officer says that the case belongs with somebody else. Find out with whom and send it there.
    [read_addition] The resident has written or sent something to the case. Read it and tick this off.
    [read_message] A colleague without access to the case has left a message. Open the case and read the note.
    [do_step] A step of the case's process is due today or late. Open the case and do the step.
    [call_contractor] None of the contractors called out has acknowledged. Open the case, phone them and acknowledge the call-out.
    [tell_resident] There is an answer or a question to the resident, who could not be told by e-mail. Phone and tell them.
    [read_officer_mail] An e-mail has come as an answer to the question, but what it means or who it is from cannot be read for certain. Read it in the case and do what is needed. The resident has not seen it.
   *[other] Open the case.
}

outcome-name = { $outcome ->
    [solved] Solved at the contact centre
    [self_service] Shown how to do it on their own
    [connected] Connected
    [referred] Referred
    [forwarded] Answered by the department
    [other] Other
   *[unknown] Unknown
}

secrecy-name = { $class ->
    [open] Open
    [restricted] Restricted
    [strict] Strict
   *[other] Unknown
}

## The timeline

timeline-entry = { $kind ->
    [process_started] The process began
    [process_step] A step of the process changed
    [process_ended] The process is done
    [process_resumed] The end of the process was undone
    [booking_made] A time was booked
    [booking_moved] A booked time was moved
    [booking_cancelled] A booked time was cancelled
    [contractor_called] A contractor was called out
    [resident_written_to] A letter was sent to the resident
    [case_registered] The case was registered
    [opened] The case was opened
    [case_status_changed] The status changed
    [case_forwarded] Sent to an officer
    [follow_up_answered] The officer answered
    [follow_up_more_time] The officer needs more time
    [follow_up_wrong_recipient] The officer is the wrong recipient
    [follow_up_withdrawn] The question to the officer was withdrawn
    [follow_up_reminded] The officer was reminded
    [follow_up_escalated] The department's contact was told that the answer is late
    [follow_up_asked_resident] The officer asked the resident
    [follow_up_resident_answered] The resident's answer went to the officer
    [officer_mail_taken] An e-mail from the officer was taken in
    [officer_called] The officer was phoned
    [task_created] A task was added
    [task_done] A task was done
    [case_priority_set] The priority changed
    [case_assigned] Somebody else got the case
    [case_due_day_set] The day it should be done by changed
    [case_secrecy_set] The secrecy changed
    [case_place_set] The place changed
    [case_type_changed] The case type changed
    [case_linked] The case was linked to another
    [case_unlinked] A link to another case was removed
    [case_merged] Cases were merged
    [case_merge_undone] A merge was undone
    [case_reworded] The title or the description changed
    [case_split] A part of the case became a case of its own
    [stakeholder_added] A stakeholder was added
    [stakeholder_removed] A stakeholder was removed
    [document_added] A file was added
    [document_shown] Whether the resident may see a file changed
    [resident_added] The resident added something
    [note_added] A note was written
    [message_handed_over] A colleague without access left a message
    [resident_link_created] A link for the resident was made
    [resident_link_revoked] The resident's link was revoked
    [resident_told] The resident was told
    [resident_code_made] The resident was given a code for the status page
    [resident_challenge_sent] A code was sent to the resident
    [resident_proven] The resident showed who they are
    [resident_chose] The resident chose how to be told
    [message_failed] A message could not be delivered
   *[other] { $kind }
}

## Days

day = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
} { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

## E-mail to the officer

officer-subject = Case { $number }: { $title }
officer-subject-secret = Case { $number } from the contact centre
officer-body =
    Hello { $officer },

    The contact centre has a case that needs your answer by { $due }.

    Case: { $number } { $title }

    { $content }

    { $how }

    Regards
    The contact centre, { $municipality }
officer-told = This is what the resident has told:
    { $description }
officer-checklist = This is what your department wants to know in such cases:
    { $points }
officer-body-secret =
    Hello { $officer },

    The contact centre has a case that needs your answer by { $due }.

    Case: { $number }

    The case may hold confidential details, so they are not in this letter.

    { $how }

    Regards
    The contact centre, { $municipality }
# The line above which the answer is written. Lots knows it by the marks at its beginning and end.
officer-answer-above = ##- Write your answer above this line -##
officer-how = Open the case and answer here, without signing in:
    { $link }
    The link is for this case and for you only. If the case is not yours, answer Wrong recipient and we see to it that it reaches the right one.

    All that waits for you:
    { $desk }
officer-how-by-mail = You may also answer this e-mail. Begin your answer with one of these, on a line of its own:
    DONE
    MORE TIME UNTIL and a day, such as 1 December
    WRONG RECIPIENT and why

    What you write is read by the contact centre and is not sent to the resident. If you want the resident to have an answer from you, write the line
    ANSWER TO THE RESIDENT
    What you write below the line ANSWER TO THE RESIDENT is sent to the resident.

    If you need to know something from the resident, write instead the line
    QUESTION TO THE RESIDENT
    and below it what you want to ask. That is sent to the resident too.

reminder-subject = Reminder: case { $number } awaits your answer
reminder-body =
    Hello { $officer },

    On { $sent } we sent you case { $number }. The resident is still waiting for an answer.

    If you cannot do it now, ask for more time and say until when, so that we can tell the resident.

    { $how }

    Regards
    The contact centre, { $municipality }

resident-told-officer-subject = Case { $number }: the resident has answered
resident-told-officer-body =
    Hello { $officer },

    You asked the resident in case { $number }.

    { $content }

    We expect your answer by { $due }.

    { $how }

    Regards
    The contact centre, { $municipality }
resident-told-officer = The resident answers:
    { $words }
resident-told-officer-secret = The resident has answered. The answer is not in this letter; open the case to read it.
resident-told-officer-nothing = The wait for the resident is over. Open the case to see how it stands, or get in touch with the contact centre.

escalation-subject = Case { $number } has had no answer
escalation-body =
    To { $department }

    On { $sent } the contact centre sent case { $number } to { $officer }. The answer was needed by { $due }. We have sent reminders and tried to phone, but the case is still unanswered and a resident is waiting.

    Please see to it that somebody answers, or tell the contact centre whom to turn to.

    Regards
    The contact centre, { $municipality }

officer-key-subject = Your page at the contact centre
officer-key-body =
    Hello { $officer },

    Here is all that awaits your answer, with the way to each case:
    { $link }

    The link opens all your cases and holds for { $hours } hours. Do not pass it on. If you have not asked for it, you need not do anything.

    Regards
    The contact centre, { $municipality }

withdrawn-subject = Case { $number } no longer needs your answer
withdrawn-body =
    Hello { $officer },

    Case { $number }, which we sent you on { $sent }, no longer needs your answer. You need not do anything.

    Kind regards
    The contact centre, { $municipality }

## E-mail to the resident

resident-subject = Your case { $number }: { $status }
resident-subject-answer = Your case { $number }: you have an answer
resident-body =
    Hello,

    Something has happened in your case { $number }.

    Now: { $status }. { $text }

    { $more }

    You cannot reply to this letter. Get in touch with the contact centre if you wonder about anything, and mention the number { $number }.

    Kind regards
    The contact centre, { $municipality }
resident-follow = Here you can see how the case stands, at any time:
    { $link }
resident-no-link = Get in touch with the contact centre if you want to know more.
resident-code =
    You can also go to { $page } and enter
    case number { $number }
    code { $code }
    Keep the code. It is only in this letter.
# Text messages: as short as can be, without greeting.
resident-text = { $municipality }: Your case { $number }. Now: { $status }.
resident-text-answer = { $municipality }: You have an answer in case { $number }.
resident-text-code = Your code: { $code }

## The code that shows who one is

proof-subject = Your code for { $municipality }
proof-text = { $code } is your code for { $municipality }. It is valid for 10 minutes. Do not give it to anyone.
proof-body =
    Hello,

    Your code is { $code }

    Enter it on the page where you read about your case. The code is valid for 10 minutes.

    Did you not ask for a code? Then you need not do anything. Never give the code to anyone, not even to us.

    Regards
    Contact Centre, { $municipality }

## When something did not work

problem-not-found = It does not exist, or has been removed.
problem-forbidden = That cannot be done while the case is { $status }.
problem-link-forged = The link is not right. Check that all of it came along when you copied it.
problem-link-expired = The link is no longer valid. Get in touch with the contact centre for a new one.
problem-link-revoked = The link is no longer in use. Get in touch with the contact centre if you wonder about anything.
problem-already-asked = That officer already has the case. Withdraw the question first, or write a note.
problem-officer-inactive = The officer is no longer active. Choose another.
problem-case-type-inactive = The case type is no longer in use. Choose another.
problem-already-answered = The question is already closed ({ $state }). If you want to change anything, get in touch with the contact centre.
problem-day = Choose a day from { $earliest } to { $latest }.
problem-named-twice = The recipient and the substitutes must be different people, each named once.
problem-terms-range = Enter 1 to { $max } working days.
problem-terms-order = The times come in order: reminder, second reminder, call task, the department's contact.
problem-task-done = The task is already done.
problem-refused = { $refusal ->
    [secret_service] Only a case type that is open to all can be reported through Open311.
    [merged] The case has been merged into another. Go on in that one.
    [itself] A case cannot be linked to or merged with itself.
    [merge_closed] An open case cannot go into a closed one. Reopen the closed one first, or merge the other way.
    [merge_boards] The cases belong to different boards and at least one is secret. They cannot be merged.
    [merged_on] The case has been merged on since then. Undo the later merge first.
    [not_merged] The case is not merged.
    [link_cycle] The cases cannot hang together like that: one would be its own parent.
    [one_parent] The case already has a parent.
    [document_empty] The file is empty.
    [document_too_large] The file is too large. A file may be 10 MB at most.
    [document_type] We cannot take that sort of file. Send pictures, PDF, text or office documents.
    [document_mismatch] The file's content is not what it says it is.
    [nothing_chosen] Choose at least one note, document or stakeholder.
    [stakeholder_empty] Give a name, an organisation or a way to reach them.
    [changed] Somebody else changed the case meanwhile. Read the page anew and try again.
    [too_late] The case was closed too long ago to be opened again.
   *[other] That cannot be done.
}
problem-task-mismatch = The task cannot be finished that way.
problem-sealed = The case belongs to a board you have no access to. You can leave a message for those who have.
problem-secret = The case is only for those named in it.
problem-too-many = At most { $max } here.
problem-page-mark = The page mark is not right. Start over from the first page.
problem-missing = { $field } must be filled in.
problem-too-long = { $field } may have at most { $max } characters.
problem-unprintable = { $field } holds characters that cannot be shown.
problem-not-understood = { $field } is not written the right way.
problem-internal = Something went wrong on our side. Try again in a while.

field-name = { $field ->
    [title] The title
    [description] The description
    [message] The message
    [answer] The answer
    [reason] The reason
    [suggestion] The suggestion
    [note] The note
    [question] The question
    [checklist] The checklist
    [public_text] The text for the resident
    [idempotency_key] The key
   *[other] The field
}
