notice-title-needed = Give it a title that says what families should do
notice-title-long = Please keep the title to 60 characters
notice-body-needed = Write a text or attach a file
notice-body-long = The text is too long: 8,000 characters at most
notice-attachments-many = At most 9 attachments
notice-questions-needed = Add the questions families should answer
notice-urgent-not-yours = Urgent notices are sent by the school's leaders
notice-urgent-why = Say why it is urgent; families will see it
notice-send-past = The time set for sending has passed
notice-deadline-past = The deadline has to be after it is sent
notice-picks-many = Too many pupils chosen one by one; choose classes or grades instead
notice-nobody = Nobody is chosen yet
notice-list-too-wide = Choose one school before sending by list
notice-already-sent = This notice has been sent and cannot be changed
notice-duplicate = The same notice was sent a moment ago. Send it once more?
notice-still-sending = It is still being sent; please try again in a moment
notice-recalled = This notice was withdrawn
notice-replaced = This notice was corrected; please read the correction
notice-not-sent = This notice has not been sent, or was withdrawn
notice-recall-why = Say why it is withdrawn; families will see it
notice-wants-answer = This notice asks some questions; please open it to answer
notice-wants-no-answer = This notice only asks you to confirm
notice-closed = The deadline has passed. If something changed, please contact the class teacher
notice-child-done = This pupil is confirmed already
notice-not-ticked = This pupil was not ticked off by hand
notice-reminded-already = They were reminded a short while ago; please wait some hours
notice-confirmed = Confirmed. The teacher can see it
notice-joint = { ", " }
notice-letter-plain = Notice from { $from } for the family of { $children }: { $title }
notice-letter-confirm = Notice from { $from } for the family of { $children }, please confirm: { $title }
notice-letter-answer = Notice from { $from } for the family of { $children }, please answer: { $title }
notice-letter-correction = { $from } corrected its notice for the family of { $children }; this one counts: { $title }
notice-letter-reminder = Reminder for the family of { $children }: { $from } is waiting for your answer: { $title }
notice-home-kind = Notice
notice-home-correction = Corrected notice
notice-home-withdrawn = Notice withdrawn
notice-home-about = { $kind } · { $children }
notice-home-open = Read it
notice-home-confirm = Read, confirm
notice-home-answer = Answer
notice-home-until = by { $when }
notice-home-overdue = Deadline passed
notice-home-silent = { $n ->
    [one] One family has not answered: { $title }
   *[other] { $n } families have not answered: { $title }
 }
notice-home-unseen = { $n ->
    [one] One of them has not opened it
   *[other] { $n } of them have not opened it
 }
notice-home-see = See who
