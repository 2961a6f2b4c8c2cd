//! The appointment: one to three times offered to the family, answered by a guardian in the product or
//! over the link of a text message, or noted by the teacher. The link's secret is not kept: only its hash.

use super::model::{Answer, State, Visit, VisitId, Way};
use super::permit::Held;
use super::store;
use gongyu_deliver::dispatch::{self, NewDispatch};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

/// Letters that offer times.
pub const OFFER_LETTER: &str = "visit_offer";
/// Letters of the day before.
pub const REMINDER_LETTER: &str = "visit_reminder";
/// Letters that say a visit was called off.
pub const OFF_LETTER: &str = "visit_off";

/// Times of one offer at most.
pub const MOST_SLOTS: usize = 3;

record! {
    /// An offer to one guardian.
    #[derive(Clone, Debug)]
    pub struct Invite {
        /// Identifier.
        pub id: Id,
        /// Visit.
        pub visit: VisitId,
        /// Which offer of the visit.
        pub round: i64,
        /// Guardian.
        pub guardian: Id,
        /// Name of the guardian.
        pub name: String,
        /// After this the link opens nothing.
        pub expires_at: Millis,
        /// What they answered.
        pub answer: Answer,
        /// In words.
        pub words: String,
        /// When.
        pub answered_at: Option<Millis>,
        /// What became of the letter: empty, `sent`, `failed` or `by_hand`.
        pub became: String,
    }
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT i.id, i.visit_id, i.round, i.guardian_id, g.name, i.expires_at, i.answer, i.words, i.answered_at,
                    i.became
             FROM visit_invite i JOIN guardian g ON g.id = i.guardian_id ",
            $tail
        ))
    };
}

/// The secret of an offer's link: made from its identifier with the vault's key, so that it can be written
/// into a letter later and is never stored.
pub fn secret(vault: &Vault, invite: Id) -> String {
    vault.blind("visit.invite", &invite.to_string())
}

fn hash(vault: &Vault, secret: &str) -> String {
    vault.blind("visit.invite.hash", secret)
}

/// The offer behind a link.
///
/// # Errors
/// `Error::NotFound` when it is unknown, over, or replaced by another.
pub fn by_secret(r: &mut Reader, vault: &Vault, given: &str) -> Result<(Invite, Visit)> {
    if given.len() != 22 {
        return Err(Error::NotFound);
    }
    let invite: Invite = r.one(select!("WHERE i.secret_hash = $1"), &[&hash(vault, given)])?;
    let visit = store::find(r, invite.visit)?;
    let stands = visit.offers == invite.round && matches!(visit.state, State::Offered | State::Agreed);
    if invite.expires_at < r.now() || !stands || super::held_by_guardian(r, invite.guardian, visit.id).is_err() {
        return Err(Error::NotFound);
    }
    Ok((invite, visit))
}

/// The offers of a visit's last round.
///
/// # Errors
/// As any statement.
pub fn invites_of(r: &mut Reader, visit: VisitId, round: i64) -> Result<Vec<Invite>> {
    r.rows(select!("WHERE i.visit_id = $1 AND i.round = $2 ORDER BY i.id"), &[&visit, &round])
}

/// What a guardian was offered and has not answered, or has: the offers that stand.
///
/// # Errors
/// As any statement.
pub fn open_of_guardian(r: &mut Reader, guardian: Id) -> Result<Vec<Invite>> {
    let now = r.now();
    r.rows(
        select!(
            "JOIN visit v ON v.id = i.visit_id AND v.offers = i.round AND v.state = 'offered'
             WHERE i.guardian_id = $1 AND i.answer = 'open' AND i.expires_at >= $2 ORDER BY i.id LIMIT 5"
        ),
        &[&guardian, &now],
    )
}

/// The times of an offer, in order.
///
/// # Errors
/// As any statement.
pub fn slots_of(r: &mut Reader, visit: VisitId, round: i64) -> Result<Vec<(i64, Millis)>> {
    r.rows(sql!("SELECT n, starts_at FROM visit_slot WHERE visit_id = $1 AND round = $2 ORDER BY n"), &[&visit, &round])
}

