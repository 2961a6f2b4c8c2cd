# One caseload with three doors: the principal's mailbox, the principal's line, reception days.
case-nav = Letters and calls
case-nav-family = Principal's mailbox
# dynamic: case-door-
case-door-mailbox = Mailbox
case-door-line = Principal's line
case-door-reception = Reception
# dynamic: case-writer-
case-writer-named = Signed
case-writer-confidential = Signed in confidence
case-writer-anonymous = Not signed
case-writer-unnamed = Left no name
# dynamic: case-topic-
case-topic-teaching = Teaching
case-topic-homework = Homework
case-topic-conduct = Teachers' conduct
case-topic-safety = Safety
case-topic-bullying = Between pupils
case-topic-food = Canteen
case-topic-fees = Fees
case-topic-after_school = After-school care
case-topic-grounds = Grounds
case-topic-contact = Home and school
case-topic-advice = Suggestion
case-topic-thanks = Thanks
case-topic-other = Other
# dynamic: case-state-
case-state-new = To be given out
case-state-handling = In hand
case-state-asking = Waiting for the family
case-state-approving = Waiting for approval
case-state-telling = To be told
case-state-answered = Answered
case-state-closed = Closed
case-state-merged = Joined to another
# dynamic: case-track-
case-track-ordinary = The school's promise
case-track-petition = Petition
# dynamic: case-rating-
case-rating-none = Not rated
case-rating-satisfied = Satisfied
case-rating-basic = Fairly satisfied
case-rating-unsatisfied = Not satisfied
# dynamic: case-how-
case-how-none = Not told yet
case-how-in_app = Answered here
case-how-receipt = Read with its number
case-how-phone = By telephone
case-how-at_school = In person
# dynamic: case-reply-
case-reply-draft = Draft
case-reply-submitted = Waits for approval
case-reply-approved = Approved
case-reply-sent = Answered
# dynamic: case-helper-
case-helper-asked = asked to help
case-helper-answered = has said something
case-helper-removed = asked no longer
# dynamic: case-step-
case-step-received = Came in
case-step-assigned = { $by } gave it to { $to }
case-step-forwarded = { $by } passed it on to { $to }
case-step-helper_asked = { $by } asked { $to } to help
case-step-helper_gone = { $by } asks { $to } no longer
case-step-opinion = { $by } says
case-step-asked = { $by } asked the family for more
case-step-told = The family told more
case-step-extended = { $by } gave it more days
case-step-submitted = { $by } handed in a reply
case-step-returned = { $by } gave the reply back
case-step-approved = { $by } approved the reply
case-step-sent = { $by } answered the family
case-step-rated = The family rated the answer
case-step-reopened = The family asked for it to be taken up again
case-step-closed = Closed
case-step-merged = { $by } joined it to another
case-step-absorbed = { $by } joined another to it
case-step-published = { $by } published the answer
case-step-withdrawn = { $by } took the answer from the public page
case-step-petition = { $by } made it a petition
case-step-accepted = { $by } told that the petition is accepted
case-step-review = The family asked for a review
case-step-name_opened = { $by } looked at the name
# dynamic: case-told-
case-told-received = The school has it
case-told-assigned = Given to { $to }
case-told-asked = You were asked for more
case-told-told = You told more
case-told-extended = It needs more time
case-told-sent = Answered
case-told-rated = You rated the answer
case-told-reopened = You asked for it to be taken up again
case-told-closed = Closed
case-told-merged = Answered together with letters that say the same
case-told-published = The answer was published
case-told-withdrawn = The answer was taken from the public page
case-told-petition = Made a petition
case-told-accepted = The petition is accepted
case-told-review = You asked for a review
case-told-name_opened = { $by } looked at your name in order to answer
# dynamic: case-stage-
case-stage-accept = Given to somebody
case-stage-answer = Answer
case-stage-petition_accept = Told of acceptance (15 days)
case-stage-petition_object = Objection of a wrong recipient (5 working days)
case-stage-petition_finish = Finished (60 days)
case-stage-petition_review = Review (30 days)
# dynamic: reception-day-
reception-day-planned = As planned
reception-day-cancelled = Called off
# dynamic: reception-slot-
reception-slot-free = Free
reception-slot-booked = Booked
reception-slot-came = Came
reception-slot-missed = Did not come

case-changed = Somebody has just changed this; please look at it again first.
case-not-open = This has been answered.
case-theirs = They have it already.
case-cannot-ask = The family cannot be asked now.
case-nothing-asked = Nothing is being asked.
case-no-extension = This deadline cannot be extended.
case-extend-late = The deadline is over and cannot be extended.
case-extend-most = At most { $n } more days.
case-one-matter = One matter a letter, please.
case-day-far = Choose a day of the last two months.
case-receipt-unknown = Number or password is wrong.
case-not-handled = No reply can be written to this now.
case-nothing-to-approve = No reply waits for approval.
case-nothing-to-tell = No answer waits to be told.
case-cannot-rate = It cannot be rated now, or was rated already.
case-cannot-reopen = It can be taken up again once, within the days after the answer.
case-cannot-petition = This cannot become a petition.
case-no-petition = This is no petition waiting for acceptance.
case-cannot-review = A review may be asked for within 30 days of the answer, at most twice.
case-cannot-merge = These two cannot be joined.
case-cannot-publish = The family did not agree, or there is no answer yet.
case-public-name = It names somebody concerned; please take the name out.
case-public-number = It seems to hold a telephone or card number; please take it out.
reception-is-off = There is no reception at this time any more.
reception-have-one = You have a time on that day already.
reception-taken = This time has just been taken; please choose another.
reception-over = The time is over.
reception-noted = This time has been noted already.
reception-past = Choose a day to come, ending after it begins.
reception-there = There is a reception at this time already.
reception-not-yet = The time has not come yet.

case-letter-title = News from the school
case-letter-asked = The school asks you for a little more about what you raised.
case-letter-answered = The school has answered what you raised.
case-letter-news = There is news of what you raised.
case-letter-due-title = Letters and calls due today
case-letter-due = { $n } wait for you, { $over } of them over.
reception-letter-off-title = Reception called off
reception-letter-off = The reception on { $day } is called off. We are sorry; please choose another time.
# dynamic: case-item-
case-item-kind = Letters and calls
case-item-asked = The school asks you for more about what you raised
case-item-answered = The school has answered what you raised: are you satisfied?
case-item-over = { $n } letters and calls are over
case-item-work = { $n } letters and calls are in your hands
case-item-tell = { $n } answers to be told
case-item-help = { $n } ask for your help
case-item-new = { $n } letters and calls to be given out
case-item-approving = { $n } replies wait for your approval
reception-item = { $when }: your reception at the school
reception-event = Reception day
reception-event-place = { $place }
reception-event-family = Reception at the school
case-event-due = A letter or call is due
