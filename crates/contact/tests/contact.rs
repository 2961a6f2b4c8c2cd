//! The contact room by its pages: what a teacher notes, what follows in the ledger, what a family sees.

use gongyu_access::{Prefs, Role, account};
use gongyu_kernel::Id;
use gongyu_kernel::i18n::Lang;
use gongyu_ledger::{figures, reach, touch};
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_deliver::feature(),
            gongyu_contact::contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
            gongyu_contact::act_record::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { house, world, runtime }
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    /// Posts with the secret taken from a page of the same session.
    fn post(&self, client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let secret = self.get(client, page).attr("meta[name=csrf]", "content").unwrap();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.runtime.block_on(client.post_bare(path, &all))
    }

    fn read<T: Send + 'static>(
        &self,
        what: impl Fn(&mut gongyu_store::Reader) -> gongyu_kernel::Result<T> + Send + Sync + 'static,
    ) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    fn child(&self) -> String {
        self.world.students[0].to_string()
    }

    fn semester_reach(&self, child: Id) -> reach::ChildReach {
        self.read(move |r| {
            let [semester, _, _] = figures::present_periods(r)?;
            Ok(reach::of_children(r, &[child], &semester)?.remove(&child).unwrap_or_default())
        })
    }

    fn touches(&self, child: Id) -> Vec<touch::Touch> {
        self.read(move |r| touch::of_student(r, child, true, 50))
    }
}

/// The contact that was just noted, from the address a post leads to.
fn saved(seen: &Seen) -> String {
    let to = seen.location.clone().expect("noted and sent on");
    to.rsplit('=').next().unwrap().to_owned()
}

