//! Rows of pupils, guardians and touches. Written in bulk, so the names under which the registry seals
//! fields are said again here; a test opens what was sealed through the registry's own functions.

use super::family::Person;
use super::history::Happened;
use super::pupil::Pupil;
use super::sink::{Sink, own, text, word};
use super::tables::{
    ACCOUNT, ANSWER, CONSENT, CONTACT, ENROLMENT, FAMILY, GRAM, GUARDIAN, GUARDIANSHIP, NUMBER, STUDENT, TERMS, TOUCH,
};
use super::timeline::Timeline;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_ledger::rules::Tone;
use gongyu_registry::people::{ID_BLIND, PHONE_BLIND, ROLL_BLIND, Relation, SealedGuardian, SealedStudent};
use gongyu_registry::roster::values::{Disability, LeftBehind, Sex};
use gongyu_store::{Value, search};
use gongyu_vault::Vault;
use jiff::civil::date;

/// Version of the notice that the demo's guardians agreed to.
const NOTICE: &str = "2026-11";

/// School and class a pupil is written into.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    pub(super) school: Id,
    pub(super) class: Id,
    /// Day the school came into the system: nobody's tie is older.
    pub(super) since: Date,
}

/// Writes rows of people.
pub(super) struct Clerk<'a> {
    pub(super) sink: &'a mut Sink,
    pub(super) vault: &'a Vault,
    pub(super) past: &'a Timeline,
    pub(super) now: Millis,
}

