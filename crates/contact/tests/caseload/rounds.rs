//! After the answer: once more, the petition track, figures, reminders.

use crate::stage::Stage;
use gongyu_access::Role;
use gongyu_contact::caseload::model::{State, Track};
use gongyu_contact::caseload::rules::{PETITION_ACCEPT, PETITION_FINISH, REVIEW};
use gongyu_kernel::Id;
use gongyu_store::sql;
use gongyu_testkit::both_engines;
use jiff::civil::date;

fn due(s: &Stage, id: Id, stage: &str) -> Option<jiff::civil::Date> {
    let holidays = gongyu_kernel::calendar::Holidays::national();
    s.case(id).stages.get(stage).and_then(|c| c.due(&holidays))
}

fn reminders(s: &Stage) -> i64 {
    s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE kind = 'caseload_due'"), &[]))
}

fn morning(s: &Stage) {
    (gongyu_contact::caseload::feature().jobs[0].run)(&s.house.app, Id(0), "").unwrap();
}

both_engines! {
    fn who_is_not_content_has_it_taken_up_once_more_and_no_second_time(engine) {
        let s = Stage::new(engine);
        let mother = s.role(Role::Guardian);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        s.answered(id);
        assert_eq!(s.post(&mother, &format!("/mailbox/{id}/rate"), &[("rating", "unsatisfied")]).status, 303);
        assert_eq!(s.case(id).state, State::Answered, "not closed over somebody's head");
        let again = s.post(&mother, &format!("/mailbox/{id}/again"), &[("why", "还是咸")]);
        assert_eq!(again.status, 303, "{}", again.text());
        assert_eq!(s.case(id).state, State::Handling);
        assert_eq!(s.case(id).due_on, Some(date(2026, 12, 2)), "a clock of its own");
        s.answered(id);
        let page = s.get(&mother, &format!("/mailbox/{id}"));
        assert_eq!(page.words().matches("少放盐").count(), 2, "both answers stay: {}", page.words());
        assert_eq!(s.post(&mother, &format!("/mailbox/{id}/again"), &[("why", "还是咸")]).status, 409);
    }

    fn petition_regulations_15_60_30_days(engine) {
        let s = Stage::new(engine);
        let (mother, leader) = (s.role(Role::Guardian), s.role(Role::SchoolLeader));
        let id = s.letter("收费不明", &[]);
        s.assigned(id);
        let begun = s.post(&leader, &format!("/cases/{id}/petition"), &[("words", "家长要求按信访办")]);
        assert_eq!(begun.status, 303, "{}", begun.text());
        assert_eq!(s.case(id).track, Track::Petition);
        assert_eq!(due(&s, id, PETITION_ACCEPT), Some(date(2026, 12, 8)), "told within 15 days");
        assert_eq!(s.post(&leader, &format!("/cases/{id}/accept"), &[]).status, 303);
        assert_eq!(due(&s, id, PETITION_FINISH), Some(date(2027, 1, 22)), "finished within 60 days of acceptance");
        s.answered(id);
        let page = s.get(&mother, &format!("/mailbox/{id}"));
        assert!(page.words().contains("请求复查"), "{}", page.words());
        assert_eq!(s.post(&mother, &format!("/mailbox/{id}/again"), &[("why", "没说清")]).status, 303);
        assert_eq!(due(&s, id, REVIEW), Some(date(2026, 12, 23)), "decided within 30 days");
        s.answered(id);
        s.days_pass(31);
        assert_eq!(s.post(&mother, &format!("/mailbox/{id}/again"), &[("why", "没说清")]).status, 409, "asked for within 30 days");
    }

    fn a_handler_is_reminded_on_working_mornings_once_a_day_and_never_on_days_off(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        morning(&s);
        assert_eq!(reminders(&s), 0, "nine days before its last");
        s.days_pass(4);
        morning(&s);
        morning(&s);
        assert_eq!(reminders(&s), 1, "Friday, three working days before, once");
        s.days_pass(1);
        morning(&s);
        s.days_pass(1);
        morning(&s);
        assert_eq!(reminders(&s), 1, "not on a Saturday, not on a Sunday");
        s.days_pass(3);
        morning(&s);
        assert_eq!(reminders(&s), 2, "on the last day");
        s.answered(id);
        s.days_pass(31);
        morning(&s);
        assert_eq!(s.case(id).state, State::Closed, "answered long ago");
    }

    fn small_counts_are_not_told_apart(engine) {
        let s = Stage::new(engine);
        for n in 0..6 {
            s.letter(&format!("食堂太咸{n}"), &[]);
        }
        s.letter("作业太多", &[("topic", "homework")]);
        let page = s.get(&s.role(Role::SchoolLeader), &format!("/schools/{}/cases", s.world.school));
        assert_eq!(page.status, 200, "{}", page.text());
        let words = page.words();
        assert!(words.contains('7') && words.contains("食堂饮食"), "{words}");
        let file = s.get(&s.role(Role::SchoolLeader), &format!("/schools/{}/cases.xlsx", s.world.school));
        assert_eq!(file.status, 200);
        assert_eq!(s.get(&s.role(Role::DistrictOfficer), "/district/cases").status, 200);
        assert_eq!(s.get(&s.role(Role::TownOfficer), "/cases").status, 303);
    }
}