both_engines! {
    fn three_taps_take_a_family_off_the_never_reached_and_undo_brings_it_back(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher)).on_phone();
        let before = s.get(&teacher, "/class");
        assert!(before.words().contains("6名学生"), "{}", before.words());
        assert_eq!(before.text().matches("gy-cell is-never").count(), 6);
        let child = s.child();
        let fields = [("child", child.as_str()), ("channel", "phone"), ("tone", "good"), ("key", "k1")];
        let first = s.post(&teacher, "/class", "/contacts", &fields);
        assert_eq!(first.status, 303, "{}", first.text());
        let again = s.post(&teacher, "/class", "/contacts", &fields);
        assert_eq!(saved(&first), saved(&again));
        assert_eq!(s.touches(s.world.students[0]).len(), 1);
        let touch = &s.touches(s.world.students[0])[0];
        assert_eq!((touch.guardian, touch.relation.map(|r| r.code())), (Some(s.world.mother), Some("mother")));
        assert_eq!(s.get(&teacher, "/class").text().matches("gy-cell is-never").count(), 5);
        let undone = s.post(&teacher, "/class", &format!("/contacts/{}/undo", saved(&first)), &[]);
        assert_eq!(undone.status, 303);
        assert_eq!(s.get(&teacher, "/class").text().matches("gy-cell is-never").count(), 6);
        let twice = s.post(&teacher, "/class", &format!("/contacts/{}/undo", saved(&first)), &[]);
        assert_eq!(twice.status, 409);
    }

    fn a_father_named_by_relation_counts_though_the_mother_is_usual(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let child = s.child();
        s.post(&teacher, "/class", "/contacts", &[("child", &child), ("channel", "phone"), ("tone", "neutral"), ("who", "father")]);
        let counted = s.semester_reach(s.world.students[0]);
        assert_eq!((counted.father, counted.mother), (1, 0));
        assert_eq!(s.touches(s.world.students[0])[0].guardian, Some(s.world.father));
    }

    fn a_child_of_another_class_is_not_there_for_a_class_teacher(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let other = s.world.students[6].to_string();
        let refused = s.post(&teacher, "/class", "/contacts", &[("child", &other), ("channel", "phone"), ("tone", "good")]);
        assert_eq!(refused.status, 404);
        assert_eq!(s.get(&teacher, &format!("/students/{other}/contacts")).status, 404);
        assert_eq!(s.get(&teacher, &format!("/contacts/new?child={other}")).status, 404);
        assert!(s.touches(s.world.students[6]).is_empty());
    }

    fn a_correction_keeps_one_contact_and_leaves_both_in_the_ledger(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let child = s.child();
        let noted = s.post(&teacher, "/class", "/contacts", &[("child", &child), ("channel", "phone"), ("tone", "complaint")]);
        let page = format!("/contacts/{}", saved(&noted));
        let fields = [("channel", "home_visit"), ("tone", "concern"), ("note", "一起看了作业"), ("day", "2026-11-20")];
        let stranger = s.at(&s.world.other_teacher);
        assert_eq!(s.post(&stranger, "/class", &page, &fields).status, 404);
        let leader = s.at(s.world.role(Role::SchoolLeader));
        assert_eq!(s.post(&leader, &page, &page, &fields).status, 403);
        let director = s.at(s.world.role(Role::MoralDirector));
        assert_eq!(s.post(&director, &page, &page, &fields).status, 303);
        let counted = s.semester_reach(s.world.students[0]);
        assert_eq!((counted.talked, counted.met, counted.visit, counted.complaint, counted.concern), (0, 1, 1, 0, 1));
        let touches = s.touches(s.world.students[0]);
        assert_eq!(touches.iter().filter(|t| t.reversed).count(), 1);
        let standing = touches.iter().find(|t| !t.reversed).unwrap();
        assert_eq!(standing.staff, s.world.role(Role::ClassTeacher).staff);
        assert!(s.get(&teacher, &page).words().contains("一起看了作业"));
    }

    fn a_family_reads_good_news_never_a_complaint_and_says_whether_it_happened(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let child = s.child();
        for (tone, note) in [("good", "主动给同桌讲题"), ("complaint", "上课讲话"), ("concern", "最近话少")] {
            let fields = [("child", child.as_str()), ("channel", "phone"), ("tone", tone), ("note", note)];
            s.post(&teacher, "/class", "/contacts", &fields);
        }
        let mother = s.at(s.world.role(Role::Guardian));
        let pages = [s.get(&mother, "/home"), s.get(&mother, &format!("/children/{child}"))];
        assert!(pages[0].words().contains("今天没有要您办的事"), "{}", pages[0].words());
        for page in &pages {
            assert!(page.text().contains("主动给同桌讲题"));
            assert!(!page.text().contains("上课讲话") && !page.text().contains("最近话少"));
        }
        let touch = s.touches(s.world.students[0])[0].id;
        let said = s.post(&mother, "/home", &format!("/touches/{touch}/answer"), &[("happened", "no")]);
        assert_eq!(said.status, 303);
        assert!(s.get(&teacher, &format!("/students/{child}/contacts")).words().contains("家长说没有这回事"));
        let other = s.world.students[1];
        s.post(&teacher, "/class", "/contacts", &[("child", &other.to_string()), ("channel", "phone"), ("tone", "good")]);
        let not_mine = s.touches(other)[0].id;
        let refused = s.post(&mother, "/home", &format!("/touches/{not_mine}/answer"), &[("happened", "yes")]);
        assert_eq!(refused.status, 404);
        assert_eq!(s.get(&mother, &format!("/children/{other}")).status, 404);
    }

    fn a_wrong_number_becomes_a_task_of_the_class_teacher_until_it_is_mended(engine) {
        let s = Stage::new(engine);
        let mother = s.at(s.world.role(Role::Guardian));
        let page = format!("/children/{}/number", s.child());
        assert!(s.get(&mother, &page).words().contains("199****0001"));
        assert_eq!(s.post(&mother, &page, &page, &[("number", "123")]).status, 422);
        for number in ["19900007777", "19900008888"] {
            assert_eq!(s.post(&mother, &page, &page, &[("number", number)]).status, 303);
        }
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let board = s.get(&teacher, "/class");
        assert!(board.words().contains("19900008888") && !board.text().contains("19900007777"));
        let colleague = s.at(s.world.role(Role::SubjectTeacher));
        assert!(!s.get(&colleague, "/class").text().contains("19900008888"));
        let done = board.attr("form[action^='/numbers/']", "action").unwrap();
        assert_eq!(s.post(&s.at(&s.world.other_teacher), "/class", &done, &[]).status, 404);
        assert_eq!(s.post(&teacher, "/class", &done, &[]).status, 303);
        assert!(!s.get(&teacher, "/class").text().contains("19900008888"));
    }

    fn a_class_meeting_reaches_the_families_ticked_and_taking_it_back_unreaches_them(engine) {
        let s = Stage::new(engine);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let (a, b) = (s.world.students[0].to_string(), s.world.students[1].to_string());
        let fields = [
            ("kind", "parent_meeting"), ("title", "期中家长会"), ("day", "2026-11-20"), ("came", &a), ("came", &b),
        ];
        assert_eq!(s.post(&teacher, "/acts/new", "/acts/new", &fields).status, 303);
        assert_eq!(s.semester_reach(s.world.students[1]).met, 1);
        let list = s.get(&teacher, "/acts");
        assert!(list.words().contains("期中家长会"));
        let act = list.attr("td a[href^='/acts/']", "href").unwrap();
        assert_eq!(s.get(&s.at(&s.world.other_teacher), &act).status, 404);
        let fewer = [("kind", "parent_meeting"), ("title", "期中家长会"), ("day", "2026-11-20"), ("came", &a)];
        assert_eq!(s.post(&teacher, &act, &act, &fewer).status, 303);
        assert_eq!((s.semester_reach(s.world.students[0]).met, s.semester_reach(s.world.students[1]).met), (1, 0));
        let corrected = s.get(&teacher, "/acts").attr("td a[href^='/acts/']", "href").unwrap();
        assert_eq!(s.post(&teacher, "/acts", &format!("{corrected}/undo"), &[]).status, 303);
        assert_eq!(s.semester_reach(s.world.students[0]).met, 0);
        assert!(s.get(&teacher, "/acts").words().contains("还没有活动"));
    }

    fn a_teacher_sees_the_balance_of_the_class_and_only_their_own(engine) {
        let s = Stage::new(engine);
        let (teacher, colleague) = (s.at(s.world.role(Role::ClassTeacher)), s.at(s.world.role(Role::SubjectTeacher)));
        let child = s.child();
        for _ in 0..2 {
            s.post(&colleague, "/class", "/contacts", &[("child", &child), ("channel", "phone"), ("tone", "complaint")]);
        }
        let page = s.get(&teacher, "/class/balance");
        assert!(page.words().contains("有1名学生的家里只听到过批评"));
        assert!(page.words().contains("您本学期还没有记过联系"));
        assert!(!page.text().contains("龚老师"));
        assert!(s.get(&teacher, "/class").text().contains("最近两次都是批评"));
        assert!(s.get(&colleague, "/class/balance").words().contains("批评2次"));
    }
}

