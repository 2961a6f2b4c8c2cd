//! Rows of 教职工 and 班主任.

use super::{Change, Planned, Planner};
use crate::org::fault::Fault;
use crate::org::known::KnownStaff;
use crate::org::near::nearest;
use crate::org::role_words;
use crate::org::row::{StaffRow, TeacherRow};
use crate::roster::class_label::{self, ClassClues, ClassFault, ClassKey};
use crate::unit::UnitKind;
use gongyu_access::Role;

/// Who a row is about.
enum Who {
    Known(usize),
    New,
    Unclear,
}

impl Planner<'_> {
    /// Whether the person is known already.
    pub(super) fn staff(&mut self, planned: &mut Planned, row: &StaffRow) -> bool {
        let Some(place) = self.place(planned, &row.unit) else { return false };
        let kind = self.known.unit(place).kind;
        let school = self.known.unit(place).id.filter(|_| kind == UnitKind::School);
        self.named.staff_of.extend(school);
        for role in &row.roles {
            if !role_words::fits(*role, kind) {
                planned.faults.push(Fault::RoleElsewhere(role.code().replace('_', "-")));
            }
        }
        if row.name.is_empty() {
            return false;
        }
        let phone = (!row.phone.is_empty()).then(|| (self.blind)(&row.phone));
        if self.met_before(planned, row, place) {
            return false;
        }
        match self.who(planned, row, place, phone.as_deref()) {
            Who::Unclear => false,
            Who::Known(at) => {
                compare(planned, row, self.known.staff(at), phone.as_deref());
                if let Some((person, school)) = self.known.staff(at).id.zip(school) {
                    self.named.roles.entry((person, school)).or_default().extend(&row.roles);
                }
                true
            }
            Who::New => {
                self.known.add_staff(KnownStaff {
                    id: None,
                    unit: place,
                    staff_no: row.staff_no.clone(),
                    name: row.name.clone(),
                    title: row.title.clone(),
                    phone,
                    roles: row.roles.iter().copied().collect(),
                });
                false
            }
        }
    }

    fn met_before(&mut self, planned: &mut Planned, row: &StaffRow, place: usize) -> bool {
        let key = if row.staff_no.is_empty() { format!("{} {}", row.name, row.phone) } else { row.staff_no.clone() };
        match self.people_met.insert((place, key.clone()), planned.number) {
            None => false,
            Some(earlier) => {
                planned.faults.push(Fault::PersonTwice(earlier));
                self.people_met.insert((place, key), earlier);
                true
            }
        }
    }

    /// By number; without one by name. A number whose holder has another name and another telephone
    /// belongs to somebody else, as numbers are not given twice.
    fn who(&self, planned: &mut Planned, row: &StaffRow, place: usize, phone: Option<&str>) -> Who {
        if let Some(at) = self.known.by_number(place, &row.staff_no) {
            let holder = self.known.staff(at);
            let same_phone = phone.is_some() && holder.phone.as_deref() == phone;
            if holder.name != row.name && !same_phone {
                planned.faults.push(Fault::NumberTaken(holder.name.clone()));
                return Who::Unclear;
            }
            return Who::Known(at);
        }
        let named = self.known.by_name(place, &row.name, phone);
        let numberless = |at: &&usize| self.known.staff(**at).staff_no.is_empty();
        let candidates: Vec<usize> =
            if row.staff_no.is_empty() { named } else { named.iter().filter(numberless).copied().collect() };
        match candidates[..] {
            [] => Who::New,
            [at] => {
                let other = self.known.staff(at).phone.as_deref().zip(phone).is_some_and(|(a, b)| a != b);
                if other && row.staff_no.is_empty() { Who::New } else { Who::Known(at) }
            }
            _ => {
                planned.faults.push(Fault::PersonUnclear(row.name.clone()));
                Who::Unclear
            }
        }
    }

    /// Whether the class has this class teacher, or another, already.
    pub(super) fn teacher(&mut self, planned: &mut Planned, row: &TeacherRow) -> bool {
        let Some(place) = self.place(planned, &row.unit) else { return false };
        let Some(kind) = self.known.unit(place).school_kind else {
            planned.faults.push(Fault::NoClasses);
            return false;
        };
        let school = self.known.unit(place).id;
        self.named.teachers_of.extend(school);
        let key = match self.class_key(planned, row, kind) {
            Some(key) => key,
            None => return false,
        };
        planned.class = Some(key);
        planned.name = key.display(self.school_year);
        self.named.classes.extend(school.map(|school| (school, key)));
        if let Some(earlier) = self.classes_met.get(&(place, key)) {
            planned.faults.push(Fault::ClassTwice(*earlier));
            return false;
        }
        self.classes_met.insert((place, key), planned.number);
        let person = self.person(planned, row, place);
        let Some(class) = self.known.class(place, &key) else {
            planned.faults.push(Fault::ClassNew(planned.name.clone()));
            return false;
        };
        let same = person.and_then(|at| self.known.staff(at).id).is_some_and(|id| class.teacher == Some(id));
        if class.teacher.is_some() && !same {
            planned.changes.push(Change::TakesOver);
        }
        class.teacher.is_some()
    }

    fn class_key(&self, planned: &mut Planned, row: &TeacherRow, kind: class_label::SchoolKind) -> Option<ClassKey> {
        let clues = ClassClues { label: &row.class, ..ClassClues::default() };
        let shown = |key: &ClassKey| key.display(self.school_year);
        let fault = match class_label::understand(&clues, kind, self.school_year) {
            Ok(reading) => {
                if !reading.sure {
                    planned.faults.push(Fault::ClassGuessed(shown(&reading.key)));
                }
                return Some(reading.key);
            }
            Err(ClassFault::Empty) => return None,
            Err(ClassFault::NotHere) => Fault::ClassNotHere(row.class.clone()),
            Err(ClassFault::Ambiguous(one, other)) => Fault::ClassUnclear(shown(&one), shown(&other)),
            Err(ClassFault::Unreadable | ClassFault::NoGrade | ClassFault::GradeDiffers(_)) => {
                Fault::Class(row.class.clone())
            }
        };
        planned.faults.push(fault);
        None
    }

    fn person(&self, planned: &mut Planned, row: &TeacherRow, place: usize) -> Option<usize> {
        if !row.staff_no.is_empty() {
            let found = self.known.by_number(place, &row.staff_no);
            match found {
                None => planned.faults.push(Fault::Person(row.staff_no.clone(), None)),
                Some(at) if !row.name.is_empty() && self.known.staff(at).name != row.name => {
                    planned.faults.push(Fault::NumberTaken(self.known.staff(at).name.clone()));
                }
                Some(_) => {}
            }
            return found;
        }
        if row.name.is_empty() {
            return None;
        }
        let phone = (!row.phone.is_empty()).then(|| (self.blind)(&row.phone));
        match self.known.by_name(place, &row.name, phone.as_deref())[..] {
            [at] => Some(at),
            [] => {
                let near = nearest(&row.name, self.known.staff_names(place)).map(ToOwned::to_owned);
                planned.faults.push(Fault::Person(row.name.clone(), near));
                None
            }
            _ => {
                planned.faults.push(Fault::PersonUnclear(row.name.clone()));
                None
            }
        }
    }
}

/// A cell left empty takes nothing away: a list of staff often has no telephones or roles.
fn compare(planned: &mut Planned, row: &StaffRow, staff: &KnownStaff, phone: Option<&str>) {
    if staff.name != row.name {
        planned.changes.push(Change::Name(staff.name.clone()));
    }
    if staff.staff_no != row.staff_no && !row.staff_no.is_empty() {
        planned.changes.push(Change::Code(staff.staff_no.clone()));
    }
    if staff.title != row.title && !row.title.is_empty() {
        planned.changes.push(Change::Title(staff.title.clone()));
    }
    if phone.is_some() && staff.phone.as_deref() != phone {
        planned.changes.push(Change::Phone);
    }
    let more = |role: &&Role| !staff.roles.contains(*role);
    planned.changes.extend(row.roles.iter().filter(more).map(|role| Change::Role(*role)));
}
