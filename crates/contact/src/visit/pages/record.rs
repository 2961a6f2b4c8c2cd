//! Writing the record at the doorstep or afterwards: something good first, chips before text.

use super::conflict;
use super::fields::{self, Fields};
use crate::contact_log::candidates;
use crate::visit::model::{Signer, State};
use crate::visit::permit::{Held, Part};
use crate::visit::store::{self, NewSignature, Outcome, Save};
use crate::visit::{OfVisit, SOURCE, VisitRecord, company};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::attach;
use gongyu_parts::sign::{self, SignField};
use gongyu_registry::people;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "visit/pages/record.html")]
struct Page {
    phone: bool,
    id: Id,
    names: String,
    key: String,
    base: i64,
    own_only: bool,
    done: bool,
    part: String,
    today: String,
    f: Fields,
    photos: String,
    signs: Vec<String>,
    problems: Vec<(&'static str, String)>,
    refusal: String,
}

impl Page {
    /// Why a field was refused; empty when it was not.
    fn problem(&self, field: &str) -> &str {
        self.problems.iter().find(|(f, _)| *f == field).map_or("", |(_, words)| words)
    }
}

pub(super) fn show(g: &mut Get<'_>, at: OfVisit<right::RecordVisit>) -> Result<Reply> {
    let held = &at.held;
    if held.part == Part::Read {
        return Err(Error::Forbidden);
    }
    if held.visit.state == State::Cancelled {
        return Err(Error::conflict("visit-cancelled"));
    }
    let (id, version) = (held.visit.id, held.visit.version);
    let stands = store::record_of(g.r, &g.app.vault, id)?;
    let (record, base) = match g.typed().cloned() {
        Some(form) => {
            let base = form.get("base").parse().unwrap_or(version);
            let was = store::version_record(g.r, &g.app.vault, id, base)?;
            (fields::read(&form, &was, &held.children, at.actor.staff, &mut Invalid::default()), base)
        }
        None if version == 0 => (begin(g, &at.actor, held)?, 0),
        None => (stands, version),
    };
    let people = candidates(g.r, &held.students())?;
    let staff = who_may_go(g, &at.actor, held)?;
    let files = attach::of(g.r, SOURCE, id)?;
    let limits = attach::limits(g.r)?;
    let signatures = store::signatures_of(g.r, &g.app.vault, id)?;
    let view = g.view().clone();
    let mut signs = Vec::new();
    for who in Signer::ALL {
        let known = signatures.iter().find(|s| s.who == *who).map_or("", |s| s.strokes.as_str());
        let field = SignField::new(format!("sign_{}", who.code()), view.t(who.label_key())).drawn(known);
        let problem = g.problem(&format!("sign_{}", who.code()));
        signs.push(field.again(g.typed(), problem).html(&view)?);
    }
    let names = [
        "good",
        "day",
        "from",
        "to",
        "way",
        "met",
        "home_words",
        "at_home",
        "at_school",
        "talked",
        "opinions",
        "findings",
        "findings_words",
        "measures",
        "follow_up",
        "parts",
        "purpose",
        "outline",
    ];
    let body = Page {
        phone: view.phone,
        id,
        names: held.children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and")),
        key: g.app.random.code(24),
        base,
        own_only: held.part == Part::Own,
        done: held.visit.recorded_at.is_some(),
        part: at.actor.staff.and_then(|s| record.parts.get(&s).cloned()).unwrap_or_default(),
        today: view.today().to_string(),
        photos: attach::Field::new("photo", &files, limits, g.problem("photo")).pictures().html(&view)?,
        signs,
        problems: names.into_iter().map(|n| (n, g.problem(n))).filter(|(_, words)| !words.is_empty()).collect(),
        refusal: g.refusal(),
        f: Fields::of(g, record, &held.children, &people, &staff),
    };
    Ok(g.page(g.t("visit-record-title"), "visits", &body)?.script("attach.js").script("sign.js"))
}

/// What an empty record begins with: today or the day agreed, at the door, the one who writes.
fn begin(g: &mut Get<'_>, actor: &Actor, held: &Held) -> Result<VisitRecord> {
    let visit = &held.visit;
    let today = g.r.today();
    let mut record = VisitRecord {
        day: Some(visit.day.filter(|d| *d <= today).unwrap_or(today)),
        way: Some(visit.way),
        ..VisitRecord::default()
    };
    record.visitors.extend(visit.lead.or(actor.staff));
    for companion in company::companions(g.r, visit.id)? {
        if companion.state == crate::visit::model::Company::Coming {
            record.visitors.insert(companion.staff);
        }
    }
    if let Some(at) = visit.starts_at {
        let civil = at.civil();
        record.from = format!("{:02}:{:02}", civil.hour(), civil.minute());
    }
    if let Some(contact) = visit.contact {
        let notes = crate::contact_log::notes(g.r, &[contact])?;
        record.talked = notes.get(&contact).cloned().unwrap_or_default();
    }
    Ok(record)
}

/// Who may have gone: the leader, the one who writes, the companions.
fn who_may_go(g: &mut Get<'_>, actor: &Actor, held: &Held) -> Result<Vec<(Id, String)>> {
    let mut staff: Vec<(Id, String)> = Vec::new();
    for id in held.visit.lead.into_iter().chain(actor.staff) {
        if !staff.iter().any(|(known, _)| *known == id) {
            staff.push((id, people::find_staff(g.r, id)?.name));
        }
    }
    for c in company::companions(g.r, held.visit.id)? {
        if !staff.iter().any(|(known, _)| *known == c.staff) {
            staff.push((c.staff, c.name));
        }
    }
    Ok(staff)
}

pub(super) fn save(p: &mut Post<'_>, at: OfVisit<right::RecordVisit>) -> Result<Reply> {
    let id = at.held.visit.id;
    let base_version = p.form().get("base").parse().map_err(|_| Error::NotFound)?;
    let base = store::version_record(p.tx, &p.app.vault, id, base_version)?;
    let mut invalid = Invalid::default();
    let own_only = at.held.part == Part::Own;
    let mut read = fields::read(p.form(), &base, &at.held.children, at.actor.staff, &mut invalid);
    if own_only {
        read = VisitRecord { parts: read.parts, ..base };
    }
    let mut signed = Vec::new();
    for who in Signer::ALL.iter().filter(|_| !own_only) {
        let name: &'static str = if *who == Signer::Guardian { "sign_guardian" } else { "sign_teacher" };
        signed.extend(sign::read(p.form(), name, false, &mut invalid).map(|s| (*who, s)));
    }
    invalid.into_result()?;
    let draft = p.form().get("draft") == "1";
    let key = p.form().get("key").to_owned();
    let fields = Save { client_key: &key, base_version, fields: read.clone(), draft, said_at: None };
    let outcome = store::save_record(p.tx, &p.app.vault, &at.actor, &at.held, &fields)?;
    if !own_only {
        let photos = attach::bring_all(p, "photo")?;
        attach::settle(p.tx, at.actor.account, (SOURCE, id), &photos)?;
    }
    for (who, signature) in signed {
        keep_signature(p, &at, who, &signature, &key)?;
    }
    match outcome {
        Outcome::Saved(saved) => Ok(saved_reply(p, id, &saved)?),
        Outcome::Conflict(conflict) => conflict::page(p, &at.held, &conflict, &read),
    }
}

/// A drawn signature that is there already is not kept again.
fn keep_signature(
    p: &mut Post<'_>,
    at: &OfVisit<right::RecordVisit>,
    who: Signer,
    signature: &sign::Signature,
    key: &str,
) -> Result<()> {
    let visit = &at.held.visit;
    let strokes = signature.to_json()?;
    let known = store::signatures_of(p.tx, &p.app.vault, visit.id)?;
    if known.iter().any(|s| s.who == who && s.strokes == strokes) {
        return Ok(());
    }
    let key = format!("{key}-{}", who.code());
    let name = signature.typed_name().unwrap_or_default();
    let new = NewSignature { who, name, strokes: &strokes, account: at.actor.account, client_key: &key };
    store::keep_signature(p.tx, &p.app.vault, (visit.id, visit.school), &new).map(drop)
}

/// Notes it in the audit log and leads back to the visit.
pub(super) fn saved_reply(p: &mut Post<'_>, id: Id, saved: &store::Saved) -> Result<Reply> {
    if !saved.again {
        let detail = serde_json::json!({ "version": saved.version, "complete": saved.complete }).to_string();
        p.audit("visit.record", (SOURCE, Some(id)), &detail)?;
    }
    let key = match (saved.complete, saved.merged) {
        (_, true) => "visit-saved-merged",
        (true, false) => "visit-saved",
        (false, false) => "visit-saved-draft",
    };
    Ok(Reply::to_with(format!("/visits/{id}"), Flash::new(key)))
}
