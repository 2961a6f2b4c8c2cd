//! The pages as each role: what is there, what is not, and what is refused.

use super::Stage;
use gongyu_access::Role;
use gongyu_office::unreached::model::{Level, State};
use gongyu_office::unreached::store as tasks;
use gongyu_registry::people;
use gongyu_store::sql;
use gongyu_testkit::{Engine, Person, both_engines};

impl Stage {
    fn path(&self, n: usize) -> String {
        format!("/unreached/{}", self.task(self.student(n)).id)
    }

    /// A step by a person through the form, with the step they see.
    fn act(&self, person: &Person, n: usize, fields: &[(&str, &str)]) -> u16 {
        let task = self.task(self.student(n));
        let step = task.step.to_string();
        let mut all = vec![("step", step.as_str())];
        all.extend_from_slice(fields);
        self.post(person, &format!("/unreached/{}", task.id), &all).status.as_u16()
    }
}

const HAND: [(&str, &str); 3] = [("act", "hand"), ("reason", "number_dead"), ("words", "打了三次没人接，请帮忙找")];

both_engines! {
    fn from_the_class_teacher_to_the_door_by_its_pages(engine) {
        let s = Stage::open(engine);
        let list = s.words(s.teacher(), "/unreached");
        assert!(list.contains("6名学生的家里还没联系到") && list.contains("陈语桐"), "{list}");
        let one = s.words(s.teacher(), &s.path(0));
        assert!(one.contains("从11月23日的第二天起，数5个工作日") && one.contains("到11月30日"), "{one}");
        assert!(one.contains("交给学校") && !one.contains("上门见到了家里人"), "{one}");
        assert_eq!(s.act(s.teacher(), 0, &HAND), 303);
        assert_eq!(s.task(s.student(0)).level, Level::School);
        assert_eq!(s.act(s.director(), 0, &HAND), 303);
        let village = s.village.to_string();
        let to_site = [HAND[0], HAND[1], ("words", "请上门问一问新号码"), ("site", village.as_str())];
        assert_eq!(s.act(s.officer(), 0, &to_site), 303);
        let errands = s.words(&s.worker, "/unreached");
        assert!(errands.contains("陈语桐") && errands.contains("石桥中心校"), "{errands}");
        let errand = s.words(&s.worker, &s.path(0));
        assert!(errand.contains("请上门问一问新号码") && errand.contains("林秀兰") && errand.contains("石桥镇"), "{errand}");
        let mother = s.world.mother.to_string();
        let met = [("act", "knock"), ("met", mother.as_str()), ("day", "2026-11-23"), ("words", "")];
        assert_eq!(s.act(&s.worker, 0, &met), 303);
        assert_eq!(s.task(s.student(0)).state, State::Reached);
        assert!(s.words(&s.worker, "/unreached").contains("现在没有交给您的事"));
        let closed = s.words(s.teacher(), &s.path(0));
        assert!(closed.contains("已联系到") && closed.contains("上门见到了家里人"), "{closed}");
        let undo = s.post(&s.worker, &format!("{}/undo", s.path(0)), &[]);
        assert_eq!((undo.status.as_u16(), s.task(s.student(0)).state), (303, State::Open));
    }

    fn anothers_task_is_not_there(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(0), 3);
        s.hand(s.student(6), 2);
        let (theirs, of_village, with_town) = (s.path(7), s.path(0), s.path(6));
        let kinder = format!("/unreached/{}", s.task(s.world.sibling).id);
        let hidden: [(&Person, &str); 9] = [
            (s.teacher(), &theirs),
            (&s.world.other_teacher, &of_village),
            (s.director(), &kinder),
            (s.officer(), &theirs),
            (&s.far_officer, &of_village),
            (&s.far_officer, &with_town),
            (&s.far_worker, &of_village),
            (&s.worker, &with_town),
            (s.world.role(Role::Supervisor), &of_village),
        ];
        for (person, path) in hidden {
            assert_eq!(s.get(person, path).status, 404, "{:?} {} {path}", person.role, person.name);
            for act in ["reason", "hand", "back", "take", "number", "accept", "knock"] {
                let status = s.post(person, path, &[("act", act), ("step", "1")]).status.as_u16();
                assert!(matches!(status, 403 | 404), "{:?} {} {act}: {status}", person.role, person.name);
            }
            let address = s.post(person, &format!("{path}/address"), &[]).status.as_u16();
            assert!(matches!(address, 403 | 404), "{:?} {}: {address}", person.role, person.name);
        }
        for role in [Role::Guardian, Role::SubjectTeacher, Role::Counsellor, Role::Registrar, Role::Auditor] {
            assert_eq!(s.get(s.world.role(role), "/unreached").status, 403, "{role:?}");
            assert_eq!(s.get(s.world.role(role), &of_village).status, 403, "{role:?}");
        }
    }

    fn whoever_does_not_have_it_does_not_act(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(0), 3);
        let back = [("act", "back"), ("words", "没有找到这一家")];
        for person in [s.teacher(), s.director(), s.officer()] {
            assert_eq!(s.act(person, 0, &back), 403, "{:?}", person.role);
            assert_eq!(s.act(person, 0, &[("act", "knock"), ("met", "other"), ("day", "2026-11-23")]), 403);
        }
        assert_eq!(s.act(s.director(), 0, &[("act", "take")]), 403, "a school takes nothing from a village");
        assert_eq!(s.act(s.world.role(Role::DistrictOfficer), 0, &back), 403);
        assert_eq!(s.act(s.officer(), 0, &[("act", "take")]), 303, "the town may");
        assert_eq!(s.get(&s.worker, &s.path(0)).status, 404, "and then it is no errand any more");
        assert_eq!(s.act(s.teacher(), 1, &[("act", "knock"), ("met", "other"), ("day", "2026-11-23")]), 403);
    }

    fn a_village_worker_sees_a_name_a_school_and_what_is_asked(engine) {
        let s = Stage::open(engine);
        s.siblings();
        s.hand(s.student(0), 3);
        let page = s.get(&s.worker, &s.path(0));
        let words = page.words();
        assert!(words.contains("陈语桐、周子涵") && words.contains("石桥中心校"), "{words}");
        for hidden in ["三年级", "1990000", "向阳路", "2017", "陈语乐", "号码打不通", "/students/"] {
            assert!(!page.text().contains(hidden), "{hidden}: {words}");
        }
        for path in ["/never", "/classes", "/search", "/unreached/settings", "/schools", "/duties"] {
            let status = s.get(&s.worker, path).status.as_u16();
            assert!(matches!(status, 403 | 404), "{path}: {status}");
        }
        assert_eq!(s.post(&s.worker, "/unreached/export", &[]).status, 403);
        let address = s.post(&s.worker, &format!("{}/address", s.path(0)), &[]);
        assert!(address.words().contains("石桥镇向阳路1号"), "{}", address.text());
        let noted: i64 = s.read(|r| {
            r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE action = 'unreached.address-shown'"), &[])
        });
        assert_eq!(noted, 1);
    }

    fn a_town_counts_every_task_and_names_only_its_own(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(0), 2);
        let list = s.words(s.officer(), "/unreached");
        assert!(list.contains("12名学生") && list.contains("陈语桐") && list.contains("姓名不显示"), "{list}");
        assert!(!list.contains("周子涵"), "{list}");
        s.hand(s.student(1), 1);
        s.house.days_pass(8);
        s.keep_awake();
        s.night();
        let late = s.words(s.officer(), "/unreached?late=1");
        assert!(late.contains("周子涵"), "late at the school, it comes up one step: {late}");
        assert_eq!(s.act(s.officer(), 1, &[("act", "take")]), 303);
        assert_eq!(s.task(s.student(1)).unit, s.world.town);
        for role in [Role::Supervisor, Role::DistrictAdmin] {
            let words = s.words(s.world.role(role), "/unreached");
            assert!(words.contains("姓名不显示") && !words.contains("陈语桐"), "{role:?}");
        }
        assert!(s.words(s.world.role(Role::DistrictOfficer), "/unreached").contains("13名学生"));
    }

    fn a_number_from_the_village_is_looked_at_by_the_class_teacher(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(2), 3);
        let wrong = [("act", "number"), ("guardian", "1"), ("phone", "199")];
        assert_eq!(s.act(&s.worker, 2, &wrong), 422);
        let child = s.student(2);
        let guardian = s.read(move |r| Ok(people::guardians_of(r, child)?[0].guardian)).to_string();
        let found = [("act", "number"), ("guardian", guardian.as_str()), ("phone", "199 0000 8888")];
        assert_eq!(s.act(&s.worker, 2, &found), 303);
        assert!(s.words(&s.worker, &s.path(2)).contains("等班主任核对"));
        let home = s.words(s.officer(), &s.path(2));
        assert!(home.contains("等班主任核对") && !home.contains("19900008888"), "{home}");
        let seen = s.words(s.teacher(), &s.path(2));
        assert!(seen.contains("柳溪村给了家长何俊熙的新号码") && seen.contains("19900008888"), "{seen}");
        let (task, app) = (s.task(s.student(2)).id, s.house.app.clone());
        let number = s.read(move |r| Ok(tasks::numbers_of(r, &app.vault, task)?[0].id)).to_string();
        let accept = [("act", "accept"), ("number", number.as_str())];
        for person in [&s.worker, s.officer(), s.world.role(Role::SchoolLeader)] {
            assert_eq!(s.act(person, 2, &accept), 403, "{:?}", person.role);
        }
        assert_eq!(s.act(s.teacher(), 2, &accept), 303);
        let app = s.house.app.clone();
        assert_eq!(s.read(move |r| people::phones_of_child(r, &app.vault, child)), ["19900008888"]);
        assert_eq!(s.task(child).level, Level::Class);
    }

    fn a_follow_up_begins_by_hand_from_the_list_of_the_never_reached(engine) {
        let s = Stage::new(engine);
        let list = s.words(s.teacher(), "/never");
        assert!(list.contains("开始跟进"), "{list}");
        let child = s.student(0).to_string();
        let begun = s.post(s.teacher(), "/unreached/open", &[("child", child.as_str())]);
        assert_eq!(begun.location, Some(s.path(0)), "{}", begun.text());
        assert!(s.words(s.teacher(), "/never").contains("在跟进"));
        let elsewhere = s.student(7).to_string();
        assert_eq!(s.post(s.teacher(), "/unreached/open", &[("child", elsewhere.as_str())]).status, 404);
        for role in [Role::DistrictOfficer, Role::TownOfficer, Role::CommunityWorker] {
            let status = s.post(s.world.role(role), "/unreached/open", &[("child", child.as_str())]).status;
            assert_eq!(status, 403, "{role:?}");
        }
    }

    fn homes_say_what_waits_and_what_is_late_one_step_below(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(0), 1);
        s.hand(s.student(6), 2);
        let school = s.words(s.director(), "/school");
        assert!(school.contains("1名学生的家里没联系到，等您跟进"), "{school}");
        let town = s.words(s.officer(), "/town");
        assert!(town.contains("1名学生的家里没联系到，等您跟进"), "{town}");
        s.house.days_pass(8);
        s.keep_awake();
        s.night();
        let school = s.words(s.director(), "/school");
        assert!(school.contains("10名学生的跟进在下一环过了答复日期"), "{school}");
        let town = s.words(s.officer(), "/town");
        assert!(town.contains("1名学生的跟进过了答复日期") && town.contains("1名学生的跟进在下一环"), "{town}");
        let district = s.words(s.world.role(Role::DistrictOfficer), "/district");
        assert!(district.contains("1名学生的跟进在下一环过了答复日期"), "{district}");
    }

    fn the_file_is_made_for_those_who_may_and_noted(engine) {
        let s = Stage::open(engine);
        let file = s.post(s.director(), "/unreached/export?level=class", &[]);
        assert!(file.bytes.starts_with(b"PK"), "{}", file.text());
        assert_eq!(s.post(s.officer(), "/unreached/export", &[]).status, 403);
        let noted: i64 =
            s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE action = 'unreached.export'"), &[]));
        assert_eq!(noted, 1);
    }

    fn the_days_given_are_the_districts_own(engine) {
        let s = Stage::open(engine);
        let officer = s.world.role(Role::DistrictOfficer);
        let set = |school: &'static str| {
            [("class_days", "5"), ("school_days", school), ("town_days", "5"), ("site_days", "5"), ("settle_days", "30"), ("semester", "0")]
        };
        assert_eq!(s.post(officer, "/unreached/settings", &set("0")).status, 422);
        assert_eq!(s.post(officer, "/unreached/settings", &set("2")).status, 303);
        assert_eq!(s.post(s.director(), "/unreached/settings", &set("2")).status, 403);
        assert_eq!(s.hand(s.student(0), 1).due_on, jiff::civil::date(2026, 11, 25));
    }
}

