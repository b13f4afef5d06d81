## Times and steps

day-and-time = { $day } at { $time }
due = { $unit ->
    [working_days] { $amount } { $amount ->
        [one] working day
       *[other] working days
    }
    [days] { $amount } { $amount ->
        [one] day
       *[other] days
    }
    [hours] { $amount } { $amount ->
        [one] hour
       *[other] hours
    }
   *[minutes] { $amount } { $amount ->
        [one] minute
       *[other] minutes
    }
}
step-kind = { $kind ->
    [form] Form
    [booking] Booking of a time
    [letter] Letter
    [hand_out] Hand-out at the desk
   *[call_out] Call-out
}
step-who = { $who ->
    [guide] The contact centre
    [department] The department
   *[resident] The resident
}
step-mark = { $mark ->
    [not_reached] Not its turn yet
    [waiting] Waiting for other steps
    [open] To be done
    [done] Done
    [skipped] Left out
   *[broken_off] Broken off
}
act = { $act ->
    [completed] Done
    [skipped] Left out
    [booked] Time booked
    [moved] Time moved
    [cancelled] Time cancelled
    [sent] Sent
    [handed_out] Handed out
    [called] Contractor called out
    [acknowledged] Acknowledged
   *[undone] Undone
}
identity = { $check ->
    [passport] Passport
    [driving_licence] Driving licence
    [identity_card] National identity card or the Tax Agency's card
    [service_card] SIS-marked service or company card
    [residence_permit] Residence permit card
   *[proxy] Power of attorney, and the bearer's own identity
}
yes-no = { $yes ->
    [yes] yes
   *[no] no
}

## Letters about booked times

booking-subject = { $news ->
    [booked] Booked time in case { $number }
    [moved] New time in case { $number }
    [reminder] A reminder of your time in case { $number }
   *[cancelled] Cancelled time in case { $number }
}
booking-body = { $news ->
    [booked] You have a booked time on { $when }. It is about case { $number }.
    [moved] Your time has been changed. The new time is { $when }. It is about case { $number }.
    [reminder] We remind you of your time on { $when }. It is about case { $number }.
   *[cancelled] Your time on { $when } is cancelled. It was about case { $number }. Contact us if you want a new one.
}
booking-place = Place: { $place }
booking-link =
    Here you can see the time and cancel it:
    { $link }

## Letters about steps and call-outs

step-subject = Case { $number }: { $step }
step-of-secret = a step to be done
step-term = It should be done by { $when }.
step-no-term = Please do it as soon as you can.
step-body =
    Hello,

    In case { $number } there is a step for you to do: { $step }.
    { $due }

    Open the step here. You need no password:
    { $link }

    Kind regards,
    The contact centre, { $municipality }
call-subject = Urgent call-out, case { $number }
call-body =
    URGENT { $municipality } { $number }
    { $text }
    Acknowledge within { $minutes } min:
    { $link }
unanswered-subject = No contractor has answered in case { $number }
unanswered-body =
    Hello,

    None of the contractors called out in case { $number } has acknowledged.
    The contact centre is phoning them now, but you need to know that the work is late.

    Kind regards,
    The contact centre, { $municipality }

## Faults in a definition

