//! Notices by their rules, on both engines.

mod engine;
mod fanning;
mod guarding;
mod property;
mod steering;
mod tapping;

use super::model::{Audience, Draft, Kind, Notice, Stand};
use super::permit::Slice;
use super::{Counts, LETTERS, SOURCE, store};
use gongyu_access::{Actor, Hat, Prefs, Role};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_ledger::touch;
use gongyu_registry::people::{self, NewGuardianship, NewStudent, Relation, SealedGuardian, SealedStudent, family};
use gongyu_registry::roster::class_label::{ClassKey, Stage as SchoolStage};
use gongyu_registry::unit::{self, NewUnit, UnitKind};
use gongyu_store::{Reader, Tx, sql};
use gongyu_testkit::{Engine, House, Person, World, base_features};
use gongyu_web::letters::{Became, Due, News};
use gongyu_web::{Feature, MembershipChange};
use jiff::civil::date;

/// The small district with notices.
struct Stage {
    house: House,
    world: World,
}

/// A family of its own for tests of many.
#[derive(Clone, Copy)]
struct Pair {
    child: Id,
    guardian: Id,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.push(Feature { name: "deliver", migrations: gongyu_deliver::MIGRATIONS, ..Feature::default() });
        features.extend([
            crate::contact_log::feature(),
            crate::class_board::feature(),
            crate::guardian_home::feature(),
            super::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world }
    }

    fn write<T: Send + 'static>(&self, what: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        self.house.db().write_wait(what)
    }

    fn read<T: Send + 'static>(&self, what: impl Fn(&mut Reader) -> Result<T> + Send + 'static) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    fn teacher(&self) -> Actor {
        actor(self.world.role(Role::ClassTeacher), Some(self.world.classes[0]))
    }

    fn other_teacher(&self) -> Actor {
        actor(&self.world.other_teacher, Some(self.world.classes[1]))
    }

    fn leader(&self) -> Actor {
        actor(self.world.role(Role::MoralDirector), Some(self.world.school))
    }

    fn officer(&self) -> Actor {
        actor(self.world.role(Role::DistrictOfficer), Some(self.world.district))
    }

    /// A draft to some units, sent at once.
    fn sent(&self, by: &Actor, kind: Kind, units: &[Id]) -> Id {
        self.sent_as(by, &draft(kind, units))
    }

    fn sent_as(&self, by: &Actor, draft: &Draft) -> Id {
        let id = self.drafted(by, draft);
        self.send(by, id).unwrap();
        self.house.run_jobs();
        id
    }

    fn drafted(&self, by: &Actor, draft: &Draft) -> Id {
        let (by, draft) = (by.clone(), draft.clone());
        self.write(move |tx| store::create(tx, &by, &draft, false, "").map(|(id, _)| id)).unwrap()
    }

    fn send(&self, by: &Actor, id: Id) -> Result<store::Sent> {
        let by = by.clone();
        self.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::send(tx, &by, &notice, false)
        })
    }

    fn notice(&self, id: Id) -> Notice {
        self.read(move |r| store::find(r, id))
    }

    fn counts(&self, id: Id) -> Counts {
        self.read(move |r| store::counts(r, id, Slice::ALL))
    }

    fn stand(&self, id: Id, child: Id) -> Stand {
        self.read(move |r| {
            r.scalar(sql!("SELECT state FROM notice_child WHERE notice_id = $1 AND student_id = $2"), &[&id, &child])
        })
    }

    fn confirm(&self, id: Id, guardian: Id) -> Result<usize> {
        self.write(move |tx| store::confirm(tx, id, guardian, None))
    }

    /// Guardian and round of every letter of a notice that was not cancelled.
    fn letters(&self, id: Id) -> Vec<(Id, i64)> {
        self.read(move |r| {
            r.rows(
                sql!(
                    "SELECT guardian_id, round FROM dispatch WHERE source_id = $1 AND state <> 'cancelled'
                      ORDER BY round, guardian_id"
                ),
                &[&id],
            )
        })
    }

    /// Tells what became of the letter of a guardian.
    fn heard(&self, id: Id, guardian: Id, became: Became) {
        let at = self.house.app.clock().now();
        self.write(move |tx| (LETTERS.heard)(tx, &[news(id, guardian, became, at)])).unwrap();
    }

    /// Channel, depth and guardian of a child's touches that came from a notice and stand.
    fn touches(&self, id: Id, child: Id) -> Vec<(&'static str, &'static str, Option<Id>)> {
        self.read(move |r| {
            let all = touch::of_source(r, SOURCE, id)?;
            let mine = all.into_iter().filter(|t| t.student == child && !t.reversed);
            Ok(mine.map(|t| (t.channel.code(), t.depth.code(), t.guardian)).collect())
        })
    }

    /// Nothing contradicts anything.
    fn agrees(&self) {
        assert_eq!(store::disagreements(self.house.db()).unwrap(), Vec::<String>::new());
    }

    /// A class of its own in the primary school with so many families.
    fn class_of(&self, number: u16, families: usize) -> (Id, Vec<Pair>) {
        let (app, school) = (self.house.app.clone(), self.world.school);
        self.write(move |tx| {
            let key = ClassKey::of_cohort(SchoolStage::Primary, 2023, number);
            let class = unit::create(tx, &new_class(&key.roster_code(), school, key))?;
            let (mut pairs, mut changes) = (Vec::new(), Vec::new());
            for n in 0..families {
                let (pair, change) = family_in(tx, &app.vault, (school, class), number, n)?;
                pairs.push(pair);
                changes.push(change);
            }
            app.membership_changed(tx, &changes)?;
            Ok((class, pairs))
        })
        .unwrap()
    }
}

