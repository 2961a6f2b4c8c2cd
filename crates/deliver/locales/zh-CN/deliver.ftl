deliver-code-text = 【共育】您的验证码是{ $code }，{ $minutes }分钟内有效。老师和学校都不会向您要这个码。
outbox-title = 演示区的短信
outbox-lead = 演示区不发真的短信，发出的都留在这里。
outbox-back = 返回
outbox-again = 再看一次
outbox-empty-title = 还没有短信
outbox-empty-text = 刚要的验证码一般一两秒就到。
# dynamic: outbox-state-
outbox-state-queued = 等着发
outbox-state-sending = 正在发
outbox-state-sent = 发了
outbox-state-failed = 没发成
outbox-state-unknown = 不确定发没发成
deliver-digest-title = 今天有{ $n }件事，请您看看
deliver-digest-more = 还有{ $n }件