/// Every page of the room, in both languages and both shells, has all its words.
#[test]
fn no_page_shows_a_key_instead_of_a_word() {
    let s = Stage::new(Engine::Sqlite);
    let teacher = s.at(s.world.role(Role::ClassTeacher));
    let child = s.child();
    let fields =
        [("child", child.as_str()), ("channel", "phone"), ("tone", "complaint"), ("left", "1"), ("began", "family")];
    let record = saved(&s.post(&teacher, "/class", "/contacts", &fields));
    s.post(
        &teacher,
        "/acts/new",
        "/acts/new",
        &[("kind", "open_day"), ("title", "开放日"), ("day", "2026-11-20"), ("came", &child)],
    );
    let act = s.get(&teacher, "/acts").attr("td a[href^='/acts/']", "href").unwrap();
    let class = s.world.classes[0];
    let of_teacher = [
        "/class".to_owned(),
        format!("/class?saved={record}"),
        "/class/log".to_owned(),
        "/class/balance".to_owned(),
        format!("/contacts/new?child={child}"),
        format!("/contacts/{record}"),
        format!("/students/{child}/contacts"),
        "/acts".to_owned(),
        "/acts/new".to_owned(),
        act,
    ];
    let of_director = [
        format!("/classes/{class}/board"),
        format!("/classes/{class}/balance"),
        format!("/schools/{}/contact-choices", s.world.school),
        "/acts".to_owned(),
        "/acts/new".to_owned(),
    ];
    let of_mother =
        ["/home".to_owned(), "/children".to_owned(), format!("/children/{child}"), format!("/children/{child}/number")];
    let walks = [
        (Role::ClassTeacher, of_teacher.as_slice()),
        (Role::MoralDirector, of_director.as_slice()),
        (Role::Guardian, of_mother.as_slice()),
    ];
    for (role, paths) in walks {
        let person = s.world.role(role);
        for (lang, elder) in [(Lang::Zh, false), (Lang::En, false), (Lang::Zh, true)] {
            let account = person.account;
            let prefs = Prefs { lang, elder, ..Prefs::default() };
            s.house.db().write_wait(move |tx| account::set_prefs(tx, account, prefs)).unwrap();
            for client in [s.at(person), s.at(person).on_phone()] {
                for path in paths {
                    let seen = s.get(&client, path);
                    assert_eq!(seen.status, 200, "{path}");
                    let words = seen.words();
                    let keys = ["contact-", "board-", "home-", "acts-", "touch-", "act-kind", "figures-"];
                    for key in keys {
                        assert!(!words.contains(key), "{path} in {lang:?} shows a key with {key}: {words}");
                    }
                }
            }
        }
    }
}
