//! Saving a record: once for a key, never over somebody else's words, counted for each child.

use gongyu_access::{Actor, Hat, Prefs, Role};
use gongyu_contact::visit::model::{NewVisit, Reason, State, Way};
use gongyu_contact::visit::record::{Finding, Measure};
use gongyu_contact::visit::store::{self, Outcome, Save, Saved};
use gongyu_contact::visit::{self, Held, Part, VisitRecord, model, permit, undo};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::rules::{StaffRole, TouchKind};
use gongyu_ledger::{figures, reach, touch};
use gongyu_store::{Reader, Tx};
use gongyu_testkit::{Engine, House, Person, World, base_features, both_engines};
use std::collections::BTreeSet;

struct Stage {
    house: House,
    world: World,
}

fn actor(person: &Person, unit: Id) -> Actor {
    Actor {
        account: person.account,
        session: None,
        name: person.name.clone(),
        staff: person.staff,
        guardian: person.guardian,
        hat: Hat { role: person.role, unit: Some(unit), unit_name: String::new(), grant: None },
        strong: true,
        must_change: false,
        prefs: Prefs::default(),
    }
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([gongyu_contact::contact_log::feature(), visit::feature()]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world }
    }

    fn write<T: Send + 'static>(&self, what: impl Fn(&mut Tx) -> Result<T> + Send + Sync + 'static) -> Result<T> {
        self.house.db().write_wait(what)
    }

    fn read<T: Send + 'static>(&self, what: impl Fn(&mut Reader) -> Result<T> + Send + Sync + 'static) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    fn teacher(&self) -> Actor {
        actor(self.world.role(Role::ClassTeacher), self.world.classes[0])
    }

    fn planned(&self, children: &[Id]) -> Id {
        let (lead, children) = (self.teacher(), children.to_vec());
        self.write(move |tx| {
            let new = NewVisit {
                children: children.clone(),
                reason: Reason::Yearly,
                trigger: String::new(),
                due_on: None,
                day: None,
                starts_at: None,
                way: Way::Home,
                lead: (lead.staff, StaffRole::ClassTeacher),
                contact: None,
            };
            store::create(tx, &new, lead.account, "plan-1").map(|(id, _)| id)
        })
        .unwrap()
    }

    fn save(&self, who: &Actor, visit: Id, key: &str, base: i64, fields: &VisitRecord) -> Result<Outcome> {
        let (app, who, key, fields) = (self.house.app.clone(), who.clone(), key.to_owned(), fields.clone());
        self.write(move |tx| {
            let held = permit::held(tx, &who, visit)?;
            let save =
                Save { client_key: &key, base_version: base, fields: fields.clone(), draft: false, said_at: None };
            store::save_record(tx, &app.vault, &who, &held, &save)
        })
    }

    fn held(&self, who: &Actor, visit: Id) -> Result<Held> {
        let who = who.clone();
        self.house.db().read_wait(move |r| permit::held(r, &who, visit))
    }

    fn counted(&self, child: Id) -> (usize, i64) {
        self.read(move |r| {
            let [_, year, _] = figures::present_periods(r)?;
            let touches = touch::of_student(r, child, false, 50)?;
            let visits = reach::of_children(r, &[child], &year)?.remove(&child).map_or(0, |c| c.visit);
            Ok((touches.len(), visits))
        })
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn record() -> VisitRecord {
    VisitRecord {
        good: "会帮同桌收书包".to_owned(),
        day: Some(day("2026-11-20")),
        way: Some(Way::Home),
        met: BTreeSet::from(["mother".to_owned()]),
        from: "18:30".to_owned(),
        to: "19:00".to_owned(),
        ..VisitRecord::default()
    }
}

fn saved(outcome: Outcome) -> Saved {
    match outcome {
        Outcome::Saved(saved) => saved,
        Outcome::Conflict(conflict) => panic!("a conflict: {conflict:?}"),
    }
}

both_engines! {
    fn a_record_saved_twice_with_one_key_is_one_version_and_one_touch(engine) {
        let s = Stage::new(engine);
        let (child, teacher) = (s.world.students[0], s.teacher());
        let visit = s.planned(&[child]);
        let first = saved(s.save(&teacher, visit, "k1", 0, &record()).unwrap());
        assert_eq!((first.version, first.again, first.complete), (1, false, true));
        let again = saved(s.save(&teacher, visit, "k1", 0, &record()).unwrap());
        assert_eq!((again.version, again.again), (1, true));
        assert_eq!(s.counted(child), (1, 1));
        let touches = s.read(move |r| touch::of_student(r, child, false, 5));
        assert_eq!((touches[0].kind.clone(), touches[0].minutes), (TouchKind::VISIT, 30));
        assert_eq!(touches[0].relation.map(|r| r.code()), Some("mother"));
        assert_eq!(touches[0].guardian, Some(s.world.mother));
    }

    fn the_key_of_another_account_is_refused(engine) {
        let s = Stage::new(engine);
        let visit = s.planned(&[s.world.students[0]]);
        s.save(&s.teacher(), visit, "k1", 0, &record()).unwrap();
        let director = actor(s.world.role(Role::MoralDirector), s.world.school);
        assert!(matches!(s.save(&director, visit, "k1", 1, &record()), Err(Error::NotFound)));
    }

    fn two_people_in_different_fields_keep_both_and_in_the_same_field_decide(engine) {
        let s = Stage::new(engine);
        let visit = s.planned(&[s.world.students[0]]);
        let (teacher, director) = (s.teacher(), actor(s.world.role(Role::MoralDirector), s.world.school));
        s.save(&teacher, visit, "k1", 0, &record()).unwrap();
        let talked = VisitRecord { talked: "说了睡觉".to_owned(), ..record() };
        s.save(&teacher, visit, "k2", 1, &talked).unwrap();
        let wishes = VisitRecord { opinions: "少一点作业".to_owned(), ..record() };
        let both = saved(s.save(&director, visit, "k3", 1, &wishes).unwrap());
        assert!(both.merged);
        let other = VisitRecord { talked: "说了手机".to_owned(), ..record() };
        let Outcome::Conflict(conflict) = s.save(&director, visit, "k4", 1, &other).unwrap() else { panic!("kept") };
        assert_eq!((conflict.version, conflict.fields.len(), conflict.fields[0].field), (3, 1, "talked"));
        assert_eq!(conflict.merged.opinions, "少一点作业");
        let app = s.house.app.clone();
        let stands = s.read(move |r| store::record_of(r, &app.vault, visit));
        assert_eq!((stands.talked.as_str(), stands.opinions.as_str()), ("说了睡觉", "少一点作业"));
        let mut decided = conflict.merged.clone();
        decided.talked = "说了睡觉和手机".to_owned();
        assert_eq!(saved(s.save(&director, visit, "k5", conflict.version, &decided).unwrap()).version, 4);
    }

    fn a_telephone_visit_is_a_talk_and_not_a_home_visit_until_it_is_corrected(engine) {
        let s = Stage::new(engine);
        let (child, teacher) = (s.world.students[0], s.teacher());
        let visit = s.planned(&[child]);
        let phone = VisitRecord { way: Some(Way::Phone), ..record() };
        s.save(&teacher, visit, "k1", 0, &phone).unwrap();
        assert_eq!(s.counted(child), (1, 0));
        s.save(&teacher, visit, "k2", 1, &record()).unwrap();
        assert_eq!(s.counted(child), (1, 1));
        let who = teacher.clone();
        s.write(move |tx| { let held = permit::held(tx, &who, visit)?; undo::take_back(tx, &held) }).unwrap();
        assert_eq!(s.counted(child), (0, 0));
        assert_eq!(s.read(move |r| store::find(r, visit)).state, State::Planned);
        s.save(&teacher, visit, "k3", 2, &record()).unwrap();
        assert_eq!(s.counted(child), (1, 1));
    }

    fn a_draft_may_lack_the_minimum_and_counts_for_nothing(engine) {
        let s = Stage::new(engine);
        let (child, who) = (s.world.students[0], s.teacher());
        let visit = s.planned(&[child]);
        let app = s.house.app.clone();
        let bare = VisitRecord { good: "爱笑".to_owned(), ..VisitRecord::default() };
        assert!(matches!(s.save(&who, visit, "k0", 0, &bare), Err(Error::Invalid(_))));
        let kept = s.write(move |tx| {
            let held = permit::held(tx, &who, visit)?;
            let save = Save { client_key: "k1", base_version: 0, fields: bare.clone(), draft: true, said_at: None };
            store::save_record(tx, &app.vault, &who, &held, &save)
        });
        assert!(!saved(kept.unwrap()).complete);
        assert_eq!(s.counted(child), (0, 0));
    }

    fn a_companion_writes_their_own_part_and_nothing_else(engine) {
        let s = Stage::new(engine);
        let visit = s.planned(&[s.world.students[0]]);
        let subject = actor(s.world.role(Role::SubjectTeacher), s.world.classes[0]);
        assert!(matches!(s.held(&subject, visit), Err(Error::NotFound)));
        s.save(&s.teacher(), visit, "k1", 0, &record()).unwrap();
        let (staff, school, by) = (subject.staff.unwrap(), s.world.school, s.teacher().account);
        s.write(move |tx| visit::company::invite(tx, (visit, school), &[staff], by)).unwrap();
        assert_eq!(s.held(&subject, visit).unwrap().part, Part::Own);
        let meddled = VisitRecord { good: "改了".to_owned(), ..record() };
        assert!(matches!(s.save(&subject, visit, "k2", 1, &meddled), Err(Error::Forbidden)));
        let mut own = record();
        own.parts.insert(staff, "数学上肯动脑".to_owned());
        assert_eq!(saved(s.save(&subject, visit, "k3", 1, &own).unwrap()).version, 2);
    }

    fn what_follows_from_a_record_follows_its_changes(engine) {
        let s = Stage::new(engine);
        let (child, teacher) = (s.world.students[0], s.teacher());
        let visit = s.planned(&[child]);
        let mut full = record();
        full.findings.push(Finding { theme: model::Theme::Mood, risk: model::Risk::Act, child: Some(child) });
        let measure = |key: &str| Measure { key: key.to_owned(), what: "每周打一次电话".to_owned(), owner: model::Owner::Teacher, due: Some(day("2026-12-04")) };
        full.measures = vec![measure("a"), measure("b")];
        s.save(&teacher, visit, "k1", 0, &full).unwrap();
        let (staff, class) = (teacher.staff.unwrap(), s.world.classes[0]);
        let open = s.read(move |r| visit::follow::open_tasks(r, staff, class, 10));
        assert_eq!(open.len(), 2);
        full.measures = vec![measure("b")];
        s.save(&teacher, visit, "k2", 1, &full).unwrap();
        let open = s.read(move |r| visit::follow::open_tasks(r, staff, class, 10));
        assert_eq!(open.iter().map(|t| t.key.as_str()).collect::<Vec<_>>(), ["b"]);
    }
}