/// Offers times to every guardian of the children who may receive what concerns them; an earlier offer ends.
/// Gives how many guardians were asked.
///
/// # Errors
/// `Error::Forbidden`, `Error::Conflict` for a visit that is over or times that are.
pub fn offer(tx: &mut Tx, vault: &Vault, held: &Held, slots: &[Millis], way: Way) -> Result<usize> {
    held.whole()?;
    let id = held.visit.id;
    tx.lock(&format!("visit:{id}"))?;
    let visit = store::find(tx, id)?;
    open_for_appointment(&visit)?;
    let (now, round) = (tx.now(), visit.offers + 1);
    let mut slots: Vec<Millis> = slots.to_vec();
    slots.sort_unstable();
    slots.dedup();
    let (Some(first), Some(last)) = (slots.first().copied(), slots.last().copied()) else {
        return Err(Error::field("slot1", "visit-slot-needed"));
    };
    if first <= now {
        return Err(Error::field("slot1", "visit-slot-past"));
    }
    if slots.len() > MOST_SLOTS {
        return Err(Error::conflict("visit-slot-many"));
    }
    if last.0 - now.0 > 120 * 86_400_000 {
        return Err(Error::field("slot1", "visit-slot-far"));
    }
    for (n, at) in (1_i64..).zip(&slots) {
        tx.exec(
            sql!("INSERT INTO visit_slot (visit_id, round, n, starts_at) VALUES ($1, $2, $3, $4)"),
            &[&id, &round, &n, at],
        )?;
    }
    let receivers = receivers(tx, held)?;
    let mut letters = Vec::with_capacity(receivers.len());
    for (guardian, student) in &receivers {
        let invite = tx.new_id();
        let hashed = hash(vault, &secret(vault, invite));
        tx.exec(
            sql!(
                "INSERT INTO visit_invite (id, school_id, visit_id, round, guardian_id, secret_hash, expires_at, answer,
                                            words, became)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', '')"
            ),
            &[&invite, &visit.school, &id, &round, guardian, &hashed, &last],
        )?;
        letters.push(letter(OFFER_LETTER, &visit, *guardian, *student, round, now));
    }
    dispatch::cancel(tx, OFFER_LETTER, id, None)?;
    dispatch::send(tx, &letters)?;
    tx.exec(
        sql!(
            "UPDATE visit SET state = 'offered', offers = $1, day = $2, starts_at = NULL, way = $3, updated_at = $4
              WHERE id = $5"
        ),
        &[&round, &first.date(), &way, &now, &id],
    )?;
    Ok(receivers.len())
}

fn open_for_appointment(visit: &Visit) -> Result<()> {
    match visit.state {
        State::Planned | State::Offered | State::Agreed => Ok(()),
        State::Done => Err(Error::conflict("visit-done-already")),
        State::Cancelled => Err(Error::conflict("visit-cancelled")),
    }
}

fn letter(kind: &'static str, visit: &Visit, guardian: Id, student: Id, round: i64, due_at: Millis) -> NewDispatch {
    NewDispatch {
        kind,
        source: visit.id,
        school: visit.school,
        guardian: Some(guardian),
        account: None,
        student: Some(student),
        round,
        urgent: false,
        due_at,
    }
}

/// Each guardian who may receive, once, with the first of the children.
fn receivers(r: &mut Reader, held: &Held) -> Result<Vec<(Id, Id)>> {
    let mut rows: Vec<(Id, Id)> = r.rows_in(
        sql!(
            "SELECT guardian_id, student_id FROM guardianship
              WHERE student_id IN ($1) AND valid_to IS NULL AND may_receive AND NOT restricted AND is_guardian"
        ),
        &held.students(),
        &[],
    )?;
    rows.sort_unstable();
    rows.dedup_by_key(|(guardian, _)| *guardian);
    Ok(rows)
}