impl Clerk<'_> {
    /// A pupil with everyone of the family who is not there yet; the identifier of the pupil.
    pub(super) fn pupil(&mut self, pupil: &Pupil, seat: Seat, row_hash: String) -> Result<Id> {
        let (family, id) = (&pupil.family, self.sink.id()?);
        let family_id = match family.id.get() {
            Some(id) => id,
            None => {
                let id = self.sink.id()?;
                family.id.set(Some(id));
                self.sink.put(&FAMILY, vec![own(&id), own(&self.now)]);
                id
            }
        };
        for person in family.people.iter().filter(|p| p.id.get().is_none()) {
            self.guardian(person, &family.address)?;
        }
        self.student_row(pupil, id, family_id, seat, row_hash)?;
        let enrolment = self.sink.id()?;
        let (joined, left) = (own(&pupil.joined), own(&pupil.left));
        let row = vec![
            own(&enrolment),
            own(&seat.school),
            own(&id),
            own(&seat.class),
            joined,
            left,
            word("joined"),
            own(&self.now),
        ];
        self.sink.put(&ENROLMENT, row);
        for (position, tie) in (1..).zip(&family.ties) {
            let Some(guardian) = family.people[tie.person].id.get() else { continue };
            let row = vec![
                own(&self.sink.id()?),
                own(&seat.school),
                own(&id),
                own(&guardian),
                own(&tie.relation),
                word(tie.kin),
                Value::Bool(tie.is_guardian),
                Value::Int(position),
                Value::Bool(true),
                Value::Bool(true),
                Value::Bool(false),
                word(""),
                word("roster"),
                own(&seat.since.max(pupil.joined)),
            ];
            self.sink.put(&GUARDIANSHIP, row);
        }
        self.index(pupil, id, seat.school);
        Ok(id)
    }

    fn student_row(&mut self, pupil: &Pupil, id: Id, family_id: Id, seat: Seat, row_hash: String) -> Result<()> {
        let (family, roll) = (&pupil.family, format!("G{}", pupil.id_number));
        let sealed = SealedStudent {
            id_number: pupil.id_number.clone(),
            roll_number: roll.clone(),
            address: family.address.clone(),
            phone: family.people.iter().find_map(|p| p.phone.clone()).unwrap_or_default(),
            orphan: family.orphan,
            disability: disability(pupil.disability),
            ethnicity: pupil.ethnicity.name().to_owned(),
            ..SealedStudent::default()
        };
        let here = pupil.left.is_none();
        let row = vec![
            own(&id),
            own(&seat.school),
            if here { own(&seat.class) } else { Value::Null },
            own(&family_id),
            text(pupil.name.as_str()),
            text(search::sort_key(&pupil.name)),
            word(sex(pupil.sex)),
            own(&pupil.birth),
            word(if here { "active" } else { "left" }),
            own(&pupil.seat),
            word(away(family.away)),
            Value::Bool(family.migrant),
            Value::Bool(pupil.boarding),
            Value::Bool(pupil.special()),
            text(self.vault.blind(ID_BLIND, &pupil.id_number)),
            text(self.vault.blind(ROLL_BLIND, &roll)),
            own(&self.vault.seal_json("student.sealed", id, &sealed)?),
            text(row_hash),
            own(&pupil.joined),
            own(&pupil.left),
            own(&self.now),
            own(&self.now),
        ];
        self.sink.put(&STUDENT, row);
        Ok(())
    }

    fn guardian(&mut self, person: &Person, address: &str) -> Result<()> {
        let id = self.sink.id()?;
        person.id.set(Some(id));
        let sealed = SealedGuardian {
            id_number: person.id_number.clone(),
            address: address.to_owned(),
            work: person.work.to_owned(),
        };
        let phone = person.phone.as_deref();
        let sealed_phone = phone.map(|p| self.vault.seal("guardian.phone", id, p.as_bytes())).transpose()?;
        let id_blind = (!person.id_number.is_empty()).then(|| self.vault.blind(ID_BLIND, &person.id_number));
        let row = vec![
            own(&id),
            text(person.name.as_str()),
            text(search::sort_key(&person.name)),
            own(&sealed_phone),
            own(&phone.map(|p| self.vault.blind(PHONE_BLIND, p))),
            own(&id_blind),
            own(&self.vault.seal_json("guardian.sealed", id, &sealed)?),
            own(&self.now),
            own(&self.now),
        ];
        self.sink.put(&GUARDIAN, row);
        Ok(())
    }

    fn index(&mut self, pupil: &Pupil, id: Id, school: Id) {
        let mut terms = search::name_terms(&pupil.name);
        for phone in pupil.family.people.iter().filter_map(|p| p.phone.as_deref()) {
            if let Some(tail) = phone.get(phone.len().saturating_sub(4)..) {
                terms.insert(self.vault.tail_term(tail));
            }
        }
        let all = terms.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        self.sink.put(&TERMS, vec![word("student"), own(&id), text(all)]);
        for term in terms {
            self.sink.put_scattered(&GRAM, vec![text(term), word("student"), own(&id), own(&school)]);
        }
    }

    /// An account of a guardian who uses the product, signed in some days ago.
    pub(super) fn account(&mut self, person: &Person, days_ago: i64) -> Result<Option<Id>> {
        let Some(guardian) = person.id.get() else { return Ok(None) };
        let id = self.sink.id()?;
        let seen = self.now.plus_days(-days_ago);
        let row = vec![
            own(&id),
            text(person.name.as_str()),
            own(&guardian),
            Value::Bool(false),
            Value::Int(0),
            word("active"),
            Value::Int(0),
            Value::Int(0),
            word("zh-CN"),
            word("auto"),
            word("normal"),
            own(&self.now),
            own(&seen),
        ];
        self.sink.put(&ACCOUNT, row);
        Ok(Some(id))
    }

    /// A guardian's consent for a child under 14 (个人信息保护法 arts 28 and 31).
    pub(super) fn consent(&mut self, pupil: &Pupil, student: Id, guardian: Id, school: Id) -> Result<()> {
        let turned = date(pupil.birth.year() + 14, pupil.birth.month(), pupil.birth.day().min(28));
        if turned <= self.past.today {
            return Ok(());
        }
        let row = vec![
            own(&self.sink.id()?),
            own(&school),
            own(&guardian),
            own(&student),
            word(NOTICE),
            own(&self.now),
            word("demo"),
        ];
        self.sink.put(&CONSENT, row);
        Ok(())
    }

    /// What a member of staff noted of a contact; `by` is the member and the account.
    pub(super) fn contact(
        &mut self,
        t: &Happened,
        seat: Seat,
        by: (Id, Id),
        tone: Tone,
        note: &'static str,
    ) -> Result<Id> {
        let id = self.sink.id()?;
        let row = vec![
            own(&id),
            own(&seat.school),
            own(&seat.class),
            own(&by.0),
            own(&by.1),
            own(&t.day),
            word(t.channel.code()),
            word(tone.code()),
            word(note),
            text(format!("demo-{id}")),
            own(&self.noted(t)),
        ];
        self.sink.put(&CONTACT, row);
        Ok(id)
    }

    /// A guardian says that a number is wrong.
    pub(super) fn number_request(
        &mut self,
        student: Id,
        guardian: Id,
        school: Id,
        number: &str,
        days_ago: i64,
    ) -> Result<()> {
        let id = self.sink.id()?;
        let sealed = self.vault.seal("number_request.sealed", id, number.as_bytes())?;
        let made = self.now.plus_days(-days_ago);
        let row = vec![own(&id), own(&school), own(&student), own(&guardian), own(&sealed), own(&made)];
        self.sink.put(&NUMBER, row);
        Ok(())
    }

    pub(super) fn noted(&self, t: &Happened) -> Millis {
        Millis(Millis::start_of(t.day).plus_minutes(t.minute).0.min(self.now.0))
    }

    /// A touch, of the record it comes from where there is one; its identifier and what the guardian
    /// reached is to the child.
    pub(super) fn touch(
        &mut self,
        t: &Happened,
        record: Option<Id>,
        pupil: &Pupil,
        student: Id,
        seat: Seat,
    ) -> Result<(Id, Option<Relation>)> {
        let id = self.sink.id()?;
        let tie = t.tie.and_then(|at| pupil.family.ties.get(at));
        let guardian = tie.and_then(|tie| pupil.family.people[tie.person].id.get());
        let relation = tie.map(|tie| tie.relation);
        let (staff, role) = (t.staff.map(|(id, _)| id), t.staff.map_or(Value::Null, |(_, role)| word(role.code())));
        let row = vec![
            own(&id),
            own(&seat.school),
            own(&seat.class),
            own(&student),
            own(&t.act),
            word(t.source),
            own(&record.or(t.act)),
            own(&t.day),
            own(&self.noted(t)),
            text(self.past.terms[t.term].code.as_str()),
            text(t.kind.code()),
            word(t.depth.code()),
            word(t.channel.code()),
            t.tone.map_or(Value::Null, |x| word(x.code())),
            Value::Bool(t.by_family),
            own(&guardian),
            own(&relation),
            own(&staff),
            role,
            Value::Int(t.minutes),
            Value::Null,
            Value::Null,
        ];
        self.sink.put(&TOUCH, row);
        Ok((id, relation))
    }

    /// What a guardian said of a recorded contact.
    pub(super) fn answer(&mut self, touch: Id, school: Id, guardian: Id, happened: bool, at: Millis) -> Result<()> {
        let row =
            vec![own(&self.sink.id()?), own(&touch), own(&school), own(&guardian), Value::Bool(happened), own(&at)];
        self.sink.put(&ANSWER, row);
        Ok(())
    }
}

const fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}

const fn away(away: LeftBehind) -> &'static str {
    match away {
        LeftBehind::None => "none",
        LeftBehind::OneParent => "one",
        LeftBehind::BothParents => "both",
    }
}

fn disability(kind: Disability) -> String {
    if kind == Disability::None { String::new() } else { kind.name().to_owned() }
}