/// Every page has all its words in both languages.
#[test]
fn no_page_shows_a_key_instead_of_a_word() {
    let s = Stage::open(Engine::Sqlite);
    s.hand(s.student(0), 3);
    s.hand(s.student(1), 2);
    s.hand(s.student(2), 1);
    for lang in ["zh-CN", "en"] {
        s.write(move |tx| tx.exec(sql!("UPDATE account SET lang = $1"), &[&lang])).unwrap();
        let pages: [(&Person, String); 10] = [
            (s.teacher(), "/unreached".to_owned()),
            (s.teacher(), s.path(0)),
            (s.teacher(), s.path(3)),
            (s.director(), s.path(2)),
            (s.officer(), s.path(1)),
            (s.officer(), s.path(0)),
            (&s.worker, "/unreached".to_owned()),
            (&s.worker, s.path(0)),
            (s.world.role(Role::DistrictOfficer), "/unreached?state=left".to_owned()),
            (s.world.role(Role::DistrictOfficer), "/unreached/settings".to_owned()),
        ];
        for (person, path) in pages {
            let words = s.words(person, &path);
            let keyed = words.split_whitespace().find(|w| w.starts_with("unreached-"));
            assert_eq!(keyed, None, "{lang} {:?} {path}", person.role);
        }
    }
}
