//! Making the district: units and staff first, then school by school its pupils and their two years.

use super::accounts::{Candidate, Cast};
use super::acts::{self, Books};
use super::dice::Dice;
use super::family::{Numbers, Person};
use super::history::{self, Around, Happened, Style};
use super::notes::Notes;
use super::plan::{ClassPlan, Plan, SchoolPlan};
use super::pupil::{Nursery, Pupil, is_shown};
use super::roster::ReadBack;
use super::rows::{Clerk, Seat};
use super::sink::Sink;
use super::staff::{ClassPeople, Mother, Office, SchoolPeople, class_name};
use super::tally::{Child, ClassTally, Place};
use super::units::{self, Above};
use super::{DemoOptions, Part};
use gongyu_access::account;
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::{StaffRole, TouchKind};
use gongyu_registry::people::Relation;
use gongyu_web::App;
use std::rc::Rc;

/// Days back in which contacts still wait for the family's word.
const ANSWERED_DAYS: i64 = 45;

/// What was made, counted.
#[derive(Clone, Copy, Default)]
pub(super) struct Made {
    pub(super) guardians: u64,
    pub(super) touches: u64,
    pub(super) never: u64,
}

/// Everything needed while a school is made.
pub(super) struct Maker<'a> {
    pub(super) app: &'a App,
    pub(super) options: &'a DemoOptions,
    pub(super) books: Books<'a>,
    pub(super) plan: &'a Plan,
    pub(super) above: Above,
    pub(super) office: Office,
    pub(super) nursery: Nursery,
    pub(super) cast: Cast,
    pub(super) mother: Option<Mother>,
    pub(super) notes: Notes,
    pub(super) requested: Numbers,
    pub(super) made: Made,
}