/// A guardian answers. The first time taken is the one agreed; who answers later sees it.
///
/// # Errors
/// `Error::NotFound` for an offer that no longer stands or a time that is not of it,
/// `Error::Conflict("visit-agreed-already")` when another time is agreed.
pub fn answer(tx: &mut Tx, invite: &Invite, answer: Answer, slot: i64, words: &str) -> Result<()> {
    let id = invite.visit;
    tx.lock(&format!("visit:{id}"))?;
    let visit = store::find(tx, id)?;
    if visit.offers != invite.round || !matches!(visit.state, State::Offered | State::Agreed) {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    if answer == Answer::Accepted {
        let at: Millis = tx.scalar(
            sql!("SELECT starts_at FROM visit_slot WHERE visit_id = $1 AND round = $2 AND n = $3"),
            &[&id, &invite.round, &slot],
        )?;
        if visit.starts_at.is_some_and(|agreed| agreed != at) {
            return Err(Error::conflict("visit-agreed-already"));
        }
        agree(tx, &visit, at, visit.way)?;
    } else if visit.state == State::Agreed {
        // What this family agreed to it may also take back: the teacher sees it and offers anew.
        tx.exec(
            sql!("UPDATE visit SET state = 'offered', starts_at = NULL, updated_at = $1 WHERE id = $2"),
            &[&now, &id],
        )?;
    }
    tx.exec(
        sql!("UPDATE visit_invite SET answer = $1, words = $2, answered_at = $3 WHERE id = $4"),
        &[&answer, &words, &now, &invite.id],
    )
    .map(drop)
}

/// A time agreed by word of mouth, noted by the teacher.
///
/// # Errors
/// `Error::Forbidden`, `Error::Conflict` for a visit that is over.
pub fn agree_by_hand(tx: &mut Tx, held: &Held, at: Millis, way: Way) -> Result<()> {
    held.whole()?;
    tx.lock(&format!("visit:{}", held.visit.id))?;
    let visit = store::find(tx, held.visit.id)?;
    open_for_appointment(&visit)?;
    dispatch::cancel(tx, OFFER_LETTER, visit.id, None)?;
    agree(tx, &visit, at, way)
}

fn agree(tx: &mut Tx, visit: &Visit, at: Millis, way: Way) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE visit SET state = 'agreed', starts_at = $1, day = $2, way = $3, updated_at = $4 WHERE id = $5"),
        &[&at, &at.date(), &way, &now, &visit.id],
    )
    .map(drop)
}

/// Tells the family that an offered or agreed visit is called off.
///
/// # Errors
/// As any statement.
pub fn tell_off(tx: &mut Tx, held: &Held) -> Result<()> {
    let visit = &held.visit;
    dispatch::cancel(tx, OFFER_LETTER, visit.id, None)?;
    dispatch::cancel(tx, REMINDER_LETTER, visit.id, None)?;
    if !matches!(visit.state, State::Offered | State::Agreed) || visit.day.is_none_or(|d| d < tx.today()) {
        return Ok(());
    }
    let now = tx.now();
    let letters: Vec<NewDispatch> =
        receivers(tx, held)?.into_iter().map(|(g, s)| letter(OFF_LETTER, visit, g, s, visit.offers, now)).collect();
    dispatch::send(tx, &letters)
}

/// Reminds the families visited tomorrow; each agreed time once. Gives how many visits.
///
/// # Errors
/// As any statement.
pub fn remind(tx: &mut Tx, limit: i64) -> Result<usize> {
    let tomorrow = tx.today().tomorrow().map_err(Error::internal)?;
    let due: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT id FROM visit WHERE day = $1 AND state = 'agreed' AND starts_at IS NOT NULL
               AND reminded_for <> starts_at ORDER BY id LIMIT $2"
        ),
        &[&tomorrow, &limit],
    )?;
    let now = tx.now();
    for (id,) in &due {
        let visit = store::find(tx, *id)?;
        let children = store::children_of(tx, &[*id])?;
        let held = Held { children, part: super::Part::Whole, visit };
        let visit = &held.visit;
        let letters: Vec<NewDispatch> = receivers(tx, &held)?
            .into_iter()
            .map(|(g, s)| letter(REMINDER_LETTER, visit, g, s, visit.offers, now))
            .collect();
        dispatch::send(tx, &letters)?;
        tx.exec(sql!("UPDATE visit SET reminded_for = starts_at WHERE id = $1"), &[id])?;
    }
    Ok(due.len())
}
