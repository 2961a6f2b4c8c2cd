//! Notices by their pages: a teacher writes, the number is said before it goes, families confirm and answer, and
//! nobody else sees any of it.

use gongyu_access::Role;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};
use gongyu_web::{Feature, Get, Page, Reply, Routes, Signed};

/// The front pages live in another room; the client only needs the secret of the session from one.
fn me(_: &mut Get<'_>, _: Signed) -> gongyu_kernel::Result<Reply> {
    Ok(Reply::Page(Page::new("me".into(), "", String::new())))
}

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

const PLAIN: &[(&str, &str)] = &[
    ("key", "k-1"),
    ("whole", "1"),
    ("title", "周五去植物园：穿校服，带水杯"),
    ("body", "早上**8:10**校门口集合。\n<script>alert(1)</script>"),
    ("kind", "confirm"),
    ("act", "next"),
];

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_deliver::feature(),
            gongyu_contact::contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
            gongyu_contact::notice::feature(),
        ]);
        let front = || Routes::new().get("/me", me);
        features.push(Feature { name: "front", routes: Some(front), ..Feature::default() });
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    fn role(&self, role: Role) -> Client {
        self.at(self.world.role(role))
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.post(path, fields))
    }

    /// Posts the composer's form, with a file when its content is not empty.
    fn compose(&self, client: &Client, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Seen {
        self.runtime.block_on(client.upload(path, ("attachment_file", file.0, file.1), fields))
    }

    /// Writes a notice and sends it; gives its address.
    fn sent(&self, client: &Client, fields: &[(&str, &str)], file: (&str, &[u8])) -> String {
        let seen = self.compose(client, "/notices/new", fields, file);
        assert_eq!(seen.status, 303, "{}", seen.words());
        let send = seen.location.unwrap();
        let page = self.get(client, &send);
        let families = page.attr("input[name=families]", "value").unwrap_or_else(|| panic!("{}", page.words()));
        let seen = self.post(client, &send, &[("families", &families)]);
        assert_eq!(seen.status, 303, "{}", seen.words());
        self.house.run_jobs();
        seen.location.unwrap()
    }
}

