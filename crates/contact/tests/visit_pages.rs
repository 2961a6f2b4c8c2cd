//! Home visits by their pages: plan, appointment, record, the family's word; and who sees none of it.

use gongyu_access::Role;
use gongyu_contact::visit;
use gongyu_kernel::Id;
use gongyu_ledger::{figures, reach};
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

const NO_FILE: (&str, &str, &[u8]) = ("photo", "", &[]);

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_deliver::feature(),
            gongyu_registry::account::feature(),
            gongyu_contact::contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
            visit::feature(),
            gongyu_contact::calendar::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { house, world, runtime }
    }

    fn router(&self) -> axum::Router {
        self.house.router()
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.router(), person)
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

    fn record(&self, client: &Client, visit: &str, base: &str, more: &[(&str, &str)]) -> Seen {
        let key = format!("key-{base}-{}", more.len());
        let mut fields =
            vec![("key", key.as_str()), ("base", base), ("day", "2026-11-23"), ("way", "home"), ("met", "mother")];
        fields.extend_from_slice(more);
        self.runtime.block_on(client.upload(&format!("/visits/{visit}/record"), NO_FILE, &fields))
    }

    /// Arranges a visit to the first child's family and gives its number.
    fn arranged(&self, teacher: &Client) -> String {
        let child = self.world.students[0].to_string();
        let made = self.post(
            teacher,
            "/visits/new",
            &[("key", "v1"), ("child", &child), ("reason", "yearly"), ("way", "home")],
        );
        assert_eq!(made.status, 303, "{}", made.text());
        made.location.unwrap().rsplit('/').next().unwrap().to_owned()
    }

    fn visited(&self, child: Id) -> i64 {
        let read = move |r: &mut gongyu_store::Reader| {
            let [_, year, _] = figures::present_periods(r)?;
            Ok(reach::of_children(r, &[child], &year)?.remove(&child).map_or(0, |c| c.visit))
        };
        self.house.db().read_wait(read).unwrap()
    }

    /// The link in the letter to the mother.
    fn link(&self) -> String {
        let (app, mother) = (self.house.app.clone(), self.world.mother);
        let read = move |r: &mut gongyu_store::Reader| {
            let id: Id = r.scalar(sql!("SELECT MAX(id) FROM visit_invite WHERE guardian_id = $1"), &[&mother])?;
            Ok(format!("/v/{}", visit::offer::secret(&app.vault, id)))
        };
        self.house.db().read_wait(read).unwrap()
    }
}

