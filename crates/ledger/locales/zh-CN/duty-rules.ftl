# 触达的深度
# dynamic: touch-depth-
touch-depth-told = 已告知
touch-depth-confirmed = 已确认
touch-depth-talked = 谈过
touch-depth-met = 见过面

# 联系的语气
# dynamic: touch-tone-
touch-tone-good = 好消息
touch-tone-neutral = 日常
touch-tone-concern = 关心
touch-tone-complaint = 批评

# 联系的方式
# dynamic: touch-channel-
touch-channel-phone = 电话
touch-channel-wechat = 微信
touch-channel-at_school = 到校面谈
touch-channel-home_visit = 上门
touch-channel-in_app = 共育里
touch-channel-sms = 短信
touch-channel-paper = 纸条
touch-channel-video = 视频
touch-channel-event = 活动现场

# 联系的种类
# dynamic: touch-kind-
touch-kind-contact = 联系
touch-kind-visit = 家访
touch-kind-meeting = 家长会
touch-kind-open_day = 开放日
touch-kind-notice = 通知
touch-kind-lesson = 家长课程
touch-kind-letter = 来信
touch-kind-contract = 契约

# 活动的种类
# dynamic: act-kind-
act-kind-family_education = 家庭教育活动
act-kind-practice_activity = 综合性教育实践活动
act-kind-parent_meeting = 家长会
act-kind-open_day = 家长开放日
act-kind-parent_committee_set_up = 设立家长委员会
act-kind-parent_school_set_up = 设立家长学校
act-kind-record_check = 教职工犯罪记录查询
act-kind-circular = 下发通知
act-kind-family_education_day = 家庭教育日活动
act-kind-culture_venue = 公共文化场所家庭教育活动

# 记录的种类
# dynamic: record-kind-
record-kind-care_file = 一人一档
record-kind-education_community = 教联体
record-kind-absent_parent_contact = 外出父母的联系
record-kind-sport_minute = 体育活动分钟数
record-kind-no_homework_day = 无作业日

# 要答复的事
# dynamic: event-kind-
event-kind-meeting_missed = 没来参加家长会
event-kind-truancy = 旷课
event-kind-child_left_alone = 孩子无人照看

# 可以算占比的数
# dynamic: measure-
measure-schools = 学校和幼儿园
measure-schools_with_parent_school = 有家长学校的学校
measure-schools_with_counsellor = 有心理健康教师的学校
measure-schools_inspected_twice = 本学期督导满2次的学校
measure-schools_inspected_fully = 5年内综合督导过的学校
measure-communities = 村和社区
measure-communities_with_parent_school = 有家长学校的村和社区
measure-guidance_stations = 家庭教育指导服务站点
measure-guidance_stations_with_care = 做心理健康服务的站点

# 谁来做
# dynamic: duty-subject-
duty-subject-child = 每名学生
duty-subject-guardian = 每位家长
duty-subject-class = 每个班
duty-subject-school = 每所学校
duty-subject-kindergarten = 每所幼儿园
duty-subject-town = 每个镇街
duty-subject-community = 每个村（社区）
duty-subject-college = 教师进修学院
duty-subject-district = 全区
# dynamic: duty-role-
duty-role-class_teacher = 班主任
duty-role-subject_teacher = 任课教师
duty-role-school_leader = 学校领导
duty-role-counsellor = 心理教师
duty-role-other = 其他教职工

# 管哪些
# dynamic: duty-stage-
duty-stage-kindergarten = 学前
duty-stage-primary = 小学
duty-stage-junior = 初中
duty-stage-senior = 高中
duty-stage-vocational = 中职
duty-stage-special = 特殊教育
# dynamic: duty-school-kind-
duty-school-kind-kindergarten = 幼儿园
duty-school-kind-primary = 小学
duty-school-kind-nine_year = 九年一贯制学校
duty-school-kind-junior = 初中
duty-school-kind-senior = 高中
duty-school-kind-vocational = 中职学校
duty-school-kind-special = 特殊教育学校
# dynamic: duty-setting-
duty-setting-urban = 城区
duty-setting-rural = 乡村
# dynamic: duty-category-
duty-category-special_group = 特殊群体
duty-category-left_behind = 留守
duty-category-migrant = 随迁
duty-category-orphan = 孤儿
duty-category-unsupported = 事实无人抚养
duty-category-single_parent = 单亲
duty-category-hardship = 困境

# 多久一次
# dynamic: duty-period-
duty-period-school_day = 每个上学日
duty-period-week = 每周
duty-period-month = 每月
duty-period-semester = 每学期
duty-period-school_year = 每学年
duty-period-calendar_year = 每年
duty-period-once = 不分时段

# 做得怎样
# dynamic: duty-status-
duty-status-met = 已完成
duty-status-due = 在期内
duty-status-overdue = 逾期
duty-status-not_applicable = 不适用
# dynamic: duty-days-
duty-days-left = 还剩{ $days }天
duty-days-late = 逾期{ $days }天

# 依据有多可靠
# dynamic: duty-tag-
duty-tag-L = 法律法规原文
duty-tag-G = 政府网站
duty-tag-M = 媒体转载的原文
duty-tag-P = 外地做法，供参考
duty-tag-C = 公开的程序代码
duty-tag-K = 经验，未经核实

# 为什么没有启用
# dynamic: duty-off-
duty-off-nothing_counts_it_yet = 还没有地方记录这件事
duty-off-covered_by = “{ $code }”要求得一样多或更多
duty-off-no_number_in_text = 原文只说“及时”，没有天数
duty-off-calendar_event = 是日历上的日子，不用计数
duty-off-family_matter = 是家庭的责任，共育不统计
duty-off-encouraged_only = 只是提倡

# 改规则时
# dynamic: duty-rule-
duty-rule-needs-title = 请写上标题
duty-rule-needs-number = 至少要1次
duty-rule-ends-before-it-begins = 结束的日子早于开始的日子
duty-rule-no-such-day = 没有这一天
duty-rule-counts-nothing = 请至少选一种
duty-rule-asks-more-kinds-than-it-names = 要的次数多于选中的种类
duty-rule-percent-out-of-range = 请填1到100
# 要多少，不是几次的那些
# dynamic: duty-amount-
duty-amount-minutes = { $n }分钟
duty-amount-days = { $n }天
duty-amount-always = 任何时候
duty-amount-third-may-monday = { $n }次，在5月第三周的星期一
