deliver-code-text = [Gongyu] Your code is { $code }, good for { $minutes } minutes. No teacher and no school will ever ask you for it.
outbox-title = Text messages of the demo
outbox-lead = The demo sends no real text messages. What would have gone out stays here.
outbox-back = Back
outbox-again = Look again
outbox-empty-title = No messages yet
outbox-empty-text = A code you just asked for takes a second or two.
# dynamic: outbox-state-
outbox-state-queued = waiting
outbox-state-sending = being sent
outbox-state-sent = sent
outbox-state-failed = not sent
outbox-state-unknown = not known whether it was sent
deliver-digest-title = { $n } things today
deliver-digest-more = and { $n } more
