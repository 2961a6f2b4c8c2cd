//! What the demo's notices say, and how families took them.

use gongyu_contact::notice::Kind;

/// What becomes of a notice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Stands,
    Withdrawn,
    Corrected,
    Draft,
    Template,
    /// Goes in so many hours.
    Later(i64),
}

/// A notice of the demo: how many days ago, what, and how families took it.
pub(super) struct Told {
    pub(super) days_ago: i64,
    pub(super) hour: i64,
    pub(super) kind: Kind,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    /// Days from sending to the deadline.
    pub(super) until: Option<i64>,
    /// Of 100 children: confirmed, only read.
    pub(super) shares: (u32, u32),
    pub(super) end: End,
}

pub(super) const CHOICES: &str = r#"{"questions":[{"key":"come","ask":"您能来吗","must":true,"kind":"one","choices":[{"key":"yes","label":"能来"},{"key":"no","label":"请假，周末再联系"}]}]}"#;
pub(super) const ANSWERS: [&str; 2] = [r#"{"come":{"one":"yes"}}"#, r#"{"come":{"one":"no"}}"#];

const fn told(
    (days_ago, hour): (i64, i64),
    kind: Kind,
    title: &'static str,
    body: &'static str,
    until: Option<i64>,
    shares: (u32, u32),
    end: End,
) -> Told {
    Told { days_ago, hour, kind, title, body, until, shares, end }
}

use Kind::{Answer, Confirm, Plain};

pub(super) const OF_CLASS: [Told; 12] = [
    told((250, 17), Plain, "下周一穿校服升旗", "请给孩子准备好校服和红领巾。", None, (0, 88), End::Stands),
    told((172, 16), Confirm, "春游安全须知", "请看后和孩子说一说：不离队，不带打火机。", Some(2), (93, 4), End::Stands),
    told(
        (81, 18),
        Confirm,
        "新学期作息时间",
        "早上7:50到校，下午4:30放学，周三4:00放学。",
        Some(3),
        (96, 2),
        End::Stands,
    ),
    told((60, 17), Plain, "今天的数学作业只做第一题", "第二题印错了，明天课上一起做。", None, (0, 79), End::Stands),
    told(
        (39, 12),
        Confirm,
        "体检前一晚请清淡饮食",
        "周四上午体检，早上空腹，带水杯和一块面包。",
        Some(1),
        (91, 5),
        End::Stands,
    ),
    told((33, 17), Confirm, "周三放学改到4:20", "本周三有消防演练，放学改到4:20。", Some(1), (64, 20), End::Corrected),
    told((25, 11), Plain, "明天带一片树叶", "科学课要用，树叶捡地上的就好。", None, (0, 82), End::Stands),
    told((12, 16), Confirm, "周末请加一个班级群", "这条发错了，请家长不用理会。", None, (20, 30), End::Withdrawn),
    told(
        (5, 17),
        Confirm,
        "流感疫苗接种安排",
        "周五上午在校医室接种，不接种的请点确认后告诉我。",
        Some(3),
        (86, 8),
        End::Stands,
    ),
    told(
        (0, 8),
        Confirm,
        "周五去植物园：穿校服，带水杯和雨具",
        "早上8:10校门口集合，下午4:30回校。午餐学校统一准备，不收费。\n\n- 穿校服和运动鞋\n- 带水杯、雨具\n- 不带零食和玩具",
        Some(2),
        (41, 15),
        End::Stands,
    ),
    told((0, 0), Plain, "元旦联欢会节目征集", "想表演节目的孩子，请在下周三前告诉我。", None, (0, 0), End::Draft),
    told(
        (0, 0),
        Plain,
        "明天早上有雾，路上慢一点",
        "校门口会有老师值守，晚到十分钟不算迟到。",
        None,
        (0, 0),
        End::Later(20),
    ),
];

pub(super) const OF_SCHOOL: [Told; 6] = [
    told((305, 15), Confirm, "寒假安全提醒", "不玩火，不去水边，出门告诉家里人。", Some(5), (90, 6), End::Stands),
    told((145, 15), Confirm, "防溺水家长承诺", "请看全文，和孩子一起说清楚六不准。", Some(4), (94, 3), End::Stands),
    told(
        (75, 10),
        Plain,
        "秋季学期收费公示",
        "只收课后服务费，其余一律不收。标准见学校公示栏。",
        None,
        (0, 77),
        End::Stands,
    ),
    told((18, 14), Confirm, "冬季上学时间调整", "从下周一起，早上到校时间改为8:10。", Some(3), (92, 5), End::Stands),
    told(
        (0, 8),
        Answer,
        "周五家长会，您能来吗",
        "周五下午3点，各班教室。来不了也没关系，班主任会打电话给您。",
        Some(3),
        (62, 12),
        End::Stands,
    ),
    told((40, 9), Answer, "家长会出席征询（模板）", "请选能不能来。", None, (0, 0), End::Template),
];

pub(super) const OF_DISTRICT: [Told; 1] = [told(
    (10, 10),
    Confirm,
    "全区中小学生冬季取暖安全提醒",
    "使用电热毯、烤火炉时注意通风和断电，不让孩子单独在家用火。",
    Some(7),
    (83, 9),
    End::Stands,
)];