impl Maker<'_> {
    /// Makes every school, and the activities of towns.
    pub(super) fn schools(&mut self, sink: &mut Sink) -> Result<()> {
        for plan in &self.plan.schools {
            self.school(sink, plan)?;
        }
        units::activities(sink, &self.books, &self.above, self.options.seed)
    }

    fn school(&mut self, sink: &mut Sink, plan: &SchoolPlan) -> Result<()> {
        let seed = self.options.seed;
        let town = self.above.towns[plan.town];
        let mut dice = Dice::of(seed, Part::Staff.of(plan.index));
        let people = self.office.school(&mut dice, &self.nursery.names, plan, town, &mut self.cast)?;
        let mut dice = Dice::of(seed, Part::Acts.of(plan.index));
        let calls = acts::of_school(sink, &mut dice, &self.books, plan, people.school, people.leader_account)?;
        let mut pupils_dice = Dice::of(seed, Part::Pupils.of(plan.index));
        let mut past_dice = Dice::of(seed, Part::Past.of(plan.index));
        self.nursery.teacher_mother = self.mother.as_ref().map(|m| m.name.clone());
        for (at, class) in plan.classes.iter().enumerate() {
            let town_name = self.plan.towns[plan.town].name;
            let pupils = self.nursery.class(&mut pupils_dice, plan, class, town_name);
            let Some(staff) = people.classes.get(at) else { continue };
            self.class(sink, &mut past_dice, plan, at, &people, staff, &pupils, &calls)?;
            self.two_hats(sink)?;
        }
        self.mother = people.mother;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "a class stands between as much")]
    fn class(
        &mut self,
        sink: &mut Sink,
        dice: &mut Dice,
        plan: &SchoolPlan,
        at: usize,
        people: &SchoolPeople,
        staff: &ClassPeople,
        pupils: &[Pupil],
        calls: &acts::Calls,
    ) -> Result<()> {
        let class = &plan.classes[at];
        let boarding = pupils.iter().filter(|p| p.boarding).count() * 2 > pupils.len();
        let shown = is_shown(plan, class, self.nursery.year);
        let around = Around {
            stage: class.key.stage,
            grade: class.key.grade(self.nursery.year).unwrap_or(1),
            rural: plan.rural,
            style: if shown { Style::shown() } else { Style::draw(dice, plan.rural, boarding) },
            scale: self.options.scale(),
            teacher: staff.teacher,
            colleague: staff.colleague.map(|(id, _)| (id, StaffRole::SubjectTeacher)),
            meetings: &calls.meetings,
            open_days: &calls.open_days,
        };
        let setting = if plan.rural { "rural" } else { "urban" };
        let place = Place { class: staff.class, school: people.school, town: self.above.towns[plan.town], setting };
        let past = self.books.past;
        let mut tally = ClassTally::new(past, self.books.rules, self.books.calendar, place);
        let seat = Seat { school: people.school, class: staff.class, since: self.above.since };
        let read_back = ReadBack::new(plan.kind, past.today, self.nursery.year);
        for pupil in pupils {
            let happened = history::of_pupil(dice, pupil, &around, past);
            let now = self.app.clock().now();
            let mut clerk = Clerk { sink, vault: &self.app.vault, past, now };
            let fresh = pupil.family.people.iter().filter(|p| p.id.get().is_none()).count();
            self.made.guardians += fresh as u64;
            let student = clerk.pupil(pupil, seat, row_hash(self.app, &read_back, pupil, plan, class)?)?;
            self.users(&mut clerk, dice, plan, class, pupil, student, seat)?;
            let counted = record(&mut clerk, dice, &self.notes, staff, pupil, student, seat, happened, !shown)?;
            self.made.touches += counted.len() as u64;
            let child = Child { id: student, special: pupil.special(), joined: pupil.joined, left: pupil.left };
            tally.child(sink, child, &counted)?;
        }
        let never = tally.never();
        self.made.never += never;
        let name = class_name(plan, at, self.nursery.year);
        let interest = if shown {
            1000
        } else if never == 3 {
            100
        } else {
            i64::from(never > 0)
        };
        let (login, account) = (&staff.teacher_login, staff.teacher_account);
        let role = gongyu_access::Role::ClassTeacher;
        self.cast.offer(Candidate::staff(role, &name, login, account, &staff.teacher_name, interest));
        tally.finish(sink);
        sink.pause()
    }

    /// Guardians of a pupil who use the product, with their consent.
    #[expect(clippy::too_many_arguments, reason = "a guardian stands between as much")]
    fn users(
        &mut self,
        clerk: &mut Clerk<'_>,
        dice: &mut Dice,
        plan: &SchoolPlan,
        class: &ClassPlan,
        pupil: &Pupil,
        student: Id,
        seat: Seat,
    ) -> Result<()> {
        let family = &pupil.family;
        let children = family.kids.borrow().len();
        let shown = is_shown(plan, class, self.nursery.year) && pupil.name.starts_with("陈语");
        let share = if pupil.never {
            0.0
        } else if plan.rural {
            0.22
        } else {
            0.42
        };
        for tie in family.ties.iter().filter(|tie| tie.is_guardian) {
            let person = &family.people[tie.person];
            let (Some(guardian), Some(phone)) = (person.id.get(), person.phone.as_deref()) else { continue };
            if self.is_mother(pupil, person) {
                clerk.consent(pupil, student, guardian, seat.school)?;
                continue;
            }
            let first = children == 1 && person.account.get().is_none();
            if first && (shown || dice.chance(share)) {
                person.account.set(clerk.account(person, dice.between(0, 40))?);
            }
            let Some(account) = person.account.get() else { continue };
            clerk.consent(pupil, student, guardian, seat.school)?;
            if dice.chance(if shown { 1.0 } else { 0.004 }) && tie.relation == Relation::Father {
                let number = self.requested.phone();
                clerk.number_request(student, guardian, seat.school, &number, dice.between(0, 6))?;
            }
            let of_two = i64::from(tie.relation == Relation::Mother) + i64::try_from(children).unwrap_or(1) * 10;
            let interest = if shown { 1000 + i64::from(tie.relation == Relation::Mother) } else { of_two };
            self.cast.offer(Candidate::guardian(&pupil.name, phone, account, &person.name, interest));
        }
        Ok(())
    }

    /// Whether this guardian is the teacher whose own child has just been made: she has an account already.
    fn is_mother(&self, pupil: &Pupil, person: &Person) -> bool {
        let here = self.nursery.mother_found.as_ref().is_some_and(|family| Rc::ptr_eq(family, &pupil.family));
        here && self.mother.as_ref().is_some_and(|mother| mother.name == person.name)
    }

    /// Gives a teacher whose own child has just been made the hat of a guardian.
    fn two_hats(&mut self, sink: &mut Sink) -> Result<()> {
        let Some(family) = self.nursery.mother_found.take() else { return Ok(()) };
        let Some(mother) = self.mother.take() else { return Ok(()) };
        let person: Option<&Person> = family.people.iter().find(|p| p.name == mother.name);
        let (Some(person), Some(guardian)) = (person, person.and_then(|p| p.id.get())) else { return Ok(()) };
        let account = mother.account;
        person.account.set(Some(account));
        sink.pause()?;
        self.app.db.write_wait(move |tx| account::join_guardian(tx, account, guardian))?;
        let role = gongyu_access::Role::ClassTeacher;
        self.cast.offer(Candidate::staff(role, &mother.unit, &mother.login, account, &mother.name, 500));
        if let Some(phone) = &person.phone {
            let two_hats = Candidate::guardian(&mother.unit, phone, account, &mother.name, 500);
            self.cast.offer(two_hats);
        }
        Ok(())
    }
}

