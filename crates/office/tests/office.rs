//! The office by its pages, on both engines: what each role sees of reach and duties, and that lists,
//! figures and files say the same.

use gongyu_access::Role;
use gongyu_kernel::{Date, Id};
use gongyu_ledger::act::{self, NewAct};
use gongyu_ledger::figures::{self, Figures};
use gongyu_ledger::rules::{ActKind, Channel, Depth, StaffRole, Tone, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_ledger::week;
use gongyu_registry::people::Relation;
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Seen, World, base_features, both_engines};
use jiff::civil::date;

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

const TODAY: Date = date(2026, 11, 23);

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_registry::account::feature(),
            gongyu_office::dashboard::feature(),
            gongyu_office::school_home::feature(),
            gongyu_office::duties::feature(),
            gongyu_office::never_reached::feature(),
            gongyu_office::rules::feature(),
            gongyu_office::unreached::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { house, world, runtime }
    }

    fn client(&self, role: Role) -> Client {
        Client::of(self.house.router(), self.world.role(role))
    }

    fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(self.client(role).get(path))
    }

    fn words(&self, role: Role, path: &str) -> String {
        let seen = self.get(role, path);
        assert_eq!(seen.status, 200, "{role:?} {path}: {}", seen.text());
        seen.words()
    }

    fn post(&self, role: Role, page: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let client = self.client(role);
        let secret = self.get(role, page).attr("meta[name=csrf]", "content").unwrap();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.runtime.block_on(client.post_bare(path, &all))
    }

    /// A contact with the father of a child, face to face at home.
    fn visit(&self, child: usize) {
        let student = self.world.students[child];
        self.house.db().write_wait(move |tx| touch::record(tx, &[visit(student)]).map(drop)).unwrap();
    }

    fn hold(&self, kind: &'static ActKind, title: &'static str, day: Date) {
        let school = self.world.school;
        self.house
            .db()
            .write_wait(move |tx| {
                let new = NewAct {
                    school: Some(school),
                    unit: school,
                    kind: kind.clone(),
                    title,
                    place: "礼堂",
                    held_on: day,
                    minutes: 60,
                    attendance: 30,
                    by: None,
                };
                act::record(tx, &new)
            })
            .unwrap();
    }
}

fn visit(student: Id) -> NewTouch {
    NewTouch {
        student,
        kind: TouchKind::VISIT,
        depth: Depth::Met,
        channel: Channel::HomeVisit,
        tone: Some(Tone::Good),
        by_family: false,
        occurred_on: TODAY,
        guardian: None,
        relation: Some(Relation::Father),
        staff: None,
        staff_role: Some(StaffRole::ClassTeacher),
        minutes: 20,
        source: ("visit", None),
        act: None,
        client_key: None,
    }
}

static FAMILY_EDUCATION: ActKind = ActKind::FAMILY_EDUCATION;

