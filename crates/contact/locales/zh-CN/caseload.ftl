# 一个案头，三扇门：校长信箱、校长公开电话、家长接待日。
case-nav = 来信来电
case-nav-family = 校长信箱
# dynamic: case-door-
case-door-mailbox = 校长信箱
case-door-line = 校长电话
case-door-reception = 接待日
# dynamic: case-writer-
case-writer-named = 署名
case-writer-confidential = 署名保密
case-writer-anonymous = 没有署名
case-writer-unnamed = 没留姓名
# dynamic: case-topic-
case-topic-teaching = 教育教学
case-topic-homework = 作业
case-topic-conduct = 师德师风
case-topic-safety = 安全
case-topic-bullying = 学生相处
case-topic-food = 食堂饮食
case-topic-fees = 收费
case-topic-after_school = 课后服务
case-topic-grounds = 校园环境
case-topic-contact = 家校联系
case-topic-advice = 建议
case-topic-thanks = 表扬
case-topic-other = 其他
# dynamic: case-state-
case-state-new = 等安排
case-state-handling = 在办
case-state-asking = 等家长补充
case-state-approving = 等审核
case-state-telling = 等转告
case-state-answered = 已答复
case-state-closed = 办结
case-state-merged = 并入同类
# dynamic: case-track-
case-track-ordinary = 学校承诺
case-track-petition = 信访件
# dynamic: case-rating-
case-rating-none = 还没评
case-rating-satisfied = 满意
case-rating-basic = 基本满意
case-rating-unsatisfied = 不满意
# dynamic: case-how-
case-how-none = 还没告诉
case-how-in_app = 在这里答复
case-how-receipt = 凭受理号查看
case-how-phone = 电话告诉
case-how-at_school = 当面告诉
# dynamic: case-reply-
case-reply-draft = 草稿
case-reply-submitted = 等审核
case-reply-approved = 审核通过
case-reply-sent = 已答复
# dynamic: case-helper-
case-helper-asked = 请他看看
case-helper-answered = 说了意见
case-helper-removed = 不再会办
# dynamic: case-step-
case-step-received = 收到
case-step-assigned = { $by }交给{ $to }办
case-step-forwarded = { $by }转给{ $to }办
case-step-helper_asked = { $by }请{ $to }会办
case-step-helper_gone = { $by }不再请{ $to }会办
case-step-opinion = { $by }的会办意见
case-step-asked = { $by }请家长补充
case-step-told = 家长补充了
case-step-extended = { $by }延了期
case-step-submitted = { $by }交了答复，等审核
case-step-returned = { $by }退回修改
case-step-approved = { $by }审核通过
case-step-sent = { $by }答复了家长
case-step-rated = 家长评了
case-step-reopened = 家长请再办一次
case-step-closed = 办结
case-step-merged = { $by }并入同类
case-step-absorbed = { $by }并进来一件同类
case-step-published = { $by }公开了答复
case-step-withdrawn = { $by }撤下了公开的答复
case-step-petition = { $by }转为信访件
case-step-accepted = { $by }告知受理
case-step-review = 家长请求复查
case-step-name_opened = { $by }看了署名
# dynamic: case-told-
case-told-received = 学校收到了
case-told-assigned = 交给{ $to }办理
case-told-asked = 请您补充
case-told-told = 您补充了
case-told-extended = 要多些时间
case-told-sent = 答复了
case-told-rated = 您评了
case-told-reopened = 您请学校再办一次
case-told-closed = 办结
case-told-merged = 和同类来信一起答复
case-told-published = 答复已公开
case-told-withdrawn = 公开的答复已撤下
case-told-petition = 转为信访件
case-told-accepted = 信访件已受理
case-told-review = 您请求复查
case-told-name_opened = { $by }为了答复看了您的署名
# dynamic: case-stage-
case-stage-accept = 安排人办
case-stage-answer = 答复
case-stage-petition_accept = 告知受理（15天）
case-stage-petition_object = 不归本校办的要提出（5个工作日）
case-stage-petition_finish = 办结（60天）
case-stage-petition_review = 复查（30天）
# dynamic: reception-day-
reception-day-planned = 照常
reception-day-cancelled = 取消了
# dynamic: reception-slot-
reception-slot-free = 没人约
reception-slot-booked = 约好了
reception-slot-came = 来过了
reception-slot-missed = 没有来

case-changed = 刚才有人动过这件事，请看看最新的再办。
case-not-open = 这件事已经答复了。
case-theirs = 已经在这位老师手上。
case-cannot-ask = 现在没法请家长补充。
case-nothing-asked = 现在没有要补充的。
case-no-extension = 这个期限不能延。
case-extend-late = 已经过期了，不能再延。
case-extend-most = 最多还能延{ $n }天。
case-one-matter = 一封信只说一件事，请分开写。
case-day-far = 请选最近两个月里的日子。
case-receipt-unknown = 受理号或密码不对。
case-not-handled = 这件事现在不能写答复。
case-nothing-to-approve = 没有等审核的答复。
case-nothing-to-tell = 没有要转告的答复。
case-cannot-rate = 现在不能评，或者已经评过了。
case-cannot-reopen = 只能请学校再办一次，而且要在答复后规定的日子里。
case-cannot-petition = 这件事不能转为信访件。
case-no-petition = 这不是等受理的信访件。
case-cannot-review = 答复后30天内可以请求复查，最多两次。
case-cannot-merge = 这两件不能合并。
case-cannot-publish = 家长没有同意公开，或者还没有答复。
case-public-name = 里面有当事人的名字，请去掉。
case-public-number = 里面像有电话或证件号，请去掉。
reception-is-off = 这一天不接待了，或者时间过了。
reception-have-one = 这一天您已经约过了。
reception-taken = 这个时间刚刚被约走，请另选一个。
reception-over = 时间已过，改不了了。
reception-noted = 这个时间已经记过了。
reception-past = 请选今天以后的日子，结束要晚于开始。
reception-there = 这个时间已经安排了接待。
reception-not-yet = 还没到时间。

case-letter-title = 学校有消息
case-letter-asked = 您反映的事，学校请您补充一点情况。
case-letter-answered = 您反映的事，学校答复了，请打开看看。
case-letter-news = 您反映的事有新进展，请打开看看。
case-letter-due-title = 今天要办的来信来电
case-letter-due = 有{ $n }件等您办，其中超期{ $over }件。
reception-letter-off-title = 接待日取消
reception-letter-off = { $day }的接待取消了，对不起，请另约一个时间。
# dynamic: case-item-
case-item-kind = 来信来电
case-item-asked = 您反映的事，学校请您补充
case-item-answered = 您反映的事，学校答复了，请看看满不满意
case-item-over = { $n }件来信来电超期了
case-item-work = { $n }件来信来电在您手上
case-item-tell = { $n }件答复等您转告
case-item-help = { $n }件请您会办
case-item-new = { $n }件来信来电等您安排
case-item-approving = { $n }份答复等您审核
reception-item = { $when } 接待日，学校等您来
reception-event = 家长接待日
reception-event-place = 地点：{ $place }
reception-event-family = 到学校：家长接待日
case-event-due = 来信来电的答复期限
