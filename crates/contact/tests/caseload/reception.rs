//! Reception days: the rota, a booked time, what was noted, a day called off.

use crate::stage::Stage;
use gongyu_access::Role;
use gongyu_contact::caseload::SOURCE;
use gongyu_kernel::Id;
use gongyu_ledger::rules::{Channel, Depth};
use gongyu_ledger::touch;
use gongyu_store::sql;
use gongyu_testkit::both_engines;

fn rota(s: &Stage) {
    let leaders = [s.staff(Role::SchoolLeader).to_string(), s.staff(Role::MoralDirector).to_string()];
    let fields = [
        ("line", "023-00000000"),
        ("hours", "工作日8:00到17:00"),
        ("place", "接待室"),
        ("slot_minutes", "20"),
        ("weekday0", "5"),
        ("weeks0", "1-3"),
        ("from0", "14:00"),
        ("to0", "16:00"),
        ("leader0-0", leaders[0].as_str()),
        ("leader0-1", leaders[1].as_str()),
    ];
    let kept = s.post(&s.role(Role::MoralDirector), "/cases/settings", &fields);
    assert_eq!(kept.status, 303, "{}", kept.text());
    let filled = s.post(&s.role(Role::MoralDirector), "/receptions/fill", &[]);
    assert_eq!(filled.status, 303, "{}", filled.text());
}

fn first_slot(s: &Stage) -> (Id, Id) {
    s.read(|r| r.one(sql!("SELECT s.id, s.day_id FROM reception_slot s ORDER BY s.starts_at LIMIT 1"), &[]))
}

both_engines! {
    fn first_and_third_fridays_are_planned_and_a_booked_talk_becomes_a_case_with_a_touch(engine) {
        let s = Stage::new(engine);
        rota(&s);
        let days: Vec<(jiff::civil::Date,)> = s.read(|r| r.rows(sql!("SELECT day FROM reception_day ORDER BY day"), &[]));
        assert_eq!(days.first().map(|d| d.0), Some(jiff::civil::date(2026, 12, 4)));
        assert!(!days.iter().any(|d| d.0 == jiff::civil::date(2027, 1, 1)), "New Year has no reception");
        s.post(&s.role(Role::MoralDirector), "/receptions/fill", &[]);
        let again: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM reception_day"), &[]));
        assert_eq!(again, days.len() as i64, "filled in twice it is the same");
        let (slot, day) = first_slot(&s);
        let mother = s.role(Role::Guardian);
        assert!(s.get(&mother, "/mailbox").words().contains("023-00000000"));
        assert!(s.get(&mother, "/reception").words().contains("接待室"));
        let child = s.world.students[0].to_string();
        let booked = s.post(&mother, &format!("/reception/slots/{slot}/book"), &[("child", &child), ("topic", "bullying")]);
        assert_eq!(booked.status, 303, "{}", booked.text());
        s.days_pass(11);
        let agenda = s.get(&mother, "/agenda");
        assert!(agenda.words().contains("家长接待日"), "{}", agenda.words());
        let leader = s.role(Role::MoralDirector);
        let page = s.get(&leader, &format!("/receptions/{day}"));
        assert!(page.words().contains("林秀兰") && page.words().contains("学生相处"), "{}", page.words());
        let slot_text = slot.to_string();
        let mother_id = s.world.mother.to_string();
        let noted = s.post(&leader, "/cases/new", &[
            ("door", "reception"), ("key", "talk-1"), ("slot", &slot_text), ("topic", "bullying"), ("title", "同桌相处"), ("body", "同桌总拿文具。"),
            ("day", "2026-12-04"), ("child", &child), ("guardian", &mother_id),
        ]);
        assert_eq!(noted.status, 303, "{}", noted.text());
        let id: Id = noted.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
        let left = s.read(move |r| touch::of_source(r, SOURCE, id));
        assert_eq!(left.iter().map(|t| (t.channel, t.depth, t.by_family)).collect::<Vec<_>>(), [(Channel::AtSchool, Depth::Met, true)]);
        assert!(s.get(&leader, &format!("/receptions/{day}")).words().contains("来过了"));
        assert!(s.get(&mother, &format!("/mailbox/{id}")).words().contains("同桌相处"), "the family follows it too");
    }

    fn a_day_called_off_tells_who_booked_and_frees_nobody_twice(engine) {
        let s = Stage::new(engine);
        rota(&s);
        let (slot, day) = first_slot(&s);
        let (mother, child) = (s.role(Role::Guardian), s.world.students[0].to_string());
        s.post(&mother, &format!("/reception/slots/{slot}/book"), &[("child", &child)]);
        let off = s.post(&s.role(Role::SchoolLeader), &format!("/receptions/{day}/off"), &[]);
        assert_eq!(off.status, 303, "{}", off.text());
        let letters: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE kind = 'reception_off'"), &[]));
        assert_eq!(letters, 1);
        assert_eq!(s.post(&s.role(Role::SchoolLeader), &format!("/receptions/{day}/off"), &[]).status, 409);
        let late = s.post(&mother, &format!("/reception/slots/{slot}/book"), &[("child", &child)]);
        assert_eq!(late.status, 409);
    }

    fn a_time_is_given_back_and_only_ones_own(engine) {
        let s = Stage::new(engine);
        rota(&s);
        let (slot, day) = first_slot(&s);
        let (mother, child) = (s.role(Role::Guardian), s.world.students[0].to_string());
        let stranger = s.world.students[4].to_string();
        let denied = s.post(&mother, &format!("/reception/slots/{slot}/book"), &[("child", &stranger)]);
        assert_eq!(denied.status, 404, "another family's child");
        s.post(&mother, &format!("/reception/slots/{slot}/book"), &[("child", &child)]);
        let second: Id = s.read(move |r| r.scalar(sql!("SELECT MAX(id) FROM reception_slot WHERE day_id = $1"), &[&day]));
        let twice = s.post(&mother, &format!("/reception/slots/{second}/book"), &[("child", &child)]);
        assert_eq!(twice.status, 409, "one time a day");
        assert_eq!(s.post(&mother, &format!("/reception/slots/{second}/give-back"), &[]).status, 404);
        assert_eq!(s.post(&mother, &format!("/reception/slots/{slot}/give-back"), &[]).status, 303);
        assert_eq!(s.post(&s.role(Role::ClassTeacher), &format!("/receptions/{day}/off"), &[]).status, 403);
        assert!(matches!(s.get(&s.role(Role::ClassTeacher), &format!("/receptions/{day}")).status.as_u16(), 403 | 404));
    }
}