both_engines! {
    fn the_district_answers_in_one_sentence_and_every_level_agrees(engine) {
        let s = Stage::new(engine);
        s.visit(0);
        s.visit(1);
        s.visit(2);
        let page = s.words(Role::DistrictOfficer, "/district");
        assert!(page.contains("23.1%的学生本学期联系到了家里"), "{page}");
        assert!(page.contains("还有10名学生从未联系到"), "{page}");
        assert!(page.contains("九成在乡村"), "{page}");
        let town = s.words(Role::DistrictOfficer, &format!("/towns/{}", s.world.town));
        assert!(town.contains("还有9名学生从未联系到"), "{town}");
        let rows = s.get(Role::DistrictOfficer, &format!("/district/towns/{}/rows", s.world.town));
        assert_eq!(rows.location, Some(format!("/towns/{}?", s.world.town)));
        let school = s.words(Role::DistrictOfficer, &format!("/schools/{}/reach", s.world.school));
        assert!(school.contains("3/12名") && school.contains("还有9名学生从未联系到"), "{school}");
        let class = s.words(Role::DistrictOfficer, &format!("/classes/{}/reach", s.world.classes[0]));
        assert!(class.contains("6名学生，本学期联系到50.0%，3名从未联系到"), "{class}");
        let opens = s.get(Role::DistrictOfficer, &format!("/classes/{}/reach", s.world.classes[0]));
        assert!(opens.attr("a[href^='/students/']", "href").is_some());
    }

    fn a_child_that_was_reached_leaves_the_list_of_the_never_reached(engine) {
        let s = Stage::new(engine);
        assert!(s.words(Role::MoralDirector, "/never").contains("12名学生的家里从来没有联系到"));
        assert!(s.words(Role::MoralDirector, "/never").contains("陈语桐"));
        s.visit(0);
        let page = s.words(Role::MoralDirector, "/never");
        assert!(page.contains("11名学生") && !page.contains("陈语桐"), "{page}");
        assert!(s.words(Role::MoralDirector, "/never?which=semester").contains("11名学生"));
        assert!(s.words(Role::DistrictOfficer, "/never").contains("12名学生"));
        assert!(s.words(Role::DistrictOfficer, "/never?setting=urban").contains("陈语乐"));
        // The third pupil's only guardian has no telephone.
        let without = s.words(Role::MoralDirector, "/never?phone=no");
        assert!(without.contains("1名学生") && without.contains("何俊熙"), "{without}");
        assert!(s.words(Role::MoralDirector, "/never?days=180").contains("11名学生"));
        let file = s.get(Role::MoralDirector, "/never.xlsx");
        assert!(file.bytes.starts_with(b"PK"));
    }

    fn nobody_leaves_the_unit_of_their_hat(engine) {
        let s = Stage::new(engine);
        let (school, kindergarten, street) = (s.world.school, s.world.kindergarten, s.world.street);
        let class = s.world.classes[1];
        let refused = [
            (Role::TownOfficer, format!("/towns/{street}"), 404),
            (Role::TownOfficer, "/district".to_owned(), 403),
            (Role::TownOfficer, format!("/schools/{kindergarten}/duties"), 404),
            (Role::SchoolLeader, format!("/schools/{kindergarten}/reach"), 404),
            (Role::SchoolLeader, "/rules".to_owned(), 403),
            (Role::ClassTeacher, format!("/classes/{class}/reach"), 404),
            (Role::ClassTeacher, format!("/classes/{class}/duties/R05"), 404),
            (Role::ClassTeacher, format!("/schools/{school}/duties"), 404),
            (Role::Guardian, "/never".to_owned(), 403),
            (Role::Counsellor, "/school".to_owned(), 403),
            (Role::Supervisor, "/never.xlsx".to_owned(), 403),
            (Role::TownOfficer, "/district.xlsx".to_owned(), 403),
        ];
        for (role, path, status) in refused {
            assert_eq!(s.get(role, &path).status, status, "{role:?} {path}");
        }
        let own = s.words(Role::ClassTeacher, "/never");
        assert!(own.contains("6名学生"), "{own}");
        let elsewhere = s.words(Role::SchoolLeader, &format!("/never?school={kindergarten}"));
        assert!(elsewhere.contains("没有从未联系到的学生"), "{elsewhere}");
    }

    fn officers_without_the_right_to_a_child_see_numbers_and_no_names(engine) {
        let s = Stage::new(engine);
        for role in [Role::TownOfficer, Role::DistrictAdmin, Role::Supervisor] {
            let page = s.words(role, "/never");
            assert!(page.contains("您能看到数字，看不到学生姓名") && !page.contains("陈语桐"), "{role:?} {page}");
        }
        let class = format!("/classes/{}/reach", s.world.classes[0]);
        assert!(!s.words(Role::TownOfficer, &class).contains("陈语桐"));
        assert!(s.words(Role::DistrictOfficer, &class).contains("陈语桐"));
    }

    fn a_school_duty_turns_from_due_to_met_and_opens_to_what_counts(engine) {
        let s = Stage::new(engine);
        let detail = format!("/schools/{}/duties/R01", s.world.school);
        let before = s.words(Role::MoralDirector, &detail);
        assert!(before.contains("还差2次") && before.contains("重庆市家庭教育促进条例"), "{before}");
        s.hold(&FAMILY_EDUCATION, "怎样陪孩子读书", date(2026, 10, 20));
        s.hold(&FAMILY_EDUCATION, "手机和作业", date(2026, 11, 10));
        let after = s.words(Role::MoralDirector, &detail);
        assert!(after.contains("已完成") && after.contains("手机和作业") && !after.contains("还差"), "{after}");
        assert!(s.words(Role::SchoolLeader, "/school").contains("手机和作业"));
        let matrix = s.words(Role::DistrictOfficer, "/duties");
        assert!(matrix.contains("家庭教育活动，每学期2次"), "{matrix}");
        let schools = s.words(Role::DistrictOfficer, "/duties/R01?state=met");
        assert!(schools.contains("石桥中心校") && !schools.contains("石桥初级中学"), "{schools}");
    }

    fn a_duty_towards_children_opens_to_the_children_still_missing(engine) {
        let s = Stage::new(engine);
        s.visit(0);
        let school = s.words(Role::MoralDirector, &format!("/schools/{}/duties/R05", s.world.school));
        assert!(school.contains("1/12名") && school.contains("1/6"), "{school}");
        let class = s.words(Role::ClassTeacher, &format!("/classes/{}/duties/R05", s.world.classes[0]));
        assert!(class.contains("6名学生里1名已做到"), "{class}");
        assert!(s.words(Role::ClassTeacher, "/duties").contains("班主任家访"));
    }

    fn counts_of_a_special_group_are_for_few_and_never_below_five(engine) {
        let s = Stage::new(engine);
        let detail = format!("/schools/{}/duties/R06", s.world.school);
        let seen = s.words(Role::MoralDirector, &detail);
        assert!(seen.contains("少于5人") && !seen.contains("0/2名"), "{seen}");
        for role in [Role::DistrictOfficer, Role::Registrar, Role::Supervisor] {
            let hidden = s.words(role, &detail);
            assert!(hidden.contains("不显示人数") && !hidden.contains("少于5人"), "{role:?} {hidden}");
        }
        assert!(!s.words(Role::Supervisor, "/school").contains("需要特别关心的学生"));
        let class = format!("/classes/{}/duties/R06", s.world.classes[0]);
        assert_eq!(s.get(Role::DistrictOfficer, &class).status, 403);
        assert!(s.words(Role::ClassTeacher, &class).contains("特殊群体学生家访"));
    }

    fn a_changed_rule_is_a_new_version_and_an_earlier_one_can_be_used_again(engine) {
        let s = Stage::new(engine);
        s.hold(&FAMILY_EDUCATION, "怎样陪孩子读书", date(2026, 10, 20));
        let fields = [
            ("enabled", "on"), ("required", "1"), ("period", "semester"), ("due_from", "70"),
            ("deadline", "last_lesson"), ("school_kinds", "primary"), ("valid_from", "2016-09-01"),
        ];
        let saved = s.post(Role::DistrictOfficer, "/rules/R01", "/rules/R01", &fields);
        assert_eq!(saved.location.as_deref(), Some("/rules/R01"), "{}", saved.text());
        s.house.run_jobs();
        let page = s.words(Role::DistrictOfficer, "/rules/R01");
        assert!(page.contains("第2版") && page.contains("唐科长"), "{page}");
        let detail = format!("/schools/{}/duties/R01", s.world.school);
        assert!(s.words(Role::MoralDirector, &detail).contains("已完成"));
        let again = s.post(Role::DistrictOfficer, "/rules/R01", "/rules/R01", &fields);
        assert!(again.words().contains("没有要存的"), "{}", again.text());
        let wrong = [("required", "0"), ("period", "semester"), ("due_from", "70"), ("deadline", "day")];
        let refused = s.post(Role::DistrictOfficer, "/rules/R01", "/rules/R01", &wrong);
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("请填1到400之间的整数"), "{}", refused.words());
        let back = s.post(Role::DistrictOfficer, "/rules/R01", "/rules/R01/versions/1", &[]);
        assert_eq!(back.status, 303);
        s.house.run_jobs();
        assert!(s.words(Role::MoralDirector, &detail).contains("还差1次"));
    }

    fn figures_of_an_earlier_week_stay_as_they_stood(engine) {
        let s = Stage::new(engine);
        s.visit(0);
        week::keep_week(s.house.db()).unwrap();
        s.house.days_pass(8);
        let awake = s.house.app.clock().now().plus_days(30);
        s.house
            .db()
            .write_wait(move |tx| {
                let now = tx.now();
                tx.exec(sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&now, &awake])
            })
            .unwrap();
        s.visit(1);
        let then = s.words(Role::DistrictOfficer, "/district?as_of=2026-11-29");
        assert!(then.contains("还有12名学生从未联系到") && then.contains("11月29日的周记录"), "{then}");
        let now = s.words(Role::DistrictOfficer, "/district");
        assert!(now.contains("还有11名学生从未联系到") && now.contains("比上周少1名"), "{now}");
        assert!(now.contains("比上周多7.7个百分点"), "{now}");
        let trend = s.get(Role::DistrictOfficer, "/district/trend");
        assert!(trend.text().contains("gy-chart-data") && trend.words().contains("第"), "{}", trend.text());
        assert!(s.words(Role::DistrictOfficer, "/district?as_of=2026-01-01").contains("那一天还没有记录"));
    }

    fn a_school_without_children_stands_in_its_town_because_duties_ask_of_it_too(engine) {
        let s = Stage::new(engine);
        let town = s.world.town;
        let add = move |tx: &mut gongyu_store::Tx| {
            let (id, now) = (tx.new_id(), tx.now());
            tx.exec(
                sql!(
                    "INSERT INTO unit (id, kind, code, name, short_name, name_key, parent_id, town_id, school_id,
                                        school_kind, setting, phone, address, valid_from, created_at)
                      VALUES ($1, 'school', '9900000001', '新桥小学', '新桥小学', 'xinqiao', $2, $2, $1, 'primary',
                              'urban', '', '', '2020-09-01', $3)"
                ),
                &[&id, &town, &now],
            )
        };
        s.house.db().write_wait(add).unwrap();
        let page = s.words(Role::DistrictOfficer, &format!("/towns/{town}"));
        assert!(page.contains("新桥小学"), "{page}");
    }

    fn an_earlier_week_knows_messages_parents_and_tones_too(engine) {
        let s = Stage::new(engine);
        s.visit(0);
        week::keep_week(s.house.db()).unwrap();
        let weeks = s.house.db().read_wait(|r| week::of_district(r, TODAY, week::week_end(TODAY))).unwrap();
        let live = s
            .house
            .db()
            .read_wait(|r| {
                let present = figures::present(r)?;
                figures::by_every_school(r, present)
            })
            .unwrap();
        let weekly: Vec<Figures> = weeks.iter().map(week::Week::figures).collect();
        let (kept, now) = (Figures::total(&weekly), Figures::total(&live));
        assert!(weeks.iter().all(|w| w.entire) && now.told > 0 && now.father > 0);
        assert_eq!(kept, now);
    }

    fn the_district_file_is_what_the_page_shows(engine) {
        let s = Stage::new(engine);
        assert!(s.get(Role::DistrictOfficer, "/district.xlsx?setting=rural").bytes.starts_with(b"PK"));
        let rural = s.get(Role::DistrictOfficer, "/district?setting=rural").text();
        assert!(rural.contains("data-drill=\"town-") && !rural.contains("临江街道</button>"), "{rural}");
    }
}

