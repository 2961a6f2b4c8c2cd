//! Adding, mending and ending guardianships by hand. Every change is in the audit log, the features
//! are told in the same transaction, and the children stay findable by the present numbers.

use crate::people::{
    self, Custody, NewGuardianship, Relation, SealedGuardian, find_student, find_tie, guardian_known, guardians_of,
    link, new_guardian, next_position, reindex, reindex_children, set_custody, set_phone, set_relation,
};
use crate::permit::OfStudent;
use crate::roster::id_number::{Phone, PhoneFault};
use gongyu_access::right;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::{Flash, FormData, Post, Reply};

/// What a form says of a telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PhoneSaid {
    /// Nothing: the number stays as it is.
    Nothing,
    /// There is none.
    None,
    /// This number.
    Number(Phone),
}

#[derive(Debug)]
struct Said {
    relation: Relation,
    kin: String,
    is_guardian: bool,
    phone: PhoneSaid,
    custody: Custody,
}

/// Checks a form; `fresh` for somebody new, whose number must be given or said to be none.
fn read(form: &FormData, fresh: bool, invalid: &mut Invalid) -> Said {
    let relation = form.choice("relation", Relation::parse, invalid).unwrap_or(Relation::Other);
    let kin = form.optional("kin", 10, invalid);
    let phone = read_phone(form, fresh, invalid);
    let restricted = form.ticked("restricted");
    let note = if restricted { form.required("note", 200, invalid) } else { form.optional("note", 200, invalid) };
    let custody =
        Custody { may_receive: form.ticked("may_receive"), may_pick_up: form.ticked("may_pick_up"), restricted, note };
    Said { relation, kin, is_guardian: form.ticked("is_guardian"), phone, custody }
}

fn read_phone(form: &FormData, fresh: bool, invalid: &mut Invalid) -> PhoneSaid {
    let typed = form.get("phone");
    match (typed.is_empty(), form.ticked("no_phone")) {
        (true, true) => PhoneSaid::None,
        (true, false) => {
            if fresh {
                invalid.push("phone", "people-phone-or-none");
            }
            PhoneSaid::Nothing
        }
        (false, true) => {
            invalid.push("phone", "people-phone-and-none");
            PhoneSaid::Nothing
        }
        (false, false) => match Phone::parse(typed) {
            Ok(phone) => PhoneSaid::Number(phone),
            Err(fault) => {
                invalid.push("phone", fault_words(&fault));
                PhoneSaid::Nothing
            }
        },
    }
}

/// Why a number was refused, in words.
pub fn fault_words(fault: &PhoneFault) -> Code {
    match fault {
        PhoneFault::Short(len) => Code::new("people-phone-short").arg("len", len).arg("n", fault.off_by()),
        PhoneFault::Long(len) => Code::new("people-phone-long").arg("len", len).arg("n", fault.off_by()),
        PhoneFault::NoAreaCode => Code::new("people-phone-no-area"),
        PhoneFault::Unreadable => Code::new("people-phone-unreadable"),
    }
}

pub(super) fn add(p: &mut Post<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let name = p.form().required("name", 40, &mut invalid);
    let said = read(p.form(), true, &mut invalid);
    invalid.into_result()?;
    let student = &at.student;
    let number = match &said.phone {
        PhoneSaid::Number(phone) => Some(phone.as_str()),
        PhoneSaid::None | PhoneSaid::Nothing => None,
    };
    let known = match number {
        Some(number) => guardian_known(p.tx, &p.app.vault, &name, number)?,
        None => None,
    };
    let guardian = match known {
        Some(guardian) if guardians_of(p.tx, student.id)?.iter().any(|k| k.guardian == guardian) => {
            return Err(Error::conflict("people-guardian-already"));
        }
        Some(guardian) => guardian,
        None => new_guardian(p.tx, &p.app.vault, &name, number, &SealedGuardian::default())?,
    };
    let position = next_position(p.tx, student.id)?;
    let tie = NewGuardianship {
        relation: said.relation,
        kin: &said.kin,
        is_guardian: said.is_guardian,
        position,
        source: "hand",
    };
    let today = p.tx.today();
    let tie = link(p.tx, student, guardian, &tie, today)?;
    set_custody(p.tx, tie, said.custody)?;
    changed(p, student.id, "guardian.added", tie, &[])?;
    Ok(done(student.id, "people-added", &name))
}