both_engines! {
    fn a_visit_goes_from_the_offer_to_what_was_kept(engine) {
        let s = Stage::new(engine);
        let (teacher, mother) = (s.role(Role::ClassTeacher), s.role(Role::Guardian));
        let visit = s.arranged(&teacher);
        let page = format!("/visits/{visit}");
        let past = s.post(&teacher, &format!("{page}/offer"), &[("slot1", "2026-11-20T18:30")]);
        assert_eq!(past.status, 422, "{}", past.text());
        let offered = s.post(&teacher, &format!("{page}/offer"), &[("slot1", "2026-11-24T18:30"), ("slot2", "2026-11-25T19:00")]);
        assert_eq!(offered.status, 303, "{}", offered.text());
        let home = s.get(&mother, "/home");
        assert!(home.words().contains("请您选个时间"), "{}", home.words());
        let family = s.get(&mother, &format!("/family/visits/{visit}"));
        assert!(family.words().contains("11月25日周三19:00"), "{}", family.words());
        let taken = s.post(&mother, &format!("/family/visits/{visit}/answer"), &[("answer", "accept-2")]);
        assert_eq!(taken.status, 303, "{}", taken.text());
        assert!(s.get(&teacher, &page).words().contains("约好了"));
        let recorded = s.record(&teacher, &visit, "0", &[
            ("good", "会帮同桌"), ("risk-care", "act"), ("key-0", "m0"), ("what-0", "每晚读十分钟"), ("owner-0", "teacher"), ("due-0", "2026-12-01"),
        ]);
        assert_eq!(recorded.status, 303, "{}", recorded.text());
        assert_eq!(s.visited(s.world.students[0]), 1);
        let seen = s.get(&mother, &format!("/family/visits/{visit}"));
        assert!(seen.words().contains("每晚读十分钟") && seen.words().contains("会帮同桌"), "{}", seen.words());
        assert!(!seen.words().contains("照看"), "what was found is not shown to the family: {}", seen.words());
        assert_eq!(s.post(&mother, &format!("/family/visits/{visit}/agreed"), &[("agreed", "no")]).status, 409);
        assert_eq!(s.post(&mother, &format!("/family/visits/{visit}/agreed"), &[("agreed", "yes")]).status, 303);
        let shown = s.get(&teacher, &page);
        assert!(shown.words().contains("说好了"), "{}", shown.words());
        let task = shown.attr("form[action^='/visits/measures/']", "action").unwrap();
        assert_eq!(s.post(&teacher, &task, &[("done", "1")]).status, 303);
        assert!(s.get(&teacher, &page).words().contains("办好的"));
        let undone = s.post(&teacher, &format!("{page}/undo"), &[]);
        assert_eq!(undone.status, 303, "{}", undone.text());
        assert_eq!(s.visited(s.world.students[0]), 0);
    }

    fn the_link_of_a_text_message_names_no_child_and_ends(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.post(&teacher, &format!("/visits/{visit}/offer"), &[("slot1", "2026-11-24T18:30")]);
        let (nobody, link) = (Client::nobody(s.router()), s.link());
        let page = s.get(&nobody, &link);
        assert!(page.words().contains("林老师") && page.words().contains("18:30"), "{}", page.words());
        assert!(!page.text().contains("陈语桐") && !page.text().contains("向阳路"), "{}", page.text());
        assert!(s.get(&nobody, "/v/aaaaaaaaaaaaaaaaaaaaaa").words().contains("过期"));
        let taken = s.runtime.block_on(nobody.post_bare(&link, &[("answer", "accept-1")]));
        assert_eq!(taken.status, 303, "{}", taken.text());
        assert!(s.get(&nobody, &link).words().contains("约好了"));
        let second = s.post(&teacher, &format!("/visits/{visit}/offer"), &[("slot1", "2026-11-26T18:30")]);
        assert_eq!(second.status, 303);
        assert!(s.get(&nobody, &link).words().contains("过期"), "an offer replaced ends its link");
        s.house.days_pass(4);
        let newer = s.link();
        assert!(s.get(&nobody, &newer).words().contains("过期"));
        let late = s.runtime.block_on(nobody.post_bare(&newer, &[("answer", "accept-1")]));
        assert_eq!(late.status, 404);
    }

    fn a_visit_is_not_there_for_who_has_no_part_in_it(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.record(&teacher, &visit, "0", &[("good", "爱笑")]);
        let noted = s.post(&teacher, &format!("/visits/{visit}/notes"), &[("child", &s.world.students[0].to_string()), ("note", "家里最近吵得厉害"), ("key", "n1")]);
        assert_eq!(noted.status, 303, "{}", noted.text());
        let note = s.get(&teacher, &format!("/visits/{visit}")).attr("form[action^='/visits/notes/']", "action").unwrap();
        let outside = [
            s.at(&s.world.other_teacher), s.role(Role::SubjectTeacher), s.role(Role::DistrictOfficer), s.role(Role::TownOfficer),
        ];
        for other in &outside {
            for path in ["", "/record", "/versions/1"] {
                assert!(matches!(s.get(other, &format!("/visits/{visit}{path}")).status.as_u16(), 403 | 404));
            }
            for path in ["offer", "agree", "off", "undo", "invite", "coming", "decide", "notes", "sheet"] {
                let seen = s.post(other, &format!("/visits/{visit}/{path}"), &[("slot1", "2026-11-24T18:30"), ("at", "2026-11-24T18:30")]);
                assert!(matches!(seen.status.as_u16(), 403 | 404), "{path}: {}", seen.status);
            }
            assert!(matches!(s.post(other, &note, &[("purpose", "counsel")]).status.as_u16(), 403 | 404));
        }
        let leader = s.role(Role::SchoolLeader);
        assert_eq!(s.get(&leader, &format!("/visits/{visit}")).status, 200);
        assert_eq!(s.get(&leader, &format!("/visits/{visit}/record")).status, 403);
        assert_eq!(s.post(&leader, &note, &[("purpose", "counsel")]).status, 404);
        let counsellor = s.role(Role::Counsellor);
        assert_eq!(s.post(&counsellor, &note, &[]).status, 409, "no purpose, no note");
        let opened = s.post(&counsellor, &note, &[("purpose", "counsel")]);
        assert!(opened.words().contains("家里最近吵得厉害"), "{}", opened.words());
        let mother = s.get(&s.role(Role::Guardian), &format!("/family/visits/{visit}"));
        assert!(mother.words().contains("秦老师") && mother.words().contains("心理辅导"), "{}", mother.words());
        assert!(!mother.text().contains("吵得厉害"));
    }

    fn a_guardian_kept_from_the_child_sees_no_visit_and_a_siblings_visit_is_not_theirs(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.post(&teacher, &format!("/visits/{visit}/offer"), &[("slot1", "2026-11-24T18:30")]);
        let (mother, link) = (s.role(Role::Guardian), s.link());
        let (guardian, child) = (s.world.mother, s.world.students[0]);
        let restrict = move |tx: &mut gongyu_store::Tx| {
            tx.exec(sql!("UPDATE guardianship SET restricted = $3 WHERE guardian_id = $1 AND student_id = $2"), &[&guardian, &child, &true])
        };
        s.house.db().write_wait(restrict).unwrap();
        assert_eq!(s.get(&mother, &format!("/family/visits/{visit}")).status, 404);
        assert_eq!(s.post(&mother, &format!("/family/visits/{visit}/answer"), &[("answer", "accept-1")]).status, 404);
        assert!(!s.get(&mother, "/home").words().contains("家访"));
        let nobody = Client::nobody(s.router());
        assert!(s.get(&nobody, &link).words().contains("过期"), "the link of who may no longer receive ends too");
    }

    fn a_companion_is_asked_answers_and_writes_only_their_part(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        let person = s.world.role(Role::SubjectTeacher);
        let staff = person.staff.unwrap().to_string();
        assert_eq!(s.post(&teacher, &format!("/visits/{visit}/invite"), &[("staff", &staff)]).status, 303);
        let companion = s.at(person);
        assert!(s.get(&companion, "/visits").words().contains("请您一起去"));
        assert_eq!(s.post(&companion, &format!("/visits/{visit}/coming"), &[("comes", "yes")]).status, 303);
        s.record(&teacher, &visit, "0", &[("good", "爱笑")]);
        let own = s.record(&companion, &visit, "1", &[("good", "改掉"), ("part", "数学肯动脑")]);
        assert_eq!(own.status, 303, "{}", own.text());
        let shown = s.get(&teacher, &format!("/visits/{visit}"));
        assert!(shown.words().contains("数学肯动脑") && shown.words().contains("爱笑") && !shown.words().contains("改掉"));
        for path in ["off", "undo", "offer", "invite"] {
            let refused = s.post(&companion, &format!("/visits/{visit}/{path}"), &[("slot1", "2026-11-24T18:30")]);
            assert_eq!(refused.status, 403, "{path}");
        }
        assert_eq!(s.post(&companion, &format!("/visits/{visit}/coming"), &[("comes", "no")]).status, 303);
        assert_eq!(s.get(&companion, &format!("/visits/{visit}")).status, 404);
    }

    fn two_people_meet_field_by_field_on_the_plain_page(engine) {
        let s = Stage::new(engine);
        let (teacher, director) = (s.role(Role::ClassTeacher), s.role(Role::MoralDirector));
        let visit = s.arranged(&teacher);
        s.record(&teacher, &visit, "0", &[("good", "爱笑")]);
        s.record(&teacher, &visit, "1", &[("good", "字写得好"), ("talked", "聊了读书")]);
        let conflict = s.record(&director, &visit, "1", &[("good", "肯帮人"), ("opinions", "作业少点"), ("from", "18:00")]);
        assert_eq!(conflict.status, 200, "{}", conflict.text());
        assert!(conflict.words().contains("字写得好") && conflict.words().contains("肯帮人"), "{}", conflict.words());
        let hidden = |name: &str| conflict.attr(&format!("input[name={name}]"), "value").unwrap();
        let (key, base, version, mine) = (hidden("key"), hidden("base"), hidden("version"), hidden("mine"));
        let fields = [("key", key.as_str()), ("base", &base), ("version", &version), ("mine", &mine), ("pick-good", "both")];
        let decided = s.post(&director, &format!("/visits/{visit}/decide"), &fields);
        assert_eq!(decided.status, 303, "{}", decided.text());
        let shown = s.get(&teacher, &format!("/visits/{visit}")).words();
        for words in ["字写得好", "肯帮人", "聊了读书", "作业少点"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }

    fn the_plan_takes_every_family_and_a_suggestion_comes_first(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let child = s.world.students[4].to_string();
        let hint = s.post(&s.role(Role::Counsellor), "/visits/suggest", &[("child", &child), ("trigger", "mood")]);
        assert_eq!(hint.status, 303, "{}", hint.text());
        assert!(s.get(&teacher, "/visits").words().contains("情绪波动大"));
        let made = s.post(&teacher, "/visits/plan", &[("per_week", "2")]);
        assert_eq!(made.status, 303, "{}", made.text());
        let plan = s.get(&teacher, "/visits/plan");
        assert!(plan.words().contains("每家都排好了"), "{}", plan.words());
        assert!(plan.words().contains("向阳路"), "{}", plan.words());
        let again = s.post(&teacher, "/visits/plan", &[("per_week", "2")]);
        assert_eq!(again.status, 303);
        let class = s.world.classes[0];
        let count = move |r: &mut gongyu_store::Reader| {
            r.scalar::<i64>(sql!("SELECT COUNT(*) FROM visit WHERE class_id = $1 AND state = 'planned'"), &[&class])
        };
        assert_eq!(s.house.db().read_wait(count).unwrap(), 6);
        let other = s.world.students[7].to_string();
        let refused = s.post(&teacher, "/visits/new", &[("key", "x"), ("child", &other), ("reason", "yearly"), ("way", "home")]);
        assert_eq!(refused.status, 404);
    }

    fn a_noted_home_visit_becomes_a_record_and_counts_once(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let child = s.world.students[0].to_string();
        let noted = s.post(&teacher, "/contacts", &[("child", &child), ("channel", "home_visit"), ("tone", "good"), ("key", "c1")]);
        let contact = noted.location.unwrap().rsplit('=').next().unwrap().to_owned();
        assert_eq!(s.visited(s.world.students[0]), 1);
        let offered = s.get(&teacher, &format!("/contacts/{contact}"));
        assert!(offered.text().contains(&format!("/visits/new?contact={contact}")), "{}", offered.words());
        let made = s.post(&teacher, "/visits/new", &[("key", "v"), ("child", &child), ("contact", &contact), ("reason", "yearly"), ("way", "home")]);
        let visit = made.location.unwrap().split('/').nth(2).unwrap().to_owned();
        assert_eq!(s.record(&teacher, &visit, "0", &[("good", "爱笑")]).status, 303);
        assert_eq!(s.visited(s.world.students[0]), 1);
    }

    fn figures_drill_to_the_class_and_small_counts_are_not_told(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.record(&teacher, &visit, "0", &[("good", "爱笑"), ("risk-economy", "watch")]);
        let officer = s.role(Role::DistrictOfficer);
        let district = s.get(&officer, "/district/visits");
        assert!(district.words().contains("石桥镇") && district.words().contains("少于5人"), "{}", district.words());
        let school = format!("/schools/{}/visits", s.world.school);
        let seen = s.get(&officer, &school);
        assert!(seen.words().contains("三年级1班") && !seen.words().contains("陈语桐"), "{}", seen.words());
        assert_eq!(s.get(&officer, &format!("/classes/{}/visits", s.world.classes[0])).status, 404);
        assert_eq!(s.get(&s.role(Role::MoralDirector), &format!("/classes/{}/visits", s.world.classes[0])).status, 200);
        assert_eq!(s.get(&s.role(Role::TownOfficer), "/district/visits").status, 404);
        let file = s.get(&officer, &format!("{school}.xlsx"));
        assert_eq!((file.status.as_u16(), &file.bytes[..2]), (200, &b"PK"[..]));
    }

    fn a_calendar_is_read_by_its_secret_and_the_renewed_one_ends_the_old(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.post(&teacher, &format!("/visits/{visit}/agree"), &[("at", "2026-11-25T18:30")]);
        s.post(&teacher, "/agenda/renew", &[]);
        let address = |s: &Stage| {
            let shown = s.get(&teacher, "/agenda").attr("#address", "value").unwrap();
            shown[shown.find("/agenda/feed/").unwrap()..].to_owned()
        };
        let (nobody, first) = (Client::nobody(s.router()), address(&s));
        let feed = s.get(&nobody, &first);
        assert!(feed.headers["content-type"].to_str().unwrap().starts_with("text/calendar"));
        let text = feed.text().replace("\r\n ", "");
        assert!(text.contains("DTSTART:20261125T103000Z") && text.contains("陈语桐"), "{text}");
        assert!(!text.contains("向阳路"));
        s.post(&teacher, "/agenda/renew", &[]);
        assert_eq!(s.get(&nobody, &first).status, 404);
        assert_eq!(s.get(&nobody, &address(&s)).status, 200);
        s.post(&teacher, &format!("/visits/{visit}/off"), &[]);
        assert!(s.get(&nobody, &address(&s)).text().contains("STATUS:CANCELLED"));
    }

    fn the_sheet_and_the_summary_are_printed(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        for path in [format!("/visits/{visit}/sheet"), format!("/classes/{}/visits/summary", s.world.classes[0])] {
            let pdf = s.post(&teacher, &path, &[]);
            assert_eq!((pdf.status.as_u16(), &pdf.bytes[..4]), (200, &b"%PDF"[..]), "{path}: {}", pdf.text());
        }
    }

    fn the_family_is_reminded_the_day_before_and_once(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let visit = s.arranged(&teacher);
        s.post(&teacher, &format!("/visits/{visit}/agree"), &[("at", "2026-11-24T18:30")]);
        let sent = |tx: &mut gongyu_store::Tx| visit::offer::remind(tx, 10);
        assert_eq!(s.house.db().write_wait(sent).unwrap(), 1);
        assert_eq!(s.house.db().write_wait(sent).unwrap(), 0);
        let letters = |r: &mut gongyu_store::Reader| {
            r.scalar::<i64>(sql!("SELECT COUNT(*) FROM dispatch WHERE kind = 'visit_reminder'"), &[])
        };
        assert_eq!(s.house.db().read_wait(letters).unwrap(), 2);
    }
}