/// What a roster file that names the pupil is compared with; nothing for one who left, whom no file names.
fn row_hash(app: &App, read_back: &ReadBack, pupil: &Pupil, plan: &SchoolPlan, class: &ClassPlan) -> Result<String> {
    if pupil.left.is_some() {
        return Ok(String::new());
    }
    gongyu_registry::roster::import::row_hash(&app.vault, &mut read_back.row(pupil, plan, class))
}

/// Records what happened, with the notes and the family's word on the latest contacts.
#[expect(clippy::too_many_arguments, reason = "a contact stands between as much")]
fn record(
    clerk: &mut Clerk<'_>,
    dice: &mut Dice,
    notes: &Notes,
    staff: &ClassPeople,
    pupil: &Pupil,
    student: Id,
    seat: Seat,
    happened: Vec<Happened>,
    visits: bool,
) -> Result<Vec<(Happened, Id, Option<Relation>)>> {
    let today = clerk.past.today;
    let mut out = Vec::with_capacity(happened.len());
    for t in happened {
        let recent = i64::from((today - t.day).get_days()) <= ANSWERED_DAYS;
        let noted = match (t.tone, t.staff) {
            (Some(tone), Some((by, _))) if recent && t.kind == TouchKind::CONTACT => {
                let account = staff.colleague.filter(|(id, _)| *id == by).map_or(staff.teacher_account, |(_, a)| a);
                Some(clerk.contact(&t, seat, (by, account), tone, notes.draw(dice, tone))?)
            }
            _ if visits
                && t.kind == TouchKind::VISIT
                && clerk.past.terms[t.term].year_at + 1 == clerk.past.years.len() =>
            {
                Some(clerk.visit(&t, pupil, student, seat, staff.teacher_account)?)
            }
            _ => None,
        };
        let (id, relation) = clerk.touch(&t, noted, pupil, student, seat)?;
        let asked = t.kind == TouchKind::CONTACT || t.kind == TouchKind::VISIT;
        let person = t.tie.and_then(|tie| pupil.family.ties.get(tie)).map(|tie| &pupil.family.people[tie.person]);
        if recent
            && asked
            && let Some(person) = person.filter(|p| p.account.get().is_some())
            && let Some(guardian) = person.id.get()
            && dice.chance(0.6)
        {
            let happened = !dice.chance(0.012);
            clerk.answer(id, seat.school, guardian, happened, clerk.now)?;
        }
        out.push((t, id, relation));
    }
    Ok(out)
}
