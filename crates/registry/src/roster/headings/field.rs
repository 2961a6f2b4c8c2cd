//! Every field of the three generations of the national sheet, with its official heading and the other headings seen for it.

use serde::{Deserialize, Serialize};

/// Which of the two family members of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberNo {
    /// 成员1
    One,
    /// 成员2
    Two,
}

impl MemberNo {
    /// Both members, in the order of the sheet.
    pub const ALL: [Self; 2] = [Self::One, Self::Two];

    /// 0 for the first member, 1 for the second.
    pub const fn index(self) -> usize {
        self as usize
    }
}

macro_rules! member_fields {
    ($($variant:ident $key:literal $title:literal [$($synonym:literal)*];)+) => {
        /// A column about a family member.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MemberField { $(#[doc = $title] $variant,)+ }

        impl MemberField {
            /// Every member field, in the order of the sheet.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const fn key_pair(self) -> [&'static str; 2] {
                match self { $(Self::$variant => [concat!("member1_", $key), concat!("member2_", $key)],)+ }
            }

            const fn title_pair(self) -> [&'static str; 2] {
                match self { $(Self::$variant => [concat!("成员1", $title), concat!("成员2", $title)],)+ }
            }

            /// The heading without its "成员1" and the other headings seen for it.
            pub(super) const fn words(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$title $(, $synonym)*],)+ }
            }
        }
    };
}

member_fields! {
    Name "name" "姓名" ["名字" ""];
    Relation "relation" "关系" ["与学生关系" "与本人关系" "与孩子关系" "称谓"];
    RelationNote "relation_note" "关系说明" ["与学生关系说明"];
    Address "address" "现住址" ["住址" "地址" "家庭住址" "居住地址"];
    HouseholdRegion "household_region" "户口所在地行政区划" ["户口所在地" "户籍所在地" "户籍地"];
    Phone "phone" "联系电话" ["电话" "手机" "手机号" "手机号码" "电话号码" "联系方式" "联系电话号码"];
    IsGuardian "is_guardian" "是否监护人" ["监护人" "是否是监护人" "是否为监护人"];
    IdKind "id_kind" "身份证件类型" ["证件类型" "身份证类型"];
    IdNumber "id_number" "身份证件号" ["身份证" "身份证号" "身份证号码" "身份证件号码" "证件号" "证件号码"];
    Ethnicity "ethnicity" "民族" [];
    WorkUnit "work_unit" "工作单位" ["单位"];
    Post "post" "职务" ["职业" "职位"];
}

macro_rules! pupil_fields {
    ($($variant:ident $key:literal $title:literal [$($synonym:literal)*];)+) => {
        /// A column of the sheet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub enum Field {
            $(#[doc = $title] $variant,)+
            /// A column about one of the two family members.
            Member(MemberNo, MemberField),
        }

        #[derive(Clone, Copy)]
        enum Slot { $($variant,)+ Members }

        impl Field {
            /// Every field about the pupil, without the member fields.
            pub const PUPIL: &'static [Self] = &[$(Self::$variant),+];

            /// The dense number of the field, below [`Field::COUNT`].
            pub const fn index(self) -> usize {
                match self {
                    $(Self::$variant => Slot::$variant as usize,)+
                    Self::Member(no, field) => {
                        Slot::Members as usize + no.index() * MemberField::ALL.len() + field as usize
                    }
                }
            }

            /// The stable word for the field in stored data and in forms.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)+
                    Self::Member(no, field) => field.key_pair()[no.index()],
                }
            }

            /// The heading of the launch form (first generation); later-born fields have the heading they were born with.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                    Self::Member(no, field) => field.title_pair()[no.index()],
                }
            }

            /// Other headings seen for a pupil field.
            pub(super) const fn synonyms(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($synonym),*],)+
                    Self::Member(..) => &[],
                }
            }
        }
    };
}

