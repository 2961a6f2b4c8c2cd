//! Who has no part in a case does not find it.

use crate::stage::{Stage, actor_of};
use gongyu_access::Role;
use gongyu_contact::caseload::store;
use gongyu_kernel::Error;
use gongyu_testkit::both_engines;

const ACTS: [&str; 17] = [
    "assign", "help", "unhelp", "opinion", "ask", "told", "extend", "reply", "approve", "return", "tell", "merge",
    "petition", "accept", "name", "publish", "withdraw",
];

both_engines! {
    fn a_case_is_not_there_for_who_has_no_part_in_it(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        let outside = [s.at(&s.world.other_teacher), s.role(Role::SubjectTeacher), s.role(Role::Counsellor), s.role(Role::DistrictOfficer), s.role(Role::TownOfficer), s.role(Role::Supervisor), s.role(Role::Guardian), s.role(Role::Auditor)];
        let staff = s.staff(Role::Counsellor).to_string();
        for other in &outside {
            assert!(matches!(s.get(other, &format!("/cases/{id}")).status.as_u16(), 403 | 404));
            for act in ACTS {
                let seen = s.post(other, &format!("/cases/{id}/{act}"), &[("staff", &staff), ("reply", "x"), ("words", "x"), ("how", "phone")]);
                assert!(matches!(seen.status.as_u16(), 403 | 404), "{act}: {}", seen.status);
            }
            assert!(!s.get(other, "/cases").text().contains("食堂太咸"));
        }
        assert_eq!(s.get(&s.role(Role::ClassTeacher), &format!("/cases/{id}")).status, 200);
        for act in ["approve", "return", "publish", "withdraw", "merge", "petition", "accept"] {
            let seen = s.post(&s.role(Role::ClassTeacher), &format!("/cases/{id}/{act}"), &[("words", "x"), ("into", "1")]);
            assert!(matches!(seen.status.as_u16(), 403 | 404), "{act}: {}", seen.status);
        }
        assert_eq!(s.post(&s.role(Role::MoralDirector), &format!("/cases/{id}/approve"), &[]).status, 403, "approving is the leader's");
    }

    fn a_colleague_asked_to_help_sees_it_until_asked_no_longer(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        let (teacher, counsellor) = (s.role(Role::ClassTeacher), s.role(Role::Counsellor));
        let staff = s.staff(Role::Counsellor).to_string();
        assert_eq!(s.post(&teacher, &format!("/cases/{id}/help"), &[("staff", &staff), ("words", "请看看")]).status, 303);
        assert_eq!(s.get(&counsellor, &format!("/cases/{id}")).status, 200);
        assert_eq!(s.post(&counsellor, &format!("/cases/{id}/opinion"), &[("opinion", "可以换菜单")]).status, 303);
        assert!(s.get(&teacher, &format!("/cases/{id}")).words().contains("可以换菜单"));
        assert_eq!(s.post(&counsellor, &format!("/cases/{id}/reply"), &[("reply", "x")]).status, 403, "helping is not answering");
        assert_eq!(s.post(&teacher, &format!("/cases/{id}/unhelp"), &[("staff", &staff)]).status, 303);
        assert_eq!(s.get(&counsellor, &format!("/cases/{id}")).status, 404);
        assert_eq!(s.post(&counsellor, &format!("/cases/{id}/opinion"), &[("opinion", "还有")]).status, 404);
    }

    fn a_handler_who_passed_it_on_has_it_no_longer(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        let teacher = s.role(Role::ClassTeacher);
        let to = s.staff(Role::Counsellor).to_string();
        assert_eq!(s.post(&teacher, &format!("/cases/{id}/assign"), &[("staff", &to)]).status, 303);
        assert_eq!(s.get(&teacher, &format!("/cases/{id}")).status, 404);
        let foreign = s.staff(Role::DistrictOfficer).to_string();
        let outside = s.post(&s.role(Role::MoralDirector), &format!("/cases/{id}/assign"), &[("staff", &foreign)]);
        assert_eq!(outside.status, 404, "staff of another unit");
    }

    fn another_guardians_letter_is_not_there_and_nobody_writes_for_anothers_child(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        let mother = s.mother();
        let (school, foreign) = (s.world.school, s.world.students[3]);
        let app = s.house.app.clone();
        let denied = s.write(move |tx| store::letter(tx, &app, &mother, &crate::stage::new_letter(school, foreign, "k")));
        assert!(matches!(denied, Err(Error::NotFound)));
        let father = s.world.father;
        let own = s.house.db().read_wait(move |r| gongyu_contact::caseload::permit::own(r, father, id).map(|_| ()));
        assert!(matches!(own, Err(Error::NotFound)), "the other parent's letter is not theirs");
        let mut elsewhere = actor_of(s.world.role(Role::SchoolLeader));
        elsewhere.hat.unit = Some(s.world.junior);
        let held = s.house.db().read_wait(move |r| gongyu_contact::caseload::held(r, &elsewhere, id).map(|_| ()));
        assert!(matches!(held, Err(Error::NotFound)), "another school's leader");
        assert_eq!(s.get(&s.role(Role::ClassTeacher), &format!("/mailbox/{id}")).status, 403);
    }
}