fault-meant = {" "}Did you mean “{ $near }”?
fault-too-large = The definition is too long. It may have at most { $max } 000 characters.
fault-syntax = { $why ->
    [duplicate] The same word stands twice in the same part. Take one away.
    [quote] The quotation marks do not match. A text begins and ends with " and a text of several lines with """.
    [equals] Here should be a word, an equals sign and a value, such as name = "Book a time".
    [bracket] A bracket is missing or there is one too many. A step begins with [[step]] and a list stands between [ and ].
   *[other] The line cannot be read. Check quotation marks, equals signs and brackets here and on the line before.
}
fault-missing = { $key ->
    [step] There are no steps. A step begins with [[step]].
    [end] There are no ends. An end begins with [[end]].
   *[other] “{ $key }” is missing.
}
fault-unknown-key = “{ $key }” means nothing here.{ $meant }
fault-wrong-sort = “{ $key }” should be { $wanted ->
    [text] a text between quotation marks
    [texts] a list of texts, such as ["a", "b"]
    [number] a whole number without quotation marks
    [yes_no] true or false, without quotation marks
   *[tables] parts that begin with [[…]]
}.
fault-too-long = The text in “{ $key }” is too long. It may have at most { $max } characters.
fault-not-a-key = “{ $text }” does not do as a key. A key is written with a–z, 0–9 and _, begins with a letter and has at most 40 characters.
fault-out-of-range = “{ $key }” should be between { $min } and { $max }.
fault-not-a-word = “{ $key }” cannot be “{ $text }”. It can be: { $allowed }.
fault-twice = There already is { $what ->
    [step] a step or end
    [end] a step or end
    [field] a question
   *[option] an option
} with the key “{ $key }”, on line { $first }.
fault-own-blank = “{ $key }” is filled in by Lots itself and cannot be a question's key.
fault-process-twice = There already is a process with the code “{ $key }”. Open it and change it there, or choose another code.
fault-too-many = Too many “{ $what }”: at most { $max }.
fault-not-for-kind = “{ $key }” does not belong to { $kind ->
    [form] a step of the kind form
    [booking] a step of the kind booking
    [letter] a step of the kind letter
    [hand_out] a step of the kind hand_out
    [call_out] a step of the kind call_out
    [guide] a step that the contact centre does
    [resident] a step that the resident does
   *[other] a question of the type { $kind }
}.
fault-not-a-term = “{ $text }” is no term. Write for instance “2 working days”, “4 hours”, “30 minutes” or “1 working day after book_time”.
fault-term-from = The term is counted from the step “{ $step }”, but that is not a step that books a time before this one.
fault-unknown-target = The way leads to “{ $key }”, which is not there.{ $meant }
fault-no-way-on = No way leads on from the step “{ $step }”. Add [[step.next]] with to = "…".
fault-dead-end = The last way from the step “{ $step }” does not always apply. If no condition holds, the case is stuck. Add a last way without when and at_most.
fault-never-taken = This way from the step “{ $step }” is never taken, since a way before it always applies.
fault-unreachable = { $what ->
    [step] The step “{ $key }” is never reached: no way leads there.
   *[end] The end “{ $key }” is never reached: no way leads there.
}
fault-endless = The steps can go round for ever: { $round }. Give the way back a limit, such as at_most = 3.
fault-side-by-side = From the step “{ $from }” several ways go side by side, and they meet in “{ $key }” without being gathered. Give the step where they meet gather = true (or the end cancels = true, if it should break off the rest).
fault-gather-in-round = The step “{ $step }” gathers ways (gather) but lies on a way that leads back. Move the way back so that it does not pass the step.
fault-too-early = The answer to “{ $field }” is not there yet: the question is asked in the step “{ $step }”, which does not come before.
fault-unknown = { $what ->
    [case_type] There is no case type with the code
    [recipient] There is no officer or department called
    [resource] There is nothing to book with the code
   *[contractor] There is no contractor with the code
} “{ $text }”.{ $meant }
fault-open-brace = A brace lacks its other half. A blank is written {"{"}name{"}"}; if you want a brace in the text, write two.
fault-unknown-blank = No question fills the blank {"{"}{ $text }{"}"}.{ $meant }
fault-sensitive-travels = The answer to “{ $field }” is sensitive and may not stand in a message that goes by e-mail or text message.
fault-type-taken = The case type already has a process: “{ $process }”. Open it instead, or choose another case type.
fault-other-code = The code is the process's name in every version and should be “{ $wanted }”.
condition-length = The condition is empty or longer than { $max } characters.
condition-unexpected = The condition cannot be read at “{ $text }”. Write for instance: certificate = yes and number > 2.
condition-unfinished = The condition ends too soon. Write for instance: certificate = yes and number > 2.
condition-open-quote = A quotation mark in the condition lacks its other half.
condition-too-deep = The condition has too many brackets within brackets.
condition-unknown-field = The condition asks about “{ $field }”, which is no question's key.{ $meant }
condition-not-yes-no = “{ $field }” is no yes/no question. Compare it with something, such as { $field } = …
condition-not-by-size = “{ $field }” cannot be compared by < or >. Only numbers and dates can.
condition-can = { $can ->
    [text] a text between quotation marks
    [date] a date such as 2026-11-03
    [number] a whole number
    [yes_no] yes or no
   *[other] { $can }
}
condition-wrong-value = “{ $field }” cannot be { $value }. It can be: { $can }.

## Answers and hindrances

answer-missing = Answer the question.
answer-too-long = Write at most { $max } characters.
answer-unprintable = The text holds characters that cannot be shown.
answer-not-a-choice = Choose one of the options.
answer-not-a-day = Write a date.
answer-not-a-number = Write a whole number between { $min } and { $max }.
answer-not-yes-no = Answer yes or no.
refused = { $why ->
    [ended] The process has come to its end already.
    [no_such_step] There is no such step.
    [not_open] The step is done already, or its turn has not come. Load the page again.
    [wrong_kind] Such a step is not done in that way.
    [not_skippable] The step may not be left out.
    [answers] Something in the form needs mending.
    [not_booked] There is no such booking.
    [no_such_contractor] The contractor does not belong to the step.
    [nothing_to_undo] There is nothing to undo.
    [cannot_undo] A time that was moved or cancelled cannot be undone. Book a new one.
   *[too_many_acts] So much has happened in the case that the process cannot go on. Close the case and open a new one.
}
problem-not-found = { $what ->
    [process] The case has no process.
    [resource] There is no such thing to book.
   *[other] It is not there.
}
problem-faults = The definition has faults that must be mended.
problem-overtaken = Somebody has published version { $version } meanwhile. Compare with it and publish again.
problem-time-taken = Somebody was quicker. Choose another time.
problem-time-not-offered = The time cannot be booked. Choose one of the times in the list.
problem-hours = Write the hours as 08:00-16:30, or closed.
problem-range = Write a number between { $min } and { $max }.
problem-identity-number = Write no personal identity number and no number of the card. It is enough to choose what sort of identification you saw.
problem-text = Something you wrote cannot be used. Check that nothing is missing or too long.
problem-internal = Something went wrong on our side. Try again in a while.