pupil_fields! {
    SchoolCode "school_code" "学校标识码" ["学校标示码" "学校识别码" "学校代码" "学校编码" "学校编号"];
    Campus "campus" "校区号" ["校区" "校区代码"];
    Name "name" "姓名" ["学生姓名" "名字"];
    Sex "sex" "性别" ["学生性别"];
    BirthDate "birth_date" "出生日期" ["出生年月日" "出生年月" "生日"];
    BirthRegion "birth_region" "出生地行政区划代码" ["出生地行政区划" "出生地" "出生地代码"];
    NativePlace "native_place" "籍贯" [];
    Ethnicity "ethnicity" "民族" ["学生民族"];
    Nationality "nationality" "国籍/地区" ["国籍" "国家地区" "国籍或地区"];
    IdKind "id_kind" "身份证件类型" ["身份证类型" "证件类型" "学生身份证件类型"];
    IdNumber "id_number" "身份证件号" ["身份证" "身份证号" "身份证号码" "身份证件号码" "证件号" "证件号码" "学生身份证号" "学生身份证件号" "公民身份号码"];
    IdValidity "id_validity" "身份证件有效期" ["证件有效期" "身份证有效期"];
    HmtOverseas "hmt_overseas" "港澳台侨外" ["港澳台侨" "是否港澳台侨外"];
    Health "health" "健康状况" [];
    Political "political" "政治面貌" [];
    HouseholdKind "household_kind" "户口性质" ["户口类型" "户籍性质"];
    HouseholdRegion "household_region" "户口所在地行政区划" ["户口所在地" "户籍所在地" "户口所在地行政区划代码" "户籍地"];
    Grade "grade" "年级" ["所在年级" "年级名称" "就读年级"];
    Class "class" "班号" ["班级号" "班级" "班级名称" "所在班级" "班" "就读班级" "行政班"];
    EntryMonth "entry_month" "入学年月" ["入学时间" "入学日期" "入校年月"];
    EntryWay "entry_way" "入学方式" [];
    Boarding "boarding" "就读方式" ["是否住校"];
    CurrentAddress "current_address" "现住址" ["现居住地" "现居住地址" "居住地址" "住址"];
    MailAddress "mail_address" "通信地址" ["通讯地址"];
    FamilyAddress "family_address" "家庭地址" ["家庭住址"];
    Phone "phone" "联系电话" ["联系方式" "电话" "手机" "手机号" "手机号码" "学生联系电话"];
    PostCode "post_code" "邮政编码" ["邮编"];
    OnlyChild "only_child" "是否独生子女" ["独生子女"];
    Preschool "preschool" "是否受过学前教育" ["受过学前教育" "学前教育"];
    LeftBehind "left_behind" "是否留守儿童" ["留守儿童" "留守情况"];
    RuralLeftBehind "rural_left_behind" "是否农村留守儿童" ["农村留守儿童"];
    MigrantWorkerChild "migrant_worker_child" "是否进城务工人员随迁子女" ["进城务工人员随迁子女" "是否进城务工人员子女"];
    MigrantChild "migrant_child" "是否随迁子女" ["随迁子女"];
    Orphan "orphan" "是否孤儿" ["孤儿"];
    MartyrFamily "martyr_family" "是否烈士或优抚子女" ["烈士或优抚子女" "是否烈士优抚子女"];
    NeedsAid "needs_aid" "是否需要申请资助" ["需要申请资助" "是否申请资助"];
    GetsAllowance "gets_allowance" "是否享受一补" ["享受一补" "是否一补"];
    GovernmentPlace "government_place" "是否由政府购买学位" ["政府购买学位" "是否政府购买学位"];
    TravelDistance "travel_distance" "上下学距离" ["上学距离"];
    TravelWay "travel_way" "上下学方式" ["上下学交通方式" "上学方式" "交通方式"];
    SchoolBus "school_bus" "是否需要乘坐校车" ["是否乘坐校车" "乘坐校车" "需要乘坐校车"];
    FormerName "former_name" "曾用名" [];
    BloodType "blood_type" "血型" [];
    Talent "talent" "特长" [];
    RollNumber "roll_number" "学籍号" ["全国学籍号" "学生学籍号" "国网学籍号" "全国学籍号码" "学籍号码"];
    RollContinuation "roll_continuation" "学籍接续标识" ["学籍接续号"];
    RollAuxNumber "roll_aux_number" "学籍辅号" [];
    SeatNumber "seat_number" "班内学号" ["学号" "座号"];
    StudentSource "student_source" "学生来源" [];
    Email "email" "电子信箱" ["电子邮箱" "邮箱" "电子邮件"];
    Homepage "homepage" "主页地址" ["个人主页"];
    Disability "disability" "残疾类型" ["残疾人类型" "残疾类别"];
    Disabled "disabled" "是否残疾人" ["是否残疾" "残疾人"];
    Inclusive "inclusive" "随班就读" ["是否随班就读"];
}

/// How a field's text may be shown in a list of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Plain,
    /// Only the ends of an identity number.
    IdNumber,
    /// Only the ends of a telephone number.
    Phone,
    /// Only the beginning of an address.
    Address,
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = Slot::Members as usize + 2 * MemberField::ALL.len();

    /// Every field, pupil fields first.
    pub fn all() -> impl Iterator<Item = Self> {
        let members =
            MemberNo::ALL.into_iter().flat_map(|no| MemberField::ALL.iter().map(move |field| Self::Member(no, *field)));
        Self::PUPIL.iter().copied().chain(members)
    }

    /// The field whose [`Field::key`] this is.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::all().find(|field| field.key() == key)
    }

    /// How the text of the field may be shown in a list of problems.
    pub const fn shown(self) -> Shown {
        match self {
            Self::IdNumber | Self::RollNumber | Self::RollContinuation | Self::Member(_, MemberField::IdNumber) => {
                Shown::IdNumber
            }
            Self::Phone | Self::Member(_, MemberField::Phone) => Shown::Phone,
            Self::CurrentAddress | Self::MailAddress | Self::FamilyAddress | Self::Member(_, MemberField::Address) => {
                Shown::Address
            }
            _ => Shown::Plain,
        }
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.key().to_owned()
    }
}

impl TryFrom<String> for Field {
    type Error = String;

    fn try_from(key: String) -> Result<Self, String> {
        Self::from_key(&key).ok_or_else(|| format!("no roster field is called {key}"))
    }
}