/// Every page of the room has all its words in both languages.
#[test]
fn no_page_shows_a_key_instead_of_a_word() {
    let s = Stage::new(Engine::Sqlite);
    s.visit(0);
    s.hold(&FAMILY_EDUCATION, "怎样陪孩子读书", date(2026, 10, 20));
    let (school, class, town) = (s.world.school, s.world.classes[0], s.world.town);
    let pages = [
        (Role::DistrictOfficer, "/district".to_owned()),
        (Role::DistrictOfficer, "/district?as_of=2026-01-01".to_owned()),
        (Role::DistrictOfficer, "/district/trend".to_owned()),
        (Role::DistrictOfficer, format!("/towns/{town}")),
        (Role::TownOfficer, "/town".to_owned()),
        (Role::DistrictOfficer, format!("/schools/{school}/reach")),
        (Role::DistrictOfficer, format!("/classes/{class}/reach")),
        (Role::TownOfficer, format!("/classes/{class}/reach")),
        (Role::SchoolLeader, "/school".to_owned()),
        (Role::DistrictOfficer, "/duties".to_owned()),
        (Role::DistrictOfficer, "/duties/R01".to_owned()),
        (Role::SchoolLeader, "/duties".to_owned()),
        (Role::SchoolLeader, format!("/schools/{school}/duties/R01")),
        (Role::SchoolLeader, format!("/schools/{school}/duties/R05")),
        (Role::SchoolLeader, format!("/schools/{school}/duties/R06")),
        (Role::ClassTeacher, "/duties".to_owned()),
        (Role::ClassTeacher, format!("/classes/{class}/duties/R06")),
        (Role::DistrictOfficer, "/never".to_owned()),
        (Role::TownOfficer, "/never?which=semester".to_owned()),
        (Role::DistrictOfficer, "/rules".to_owned()),
        (Role::DistrictOfficer, "/rules/R05".to_owned()),
        (Role::DistrictOfficer, "/rules/R03".to_owned()),
    ];
    for lang in ["zh-CN", "en"] {
        s.house.db().write_wait(move |tx| tx.exec(sql!("UPDATE account SET lang = $1"), &[&lang])).unwrap();
        for (role, path) in &pages {
            let words = s.words(*role, path);
            for prefix in
                ["dash-", "reach-", "duties-", "never-", "school-home-", "rules-", "duty-", "touch-", "act-kind-"]
            {
                let keyed = words.split_whitespace().find(|w| w.starts_with(prefix));
                assert_eq!(keyed, None, "{lang} {role:?} {path}");
            }
        }
    }
}
