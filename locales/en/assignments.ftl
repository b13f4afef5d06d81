## Assignments

doer = { $doer ->
    [resident] Resident
    [centre] Contact centre
    [officer] Officer
   *[system] System
}
end = end
state = { $state ->
    [draft] Draft
    [sent] Sent for approval
    [approved] Approved, waiting for its day
    [in_force] In force
    [under_review] In force, under review
    [refused] Not approved
    [withdrawn] Withdrawn
    [replaced] Replaced by a newer version
   *[ended] Ended
}
rule-kind = { $kind ->
    [does] The contact centre does this
    [partly] The contact centre does part of this
   *[does_not] The contact centre does not do this
}
theme = { $theme ->
    [living] Living and building
    [children] Children and education
    [care] Care and support
    [economy] Money and work
    [environment] Waste, water and environment
    [outdoors] Streets, traffic and parks
    [leisure] Culture and leisure
    [business] Business and permits
    [life_events] Life events
   *[municipality] Municipality and politics
}
part = { $part ->
    [title] Name
    [purpose] Purpose
    [does] Does
    [partly] Does in part
    [does_not] Does not
    [steps] Process map
    [case_types] Case types
    [competence] Competence
    [volume] Expected volume per month
    [contacts] Contact persons
    [terms] Terms
    [keywords] Residents’ words
   *[public] What residents read
}
notice = { $months ->
    [0] No notice
    [one] { $months } month’s notice
   *[other] { $months } months’ notice
}
missing = { $what ->
    [purpose] the purpose
    [does] at least one rule for what the contact centre does
    [line] at least one rule for where the line goes (does not, or does in part)
    [steps] the process map
    [case_types] at least one case type
    [contact_person] a contact person in the department
   *[review_day] a review day within about a year of the first day
}
step-fault = Line { $line }: { $what ->
    [no_doer] write who does it before the colon ({ $detail }).
    [unknown_doer] who is { $detail }?
    [no_text] write what is done after the colon.
    [way_first] write a step before the way on.
    [no_target] write where the way leads: the number of a step, or “{ $detail }”.
    [unknown_step] there is no step { $detail }.
    [unreachable] no way leads here.
    [endless] from here one never comes to the end.
    [text] the text is too long (at most { $detail } characters) or holds characters that cannot be shown.
   *[too_many] there may be at most { $detail }.
}
problem = { $what ->
    [not_found] It is not there any more.
    [code_taken] That code is taken. Choose another.
    [incomplete] It cannot be sent yet. Missing: { $detail }.
    [steps] The process map cannot be read. { $detail }
    [overtaken] Somebody else has changed the draft since you opened it. Your changes are not saved: reload the page and make them again.
    [not_a_contact_person] Whoever you send it to must be among the contact persons.
    [day] That day cannot be chosen.
    [too_many] There may be at most { $detail }.
    [url] The address begins with https:// or http://.
    [link] The link does not hold.
    [not_a_draft] What has been sent is never changed. Write a new version.
    [draft_there] Version { $detail } is a draft already. Go on with that one.
    [not_sent] The version has not been sent to the department.
    [withdrawn] The version has been withdrawn. A newer one is on its way.
    [answered_otherwise] The department has answered already, and otherwise.
    [not_approved] The department has not approved the version.
    [not_in_force] No version is in force.
    [over] The assignment has ended.
   *[other] Something you wrote cannot be accepted.
}

## Review

review-task = Go through the assignment “{ $title }” with the department

## Letters to the department

approval-subject = { $again ->
    [yes] Reminder: the assignment “{ $title }” awaits your approval
   *[no] Approve the assignment “{ $title }”
}
approval-body =
    Hello { $name },

    { $again ->
        [yes] We have had no answer about the assignment “{ $title }” (version { $version }).
       *[no] The contact centre has written down what we do for you in the assignment “{ $title }” (version { $version }).
    } Please read it and say whether you approve:

    { $link }

    It shows what the contact centre does, what you do and where the line goes. You answer with your name. You can also say that you do not approve, and why. You need no account. The link is for you only: it holds until { $until } and is answered once.

    Kind regards
    The contact centre, { $municipality }
review-subject = { $overdue ->
    [yes] The review of the assignment “{ $title }” is overdue
   *[no] Time to review the assignment “{ $title }”
}
review-body =
    Hello { $name },

    { $overdue ->
        [yes] The assignment “{ $title }” should have been reviewed by { $by }. Please get in touch with the contact centre so that we find a time. Until then the assignment holds as before.
       *[no] We review every assignment once a year. The assignment “{ $title }” is to be gone through by { $by }. Think about what has changed in your department: routines, answering times, contact persons. The contact centre will be in touch about a time.
    }

    Kind regards
    The contact centre, { $municipality }

## The checklist

area = { $area ->
    [customers] Those who turn to us
    [leadership] Leadership
    [people] We who work here
    [operations] How the work is done
    [infrastructure] What we work with
   *[clients] The departments that have given us assignments
}
point = { $point ->
    [ways_in_told] Opening hours and ways in stand where residents look
    [status_shown] Whoever has a case can see how it stands
    [survey_on] Residents are asked what they thought
    [complaints_handled] Complaints have a way of their own and are gone through
    [goals_set] Goals for service are set and known to all
    [service_level_measured] Answering times are measured
    [departments_followed] The departments’ answers are followed up
    [crisis_plan_tried] The plan for storms and outages has been tried
    [competence_written] The competence each assignment needs is written down
    [introduction_planned] New colleagues have a plan for their first half year
    [coaching_held] Everybody is coached regularly
    [incidents_followed] Threats and violence are followed up
    [follow_up_clock] Every question to an officer is watched until it is answered
    [contacts_logged] Contacts are logged
    [articles_owned] Every knowledge article has an owner and a review day that has not passed
    [process_maps] Every assignment has a process map
    [referrals_kept] Where to turn with what others own is written down
    [retention_decided] How long things are kept is decided
    [backup_tried] The backup has been read back as a trial
    [accessibility_tried] The pages have been tried with assistive technology
    [openings_reviewed] Who has opened what is gone through
    [assignments_approved] Every department has approved what it has handed over
    [reviews_in_time] Assignments are reviewed in time
    [volumes_compared] Expected volumes are written down and compared
    [outside_counted] What is done outside the assignments is counted
   *[meetings_held] Departments are met regularly
}
point-state = { $state ->
    [in_place] In place
    [partly] In part
   *[missing] Missing
}
