//! Staff kept one by one, without a file, and the roll of a class taken away: on both engines.

mod stage;

use gongyu_access::{Role, account, grant};
use gongyu_registry::people;
use gongyu_store::sql;
use gongyu_testkit::both_engines;
use stage::Stage;

both_engines! {
    fn a_new_colleague_is_added_with_the_role_in_a_class_and_a_first_password(engine) {
        let s = Stage::new(engine);
        let (school, class) = (s.world.school, s.world.classes[1]);
        let path = format!("/schools/{school}/staff/new");
        let class_text = class.to_string();
        let fields = [("name", "苏晓晴"), ("title", "英语教师"), ("role", "class_teacher"), ("class", &class_text)];
        let seen = s.post(Role::Registrar, &path, &fields);
        assert_eq!(seen.status, 200, "{}", seen.words());
        assert!(seen.text().contains("suxiaoqing"), "the login is the pinyin: {}", seen.words());
        let held = s.read(move |r| grant::holders(r, class, Role::ClassTeacher));
        assert_eq!(held.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>(), ["苏晓晴"], "one class teacher");
        assert_eq!((s.noted("staff.added"), s.noted("role.given")), (1, 1));
        // The same name again gets another login; a role of a class needs the class.
        assert!(s.post(Role::Registrar, &path, &[("name", "苏晓晴")]).text().contains("suxiaoqing2"));
        assert_eq!(s.post(Role::Registrar, &path, &[("name", "甲"), ("role", "class_teacher")]).status, 422);
        // A school gives no role of the district, and nobody adds to another's staff.
        assert_eq!(s.post(Role::Registrar, &path, &[("name", "乙"), ("role", "district_admin")]).status, 422);
        let elsewhere = format!("/schools/{}/staff/new", s.world.junior);
        assert_eq!(s.post(Role::Registrar, &elsewhere, &[("name", "丙")]).status, 404);
        assert_eq!(s.post(Role::SchoolLeader, &path, &[("name", "丁")]).status, 403);
    }

    fn a_class_is_handed_over_in_the_middle_of_the_term_from_a_day_on(engine) {
        let s = Stage::new(engine);
        let (school, class) = (s.world.school, s.world.classes[0]);
        let (old, next) = (s.world.role(Role::ClassTeacher).clone(), s.world.role(Role::SubjectTeacher).clone());
        let staff = old.staff.unwrap();
        let held = s.read(move |r| people::roles_in_school(r, school, 2026));
        let grant_id = held.iter().find(|h| h.staff == staff && h.unit == class).unwrap().grant;
        let path = format!("/schools/{school}/staff/{staff}/roles/{grant_id}/hand-over");
        assert!(s.get(Role::Registrar, &path).text().contains(&next.name));
        let to = next.staff.unwrap().to_string();
        assert_eq!(s.post(Role::Registrar, &path, &[("to", &to), ("from", "2026-11-01")]).status, 422);
        assert_eq!(s.post(Role::Registrar, &path, &[("to", &to), ("from", "2026-11-30")]).status, 303);
        let now = s.read(move |r| grant::holders(r, class, Role::ClassTeacher));
        assert_eq!(now.len(), 1);
        assert_eq!(now[0].0, old.account, "until the day before it is the one of today");
        s.house.clock.advance_seconds(7 * 86_400);
        let then = s.read(move |r| grant::holders(r, class, Role::ClassTeacher));
        assert_eq!(then.iter().map(|(account, ..)| *account).collect::<Vec<_>>(), [next.account]);
        assert_eq!(s.noted("role.handed-over"), 1);
    }

    fn who_leaves_is_signed_out_and_holds_no_role_and_may_come_back(engine) {
        let s = Stage::new(engine);
        let (school, class) = (s.world.school, s.world.classes[0]);
        let teacher = s.world.role(Role::ClassTeacher).clone();
        let path = format!("/schools/{school}/staff/{}", teacher.staff.unwrap());
        assert_eq!(s.post(Role::Registrar, &format!("{path}/leave"), &[]).status, 303);
        assert_eq!(s.get(Role::ClassTeacher, &format!("/classes/{class}/students")).status, 303);
        assert!(s.read(move |r| grant::holders(r, class, Role::ClassTeacher)).is_empty());
        assert_eq!(s.get(Role::Registrar, &path).status, 404);
        assert_eq!(s.post(Role::Registrar, &format!("{path}/return"), &[]).status, 303);
        assert_eq!(s.get(Role::Registrar, &path).status, 200);
        assert_eq!((s.noted("staff.left"), s.noted("staff.returned")), (1, 1));
    }

    fn a_reset_by_another_asks_why_ends_the_sessions_and_keeps_the_reason_for_the_person(engine) {
        let s = Stage::new(engine);
        let school = s.world.school;
        let teacher = s.world.role(Role::ClassTeacher).clone();
        s.house
            .db()
            .write_wait(move |tx| account::set_totp(tx, teacher.account, Some(b"sealed")))
            .unwrap();
        let path = format!("/schools/{school}/staff/{}", teacher.staff.unwrap());
        assert_eq!(s.post(Role::Registrar, &format!("{path}/second-factor"), &[]).status, 422, "without a reason");
        let why = [("reason", "手机丢了")];
        assert_eq!(s.post(Role::Registrar, &format!("{path}/second-factor"), &why).status, 303);
        assert!(s.read(move |r| Ok(account::by_id(r, teacher.account)?.totp_sealed.is_none())));
        assert_eq!(s.get(Role::ClassTeacher, &format!("/classes/{}/students", s.world.classes[0])).status, 303);
        assert_eq!(s.post(Role::Registrar, &format!("{path}/password"), &[]).status, 422);
        assert_eq!(s.post(Role::Registrar, &format!("{path}/password"), &why).status, 200);
        let kept: i64 = s.read(move |r| {
            r.scalar(
                sql!("SELECT COUNT(*) FROM account_news WHERE account_id = $1 AND reason = $2 AND told_at IS NULL"),
                &[&teacher.account, &"手机丢了"],
            )
        });
        assert_eq!(kept, 2);
        assert_eq!((s.noted("account.factor-reset"), s.noted("account.password-reset")), (1, 1));
    }

    fn the_roll_of_a_class_is_taken_away_with_numbers_only_by_those_who_may(engine) {
        let s = Stage::new(engine);
        let path = format!("/classes/{}/students/file", s.world.classes[0]);
        assert!(s.post(Role::ClassTeacher, &path, &[]).bytes.starts_with(b"PK"));
        assert_eq!(s.noted("contacts.exported"), 1);
        let admin = s.client(s.world.role(Role::DistrictOfficer));
        let secret = s.runtime.block_on(admin.get("/schools")).attr("meta[name=csrf]", "content").unwrap();
        let seen = s.runtime.block_on(admin.post_bare(&path, &[("csrf", &secret)]));
        assert!(seen.bytes.starts_with(b"PK"), "{}", seen.text());
        assert_eq!((s.noted("contacts.exported"), s.noted("roster.exported")), (1, 1), "an officer gets no numbers");
        assert_eq!(s.post(Role::SubjectTeacher, &path, &[]).status, 403);
        let other = format!("/classes/{}/students/file", s.world.classes[1]);
        assert_eq!(s.post(Role::ClassTeacher, &other, &[]).status, 404);
    }
}
