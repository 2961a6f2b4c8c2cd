//! The way of a matter through each of the three doors.

use crate::stage::Stage;
use gongyu_access::Role;
use gongyu_contact::caseload::SOURCE;
use gongyu_contact::caseload::model::{State, Writer};
use gongyu_contact::caseload::rules::ANSWER;
use gongyu_kernel::Id;
use gongyu_ledger::rules::{Channel, Depth};
use gongyu_ledger::touch;
use gongyu_testkit::both_engines;
use jiff::civil::date;

fn touches(s: &Stage, case: Id) -> Vec<(Channel, Depth)> {
    s.read(move |r| touch::of_source(r, SOURCE, case)).into_iter().map(|t| (t.channel, t.depth)).collect()
}

both_engines! {
    fn a_signed_letter_is_given_out_answered_approved_judged_and_leaves_a_touch(engine) {
        let s = Stage::new(engine);
        let (mother, leader) = (s.role(Role::Guardian), s.role(Role::SchoolLeader));
        let id = s.letter("食堂太咸", &[("public", "on")]);
        assert_eq!(s.letter("食堂太咸", &[("public", "on")]), id, "a form sent twice is one letter");
        assert_eq!(s.case(id).due_on, Some(date(2026, 11, 25)), "POLICY 3.6 [P]: somebody handles it in two working days");
        let list = s.get(&leader, "/cases?show=new");
        assert!(list.words().contains("食堂太咸") && list.words().contains("等安排"), "{}", list.words());
        s.assigned(id);
        assert_eq!(s.case(id).due_on, Some(date(2026, 12, 2)), "7 working days");
        let seen = s.get(&s.role(Role::ClassTeacher), &format!("/cases/{id}"));
        assert!(seen.words().contains("林秀兰") && seen.words().contains("偏咸"), "{}", seen.words());
        assert!(seen.words().contains("工作日") && seen.words().contains("周末"), "the computation is shown: {}", seen.words());
        assert!(touches(&s, id).is_empty());
        s.answered(id);
        assert_eq!(touches(&s, id), [(Channel::InApp, Depth::Told)]);
        let home = s.get(&mother, "/home");
        assert!(home.words().contains("学校答复了"), "{}", home.words());
        let page = s.get(&mother, &format!("/mailbox/{id}"));
        assert!(page.words().contains("少放盐") && page.words().contains("林老师"), "{}", page.words());
        let rated = s.post(&mother, &format!("/mailbox/{id}/rate"), &[("rating", "basic"), ("words", "还行")]);
        assert_eq!(rated.status, 303, "{}", rated.text());
        assert_eq!(s.case(id).state, State::Closed);
        assert_eq!(s.post(&mother, &format!("/mailbox/{id}/rate"), &[("rating", "basic")]).status, 409);
    }

    fn a_question_stops_the_clock_and_an_extension_is_told_with_its_reason(engine) {
        let s = Stage::new(engine);
        let (mother, teacher) = (s.role(Role::Guardian), s.role(Role::ClassTeacher));
        let id = s.letter("作业太多", &[]);
        s.assigned(id);
        let asked = s.post(&teacher, &format!("/cases/{id}/ask"), &[("question", "是哪一科？")]);
        assert_eq!(asked.status, 303, "{}", asked.text());
        assert_eq!(s.case(id).due_on, None, "nothing runs while the family is asked");
        assert!(s.get(&mother, "/home").words().contains("请您补充"));
        s.days_pass(3);
        let told = s.post(&mother, &format!("/mailbox/{id}/more"), &[("answer", "数学")]);
        assert_eq!(told.status, 303, "{}", told.text());
        assert_eq!(s.case(id).due_on, Some(date(2026, 12, 7)), "three working days later than 2 December");
        let none = s.post(&teacher, &format!("/cases/{id}/extend"), &[("days", "2"), ("why", "")]);
        assert_eq!(none.status, 422, "no reason, no extension");
        let more = s.post(&teacher, &format!("/cases/{id}/extend"), &[("days", "2"), ("why", "要问任课老师")]);
        assert_eq!(more.status, 303, "{}", more.text());
        assert_eq!(s.case(id).due_on, Some(date(2026, 12, 9)));
        assert!(s.get(&mother, &format!("/mailbox/{id}")).words().contains("要问任课老师"));
        let over = s.post(&teacher, &format!("/cases/{id}/extend"), &[("days", "9"), ("why", "再等")]);
        assert_eq!(over.status, 422, "10 working days altogether");
    }

    fn a_letter_in_confidence_hides_its_name_and_leaves_no_touch(engine) {
        let s = Stage::new(engine);
        let id = s.letter("老师批评太重", &[("confidential", "on")]);
        assert_eq!(s.case(id).writer, Writer::Confidential);
        s.assigned(id);
        for role in [Role::ClassTeacher, Role::SchoolLeader, Role::MoralDirector] {
            let page = s.get(&s.role(role), &format!("/cases/{id}"));
            assert!(!page.text().contains("林秀兰") && !page.text().contains("陈语桐"), "{role:?}: {}", page.words());
        }
        let denied = s.post(&s.role(Role::SchoolLeader), &format!("/cases/{id}/name"), &[]);
        assert_eq!(denied.status, 403, "the leader does not answer it");
        let opened = s.post(&s.role(Role::ClassTeacher), &format!("/cases/{id}/name"), &[]);
        assert!(opened.words().contains("林秀兰"), "{}", opened.words());
        let told = s.get(&s.role(Role::Guardian), &format!("/mailbox/{id}"));
        assert!(told.words().contains("看了您的署名"), "{}", told.words());
        s.answered(id);
        assert!(touches(&s, id).is_empty(), "the class board would tell who wrote");
    }

    fn a_call_is_noted_without_a_name_and_followed_up(engine) {
        let s = Stage::new(engine);
        let director = s.role(Role::MoralDirector);
        let fields = [("door", "line"), ("key", "call-1"), ("topic", "safety"), ("title", "校门口车多"), ("body", "放学时车太多。"), ("day", "2026-11-23")];
        let noted = s.post(&director, "/cases/new", &fields);
        assert_eq!(noted.status, 303, "{}", noted.text());
        let id: Id = noted.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!((s.case(id).writer, s.case(id).state), (Writer::Unnamed, State::New));
        assert!(touches(&s, id).is_empty());
        s.assigned(id);
        s.answered(id);
        assert_eq!(s.case(id).state, State::Telling, "nobody is reached through the product");
        let told = s.post(&s.role(Role::ClassTeacher), &format!("/cases/{id}/tell"), &[("how", "phone")]);
        assert_eq!(told.status, 303, "{}", told.text());
        assert_eq!(s.case(id).state, State::Answered);
    }

    fn a_call_of_a_known_family_answered_at_once_is_a_touch_and_done(engine) {
        let s = Stage::new(engine);
        let teacher = s.role(Role::ClassTeacher);
        let (child, mother) = (s.world.students[0].to_string(), s.world.mother.to_string());
        let found = s.get(&teacher, "/cases/new?door=line&q=%E9%99%88%E8%AF%AD");
        assert!(found.words().contains("陈语桐"), "{}", found.words());
        let fields = [
            ("door", "line"), ("key", "call-2"), ("topic", "homework"), ("title", "问作业"), ("body", "问寒假作业。"),
            ("day", "2026-11-20"), ("child", &child), ("guardian", &mother), ("answered", "告诉了家长"), ("minutes", "4"),
        ];
        let noted = s.post(&teacher, "/cases/new", &fields);
        assert_eq!(noted.status, 303, "{}", noted.text());
        let id: Id = noted.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(s.case(id).state, State::Answered);
        assert_eq!(touches(&s, id), [(Channel::Phone, Depth::Talked)]);
        let far = s.post(&teacher, "/cases/new", &[("door", "line"), ("key", "call-3"), ("topic", "homework"), ("title", "问"), ("body", "问"), ("day", "2026-11-24")]);
        assert_eq!(far.status, 422, "a call of tomorrow");
    }

    fn what_says_the_same_is_answered_together(engine) {
        let s = Stage::new(engine);
        let (first, second) = (s.letter("食堂太咸", &[]), s.letter("菜太咸了", &[]));
        s.assigned(first);
        let into = first.to_string();
        let merged = s.post(&s.role(Role::MoralDirector), &format!("/cases/{second}/merge"), &[("into", &into)]);
        assert_eq!(merged.status, 303, "{}", merged.text());
        s.answered(first);
        let mother = s.role(Role::Guardian);
        assert!(s.get(&mother, &format!("/mailbox/{second}")).words().contains("少放盐"));
        assert_eq!(s.post(&mother, &format!("/mailbox/{second}/rate"), &[("rating", "satisfied")]).status, 303);
        assert_eq!(touches(&s, second).len(), 1);
    }

    fn an_answer_is_published_only_where_the_writer_agrees_and_names_nobody(engine) {
        let s = Stage::new(engine);
        let (yes, no) = (s.letter("食堂太咸", &[("public", "on")]), s.letter("别公开", &[]));
        for id in [yes, no] {
            s.assigned(id);
            s.answered(id);
        }
        let leader = s.role(Role::SchoolLeader);
        let refused = s.post(&leader, &format!("/cases/{no}/publish"), &[("question", "问"), ("answer", "答")]);
        assert!(matches!(refused.status.as_u16(), 409 | 422), "{}", refused.status);
        let named = s.post(&leader, &format!("/cases/{yes}/publish"), &[("question", "林秀兰问食堂"), ("answer", "少放盐")]);
        assert_eq!(named.status, 422);
        let director = s.post(&s.role(Role::MoralDirector), &format!("/cases/{yes}/publish"), &[("question", "问"), ("answer", "答")]);
        assert_eq!(director.status, 403, "published is what a leader approves");
        let done = s.post(&leader, &format!("/cases/{yes}/publish"), &[("question", "食堂的菜偏咸"), ("answer", "从明天起少放盐")]);
        assert_eq!(done.status, 303, "{}", done.text());
        let public = s.get(&s.nobody(), "/answers");
        assert!(public.words().contains("从明天起少放盐") && !public.text().contains("林秀兰"), "{}", public.words());
        assert_eq!(s.post(&leader, &format!("/cases/{yes}/withdraw"), &[]).status, 303);
        assert!(!s.get(&s.nobody(), "/answers").words().contains("少放盐"));
    }
}

#[test]
fn the_clock_of_an_answer_is_met_on_the_day_it_reaches_the_family() {
    let s = Stage::new(gongyu_testkit::Engine::Sqlite);
    let id = s.letter("食堂太咸", &[]);
    s.assigned(id);
    s.days_pass(10);
    s.answered(id);
    let case = s.case(id);
    assert_eq!(case.stages.get(ANSWER).and_then(|c| c.met), Some(date(2026, 12, 3)));
    assert!(case.late, "a day after the last");
}