fn new_class(code: &str, school: Id, key: ClassKey) -> NewUnit<'_> {
    NewUnit {
        kind: UnitKind::Class,
        code: "",
        name: code,
        short_name: "",
        parent: Some(school),
        school_kind: None,
        setting: None,
        class: Some(key),
        phone: "",
        valid_from: date(2025, 9, 1),
    }
}

fn family_in(
    tx: &mut Tx,
    vault: &gongyu_vault::Vault,
    (school, class): (Id, Id),
    number: u16,
    n: usize,
) -> Result<(Pair, MembershipChange)> {
    let sealed = SealedStudent::default();
    let name = format!("学生{number}-{n}");
    let new = NewStudent {
        name: &name,
        sex: "male",
        birth_date: date(2016, 4, 5),
        number_in_class: None,
        left_behind: "none",
        migrant: false,
        boarding: false,
        special: false,
        id_blind: None,
        roll_blind: None,
        sealed: &sealed,
        row_hash: "",
    };
    let family = family::create(tx)?;
    let (child, change) = people::create_student(tx, vault, &new, school, Some(class), family, date(2025, 9, 1))?;
    let phone = format!("198{number:02}{n:06}");
    let guardian = people::new_guardian(tx, vault, &format!("家长{n}"), Some(&phone), &SealedGuardian::default())?;
    let student = people::find_student(tx, child)?;
    let tie = NewGuardianship { relation: Relation::Mother, kin: "", is_guardian: true, position: 1, source: "roster" };
    people::link(tx, &student, guardian, &tie, date(2025, 9, 1))?;
    Ok((Pair { child, guardian }, change))
}

fn actor(person: &Person, unit: Option<Id>) -> Actor {
    Actor {
        account: person.account,
        session: None,
        name: person.name.clone(),
        staff: person.staff,
        guardian: person.guardian,
        hat: Hat { role: person.role, unit, unit_name: String::new(), grant: None },
        strong: true,
        must_change: false,
        prefs: Prefs::default(),
    }
}

fn draft(kind: Kind, units: &[Id]) -> Draft {
    let questions = if kind == Kind::Answer { "[{}]" } else { "" };
    Draft {
        kind,
        title: "周五去植物园".to_owned(),
        body: "早上8:10校门口集合，穿校服，带水杯和雨具。".to_owned(),
        questions: questions.to_owned(),
        audience: Audience { units: units.to_vec(), ..Audience::default() },
        ..Draft::default()
    }
}

fn due(id: Id, guardian: Id, round: i64) -> Due {
    Due {
        dispatch: Id(1),
        source: id,
        school: Id(1),
        guardian: Some(guardian),
        account: None,
        student: None,
        lang: Lang::Zh,
        round,
    }
}

fn news(id: Id, guardian: Id, became: Became, at: Millis) -> News {
    News { due: due(id, guardian, 0), channel: "sms".to_owned(), became, at }
}

/// Moves a child to another class of its school, today.
fn moved(tx: &mut Tx, child: Id, class: Id) -> Result<MembershipChange> {
    let school = people::find_student(tx, child)?.school;
    let today = tx.today();
    people::move_to_class(tx, child, school, Some(class), today, "moved")
}