both_engines! {
    fn a_teacher_sends_after_the_number_was_said_and_a_family_confirms_with_one_tap(engine) {
        let stage = Stage::new(engine);
        let (teacher, mother) = (stage.role(Role::ClassTeacher), stage.role(Role::Guardian).on_phone());
        let seen = stage.compose(&teacher, "/notices/new", PLAIN, ("", b""));
        let send = seen.location.unwrap();
        let page = stage.get(&teacher, &send);
        assert!(page.words().contains("发给6户"), "{}", page.words());
        assert!(!page.text().contains("<script>alert"), "the text is shown, not run");
        let seen = stage.post(&teacher, &send, &[("families", "6")]);
        let notice = seen.location.unwrap();
        stage.house.run_jobs();
        let inbox = stage.get(&mother, "/notices");
        assert!(inbox.words().contains("周五去植物园") && inbox.words().contains("陈语桐"), "{}", inbox.words());
        let page = stage.get(&mother, &notice);
        assert!(page.words().contains("看过了，确认（陈语桐）"), "{}", page.words());
        assert_eq!(stage.post(&mother, &format!("{notice}/confirm"), &[]).status, 303);
        assert!(stage.get(&mother, &notice).words().contains("您已确认"));
        let counts = stage.get(&teacher, &format!("{notice}/counts"));
        assert!(counts.text().contains("6名学生，1名的家长确认了"), "{}", counts.text());
        let list = stage.get(&teacher, &format!("{notice}/families?show=silent"));
        assert!(!list.words().contains("陈语桐") && list.words().contains("周子涵"), "{}", list.words());
    }

    fn the_same_form_sent_twice_is_one_draft_and_what_lacks_something_says_what(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.role(Role::ClassTeacher);
        let empty: &[(&str, &str)] = &[("key", "k-9"), ("whole", "1"), ("title", ""), ("body", ""), ("act", "next")];
        let first = stage.compose(&teacher, "/notices/new", empty, ("", b"")).location;
        let again = stage.compose(&teacher, "/notices/new", empty, ("", b"")).location;
        assert_eq!(first, again);
        let page = stage.get(&teacher, &first.unwrap());
        assert!(page.words().contains("写上标题") && page.attr("input[name=families]", "value").is_none());
        let seen = stage.post(&teacher, "/notices/reach", &[("whole", "0")]);
        assert!(seen.text().contains("还没有选发给谁"), "{}", seen.text());
    }

    fn a_moved_number_is_shown_again_before_anything_goes(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.role(Role::ClassTeacher);
        let send = stage.compose(&teacher, "/notices/new", PLAIN, ("", b"")).location.unwrap();
        let seen = stage.post(&teacher, &send, &[("families", "5")]);
        assert_eq!(seen.status, 422);
        assert!(seen.words().contains("现在是6户"), "{}", seen.words());
    }

    fn a_family_answers_for_its_child_and_the_teacher_counts_and_takes_the_table_away(engine) {
        let stage = Stage::new(engine);
        let (teacher, mother) = (stage.role(Role::ClassTeacher), stage.role(Role::Guardian).on_phone());
        let fields: &[(&str, &str)] = &[
            ("key", "k-2"), ("whole", "1"), ("title", "请选好家长开放日的场次"), ("body", "选一场"),
            ("kind", "answer"), ("q0_ask", "您选哪一场"), ("q0_kind", "one"), ("q0_choices", "第一节\n第三节"),
            ("q0_must", "on"), ("deadline", "2026-11-26T20:00"), ("act", "next"),
        ];
        let notice = stage.sent(&teacher, fields, ("", b""));
        let child = stage.world.students[0].to_string();
        let refused = stage.post(&mother, &format!("{notice}/answer"), &[("child", &child)]);
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("请选一项"), "{}", refused.words());
        let seen = stage.post(&mother, &format!("{notice}/answer"), &[("child", &child), ("a_q1", "c2")]);
        assert_eq!(seen.status, 303);
        let page = stage.get(&teacher, &format!("{notice}/answers"));
        assert!(page.words().contains("第一节 0 · 第三节 1"), "{}", page.words());
        let sheet = stage.post(&teacher, &format!("{notice}/answers.xlsx"), &[]);
        assert!(sheet.bytes.starts_with(b"PK"));
        // A child that is not hers.
        let other = stage.world.students[1].to_string();
        let seen = stage.post(&mother, &format!("{notice}/answer"), &[("child", &other), ("a_q1", "c1")]);
        assert_eq!(seen.status, 404);
        stage.house.days_pass(4);
        let late = stage.post(&mother, &format!("{notice}/answer"), &[("child", &child), ("a_q1", "c1")]);
        assert_eq!(late.status, 422, "{}", late.words());
        assert!(stage.get(&mother, &notice).words().contains("已经过了截止时间"));
    }

    fn what_is_not_yours_is_not_there(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.role(Role::ClassTeacher);
        let other = stage.at(&stage.world.other_teacher.clone());
        let notice = stage.sent(&teacher, PLAIN, ("安排.pdf", b"%PDF-1.7 text"));
        let draft = stage.compose(&teacher, "/notices/new", &[("key", "k-3"), ("whole", "1"), ("title", "草稿")], ("", b""));
        let draft = draft.location.unwrap();
        let page = stage.get(&teacher, &notice);
        let file = page.attr(".gy-file a", "href").unwrap();
        // Another class's teacher.
        for path in ["", "/counts", "/families", "/send", "/edit", "/correct", "/recall", "/add", "/share", "/failures"] {
            assert_eq!(stage.get(&other, &format!("{notice}{path}")).status, 404, "{path}");
        }
        for path in ["/remind", "/tick", "/slips", "/delete", "/copy", "/recall", "/retry", "/join"] {
            assert_eq!(stage.post(&other, &format!("{notice}{path}"), &[]).status, 404, "{path}");
        }
        assert_eq!(stage.get(&other, &draft).status, 404);
        assert_eq!(stage.get(&other, &file).status, 404);
        // The school's leader sees the notice and its file, but nobody's draft.
        let leader = stage.role(Role::SchoolLeader);
        assert_eq!(stage.get(&leader, &notice).status, 200);
        assert_eq!(stage.get(&leader, &file).status, 200);
        assert_eq!(stage.get(&leader, &draft).status, 404);
        // The family it went to; staff's pages are not a family's.
        let mother = stage.role(Role::Guardian).on_phone();
        assert_eq!(stage.get(&mother, &file).status, 200);
        for path in ["/families", "/counts", "/send"] {
            let status = stage.get(&mother, &format!("{notice}{path}")).status;
            assert!(status == 403 || status == 404, "{path} gave {status}");
        }
        // A notice to the other class is none of the mother's, nor is its file by a guessed address.
        let elsewhere = stage.sent(&other, &[("key", "o-1"), ("whole", "1"), ("title", "二班的事"), ("body", "二班"), ("kind", "confirm"), ("act", "next")], ("二班.pdf", b"%PDF-1.7 b"));
        let hidden = stage.get(&other, &elsewhere).attr(".gy-file a", "href").unwrap();
        assert_eq!(stage.get(&mother, &elsewhere).status, 404);
        assert_eq!(stage.get(&mother, &hidden).status, 404);
        assert_eq!(stage.post(&mother, &format!("{elsewhere}/confirm"), &[]).status, 404);
        // Somebody without the right.
        let registrar = stage.role(Role::Registrar);
        for path in ["/notices", "/notices/new", notice.as_str()] {
            assert_eq!(stage.get(&registrar, path).status, 403, "{path}");
        }
        assert_eq!(stage.get(&registrar, &file).status, 404);
    }

    fn the_address_in_a_text_message_names_no_child(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.role(Role::ClassTeacher);
        let notice = stage.sent(&teacher, PLAIN, ("", b""));
        let id: i64 = notice.rsplit('/').next().unwrap().parse().unwrap();
        let token = stage
            .house
            .db()
            .read_wait(move |r| gongyu_contact::notice::store::find(r, gongyu_kernel::Id(id)).map(|n| n.token))
            .unwrap();
        let nobody = Client::nobody(stage.house.router());
        let page = stage.get(&nobody, &format!("/n/{token}"));
        assert_eq!(page.status, 200);
        assert!(page.words().contains("周五去植物园") && page.words().contains("登录看全文"), "{}", page.words());
        assert!(!page.text().contains("陈语桐") && !page.words().contains("集合"));
        assert_eq!(stage.get(&nobody, "/n/0123456789abcdef").status, 404);
        let mother = stage.role(Role::Guardian);
        assert_eq!(stage.get(&mother, &format!("/n/{token}")).location.as_deref(), Some(notice.as_str()));
    }

    fn a_call_is_ticked_off_and_undone_and_a_slip_is_printed(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.role(Role::ClassTeacher);
        let notice = stage.sent(&teacher, PLAIN, ("", b""));
        let child = stage.world.students[2].to_string();
        let seen = stage.post(&teacher, &format!("{notice}/tick"), &[("child", &child), ("by", "call")]);
        assert_eq!(seen.status, 303, "{}", seen.words());
        assert!(stage.get(&teacher, &format!("{notice}/counts")).text().contains("1名的家长确认了"));
        let seen = stage.post(&teacher, &format!("{notice}/untick"), &[("child", &child)]);
        assert_eq!(seen.status, 303, "{}", seen.words());
        // A child of another class.
        let other = stage.world.students[7].to_string();
        assert_eq!(stage.post(&teacher, &format!("{notice}/tick"), &[("child", &other), ("by", "call")]).status, 404);
        let slips = stage.post(&teacher, &format!("{notice}/slips"), &[("silent", "1")]);
        assert!(slips.bytes.starts_with(b"%PDF-"));
    }

    fn a_correction_and_a_withdrawal_are_told_plainly(engine) {
        let stage = Stage::new(engine);
        let (teacher, mother) = (stage.role(Role::ClassTeacher), stage.role(Role::Guardian).on_phone());
        let notice = stage.sent(&teacher, PLAIN, ("安排.pdf", b"%PDF-1.7 text"));
        let file = stage.get(&teacher, &format!("{notice}/correct")).attr("input[name=attachment]", "value").unwrap();
        let fields: &[(&str, &str)] = &[
            ("key", "k-5"), ("fixed", "1"), ("title", "周五去植物园：改到9:00"), ("body", "9点"), ("kind", "confirm"),
            ("attachment", &file),
        ];
        let seen = stage.compose(&teacher, &format!("{notice}/correct"), fields, ("", b""));
        assert_eq!(seen.status, 303, "{}", seen.words());
        let new = seen.location.unwrap();
        stage.house.run_jobs();
        assert!(stage.get(&mother, &notice).words().contains("这条通知有更正"));
        let page = stage.get(&mother, &new);
        assert!(page.words().contains("更正后的通知") && page.words().contains("安排.pdf"), "{}", page.words());
        let refused = stage.post(&teacher, &format!("{new}/recall"), &[("why", "")]);
        assert_eq!(refused.status, 422);
        assert_eq!(stage.post(&teacher, &format!("{new}/recall"), &[("why", "天气不好")]).status, 303);
        let page = stage.get(&mother, &new);
        assert!(page.words().contains("已经撤回") && page.words().contains("天气不好"), "{}", page.words());
        assert!(!page.words().contains("看过了，确认"));
    }

    fn settings_are_the_leaders_and_shown_again_when_refused(engine) {
        let stage = Stage::new(engine);
        let (district, teacher) = (stage.role(Role::DistrictOfficer), stage.role(Role::ClassTeacher));
        assert_eq!(stage.get(&teacher, "/notices/settings").status, 403);
        let refused = stage.post(&district, "/notices/settings", &[("per_class_and_day", "0")]);
        assert_eq!(refused.status, 422);
        let leader = stage.role(Role::SchoolLeader);
        assert_eq!(stage.post(&leader, "/notices/settings", &[("subject_teachers", "yes")]).status, 303);
        let subject = stage.role(Role::SubjectTeacher);
        assert_eq!(stage.get(&subject, "/notices/new").status, 200);
        assert_eq!(stage.post(&leader, "/notices/settings", &[("subject_teachers", "no")]).status, 303);
        assert_eq!(stage.get(&subject, "/notices/new").status, 409);
    }
}
