//! One tap on a phone: through the routes, with the form's secret, on record.

use super::*;
use gongyu_testkit::{Client, both_engines};

impl Stage {
    fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person).on_phone()
    }
}

fn audits(s: &Stage) -> i64 {
    s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE action = 'notice.confirm'"), &[]))
}

both_engines! {
    fn a_family_sees_what_is_asked_and_confirms_with_one_tap(engine) {
        let s = Stage::new(engine);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        let mother = s.at(s.world.role(Role::Guardian));
        let home = runtime.block_on(mother.get("/home"));
        assert!(home.words().contains("周五去植物园"), "{}", home.words());
        assert!(home.words().contains("陈语桐"), "the child is named");
        let path = format!("/notices/{id}/confirm");
        let secret = home.attr("meta[name=csrf]", "content").unwrap();
        let fields = [("csrf", secret.as_str()), ("from", "home")];
        let without = runtime.block_on(mother.post_bare(&path, &[("from", "home")]));
        assert!(without.status.is_client_error());
        for _ in 0..2 {
            let done = runtime.block_on(mother.post_bare(&path, &fields));
            assert_eq!((done.status.as_u16(), done.location.as_deref()), (303, Some("/home")));
        }
        assert_eq!((s.counts(id).confirmed, audits(&s)), (1, 1));
        let after = runtime.block_on(mother.get("/home"));
        assert!(!after.words().contains("周五去植物园"), "{}", after.words());
        // Staff do not confirm for a family, and a notice to others is not there.
        let theirs = s.sent(&s.leader(), Kind::Confirm, &[s.world.classes[1]]);
        let refused = runtime.block_on(mother.post_bare(&format!("/notices/{theirs}/confirm"), &fields));
        assert_eq!(refused.status.as_u16(), 404);
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let refused = runtime.block_on(teacher.post(&path, &[]));
        assert!(refused.status.is_client_error());
    }

    fn a_withdrawal_stands_on_the_home_of_who_had_not_answered(engine) {
        let s = Stage::new(engine);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::recall(tx, &notice, "改期")
        })
        .unwrap();
        let mother = s.at(s.world.role(Role::Guardian));
        let home = runtime.block_on(mother.get("/home"));
        assert!(home.words().contains("通知已撤回"), "{}", home.words());
        assert!(!home.words().contains("看过了，确认"));
        s.house.days_pass(8);
        let later = runtime.block_on(mother.get("/home"));
        assert!(!later.words().contains("通知已撤回"));
    }

    fn a_class_teacher_sees_near_the_deadline_how_many_have_not_answered(engine) {
        let s = Stage::new(engine);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let deadline = s.house.app.clock().now().plus_minutes(20 * 60);
        let asked = Draft { deadline: Some(deadline), ..draft(Kind::Confirm, &[s.world.school]) };
        let id = s.sent_as(&s.leader(), &asked);
        s.confirm(id, s.world.mother).unwrap();
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        let board = runtime.block_on(teacher.get("/class"));
        assert!(board.words().contains("还有5名学生的家长没回"), "{}", board.words());
    }
}