pub(super) fn change(p: &mut Post<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let tie = find_tie(p.tx, at.student.id, p.req.param("tie")?)?;
    let mut invalid = Invalid::default();
    let said = read(p.form(), false, &mut invalid);
    invalid.into_result()?;
    set_relation(p.tx, tie.id, said.relation, &said.kin, said.is_guardian)?;
    set_custody(p.tx, tie.id, said.custody)?;
    let others = match &said.phone {
        PhoneSaid::Nothing => Vec::new(),
        PhoneSaid::None => {
            set_phone(p.tx, &p.app.vault, tie.guardian, None)?;
            reindex_children(p.tx, &p.app.vault, tie.guardian)?
        }
        PhoneSaid::Number(phone) => {
            set_phone(p.tx, &p.app.vault, tie.guardian, Some(phone.as_str()))?;
            reindex_children(p.tx, &p.app.vault, tie.guardian)?
        }
    };
    changed(p, at.student.id, "guardian.changed", tie.id, &others)?;
    Ok(done(at.student.id, "people-changed", &tie.name))
}

pub(super) fn end(p: &mut Post<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let tie = find_tie(p.tx, at.student.id, p.req.param("tie")?)?;
    let today = p.tx.today();
    people::end_guardianship(p.tx, tie.id, today)?;
    changed(p, at.student.id, "guardian.ended", tie.id, &[])?;
    let undo = format!("/students/{}/guardians/{}/resume", at.student.id, tie.id);
    let flash = Flash::new(Code::new("people-ended").arg("name", &tie.name)).undo(undo);
    Ok(Reply::to_with(format!("/students/{}", at.student.id), flash))
}

pub(super) fn resume(p: &mut Post<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let tie: Id = p.req.param("tie")?;
    people::resume(p.tx, at.student.id, tie)?;
    changed(p, at.student.id, "guardian.resumed", tie, &[])?;
    Ok(Reply::to_with(format!("/students/{}", at.student.id), Flash::new("people-resumed")))
}

/// What follows every change: index, features, audit. `others` are the guardian's other children.
fn changed(p: &mut Post<'_>, student: Id, action: &str, tie: Id, others: &[Id]) -> Result<()> {
    let now = find_student(p.tx, student)?;
    reindex(p.tx, &p.app.vault, &now)?;
    let mut told = vec![student];
    told.extend(others.iter().copied().filter(|id| *id != student));
    p.app.guardians_changed(p.tx, &told)?;
    let detail = serde_json::json!({ "guardianship": tie, "phone": !others.is_empty() }).to_string();
    p.audit(action, ("student", Some(student)), &detail)
}

fn done(student: Id, key: &'static str, name: &str) -> Reply {
    Reply::to_with(format!("/students/{student}"), Flash::new(Code::new(key).arg("name", name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, fresh: bool) -> (Said, Vec<String>) {
        let mut invalid = Invalid::default();
        let said = read(&FormData::parse(text.as_bytes()), fresh, &mut invalid);
        (said, invalid.fields.iter().map(|(_, code)| code.key.to_string()).collect())
    }

    #[test]
    fn somebody_new_has_a_number_or_is_said_to_have_none() {
        assert_eq!(said("relation=mother", true).1, ["people-phone-or-none"]);
        let (none, problems) = said("relation=mother&no_phone=on", true);
        assert!(problems.is_empty());
        assert_eq!(none.phone, PhoneSaid::None);
    }

    #[test]
    fn an_empty_number_keeps_the_one_there_is() {
        let (kept, problems) = said("relation=father&phone=", false);
        assert!(problems.is_empty());
        assert_eq!(kept.phone, PhoneSaid::Nothing);
    }

    #[test]
    fn a_number_and_none_contradict_each_other() {
        assert_eq!(said("relation=father&phone=13900000000&no_phone=on", false).1, ["people-phone-and-none"]);
        assert_eq!(said("relation=father&phone=1390000000", false).1, ["people-phone-short"]);
    }

    #[test]
    fn a_restriction_names_its_reason() {
        assert_eq!(said("relation=father&restricted=on", false).1, ["field-required"]);
        assert!(said("relation=father&restricted=on&note=x", false).1.is_empty());
    }
}
