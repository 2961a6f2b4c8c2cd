//! What happened between school and family over two school years, with the unevenness of real life:
//! some teachers note much and some little, boarding schools less, fathers a third as often as mothers,
//! good news rising, complaints about boys of the eighth year, November for visits, and families whom
//! nobody ever reached.

use super::dice::Dice;
use super::pupil::Pupil;
use super::timeline::{Term, Timeline};
use gongyu_kernel::{Date, Id};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, Tone, TouchFacts, TouchKind};
use gongyu_registry::people::Relation;
use gongyu_registry::roster::class_label::Stage;
use gongyu_registry::roster::values::{LeftBehind, Sex};

/// Touches of a child in two school years that the shares below are set for.
pub(super) const USUAL_TOUCHES: f64 = 25.0;

/// How a class teacher works.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Contacts noted, as a multiple of the usual.
    diligence: f64,
    /// Share of good news above the usual.
    warmth: f64,
    /// Share of the class visited in a year.
    visits: f64,
}

impl Style {
    /// A teacher of a class.
    pub(super) fn draw(dice: &mut Dice, rural: bool, boarding: bool) -> Self {
        let busy = if boarding { 0.6 } else { 1.0 } * if rural { 0.8 } else { 1.0 };
        let own = [0.35, 0.6, 0.8, 1.0, 1.0, 1.2, 1.5, 2.1][dice.below(8)];
        Self {
            diligence: own * busy,
            warmth: dice.within(-0.08, 0.12),
            visits: dice.within(if rural { 0.6 } else { 0.75 }, 0.99),
        }
    }

    /// The teacher whose class the drawings show.
    pub(super) const fn shown() -> Self {
        Self { diligence: 0.9, warmth: 0.1, visits: 0.98 }
    }
}

/// The people and activities of a class that touches name.
pub(super) struct Around<'a> {
    pub(super) stage: Stage,
    pub(super) grade: u8,
    pub(super) rural: bool,
    pub(super) style: Style,
    /// Touches wanted, as a multiple of the usual.
    pub(super) scale: f64,
    pub(super) teacher: Id,
    pub(super) colleague: Option<(Id, StaffRole)>,
    /// Parent meeting and open day of each term.
    pub(super) meetings: &'a [Option<(Date, Id)>],
    pub(super) open_days: &'a [Option<(Date, Id)>],
}

/// One touch as it will stand in the ledger.
pub(super) struct Happened {
    pub(super) day: Date,
    pub(super) term: usize,
    /// Minute of the day at which it was noted.
    pub(super) minute: i64,
    pub(super) kind: TouchKind,
    pub(super) depth: Depth,
    pub(super) channel: Channel,
    pub(super) tone: Option<Tone>,
    pub(super) by_family: bool,
    /// Place of the guardian among the ties of the family.
    pub(super) tie: Option<usize>,
    pub(super) staff: Option<(Id, StaffRole)>,
    pub(super) minutes: i64,
    pub(super) source: &'static str,
    pub(super) act: Option<Id>,
}

impl Happened {
    /// As rules see it.
    pub(super) fn facts(&self) -> TouchFacts {
        TouchFacts {
            kind: self.kind.clone(),
            depth: self.depth,
            channel: self.channel,
            staff_role: self.staff.map(|(_, role)| role),
            occurred_on: self.day,
        }
    }
}

/// Everything that happened with the family of one pupil, oldest first.
pub(super) fn of_pupil(dice: &mut Dice, pupil: &Pupil, around: &Around<'_>, past: &Timeline) -> Vec<Happened> {
    let mut teller = Teller { dice, pupil, around, past, eager: 1.0, out: Vec::new() };
    teller.eager = teller.dice.within(0.35, 1.65);
    for at in 0..past.terms.len() {
        teller.term(at);
    }
    for at in 0..past.years.len() {
        teller.visits(at);
    }
    let mut out = teller.out;
    out.retain(|t| t.day >= pupil.joined && pupil.left.is_none_or(|left| t.day <= left));
    out.sort_by_key(|t| (t.day, t.minute));
    out
}

struct Teller<'a> {
    dice: &'a mut Dice,
    pupil: &'a Pupil,
    around: &'a Around<'a>,
    past: &'a Timeline,
    eager: f64,
    out: Vec<Happened>,
}

impl Teller<'_> {
    fn term(&mut self, at: usize) {
        let past = self.past;
        let term = &past.terms[at];
        if term.days.is_empty() || self.pupil.joined > *term.days.last().unwrap_or(&term.from) {
            return;
        }
        let part = term.days.len() as f64 / term.planned.max(1) as f64;
        let before = self.out.len();
        self.notices(at, term, part);
        if self.pupil.never {
            return;
        }
        self.events(at);
        let mean = 3.4 * self.around.style.diligence * self.eager * self.around.scale * part;
        for _ in 0..self.dice.times(mean) {
            self.contact(at, term);
        }
        let reached = self.out[before..].iter().any(|t| t.depth >= Depth::Confirmed);
        let sure = if self.around.rural { 0.93 } else { 0.985 };
        if !reached && self.dice.chance(sure) {
            self.contact(at, term);
        }
    }

    /// Notices: sent to all, confirmed by most who have a telephone.
    fn notices(&mut self, at: usize, term: &Term, part: f64) {
        let usual = if self.pupil.never { 1.2 } else { 3.2 };
        for _ in 0..self.dice.times(usual * self.around.scale * part) {
            let day = *self.dice.pick(&term.days);
            let phone = self.pupil.family.has_phone();
            let share = if self.around.rural { 0.7 } else { 0.86 };
            let seen = !self.pupil.never && phone && self.dice.chance(share);
            let channel = match self.dice.below(10) {
                _ if !phone => Channel::Paper,
                0..=4 => Channel::Wechat,
                5..=7 => Channel::Sms,
                _ => Channel::InApp,
            };
            let depth = if seen { Depth::Confirmed } else { Depth::Told };
            let tie = if seen { self.guardian(false) } else { None };
            self.note(at, day, TouchKind::NOTICE, depth, channel, None, tie, None, 0, "notice", None);
        }
        if !self.pupil.never && self.dice.chance(0.45 * self.around.scale.min(1.0) * part) {
            let day = *self.dice.pick(&term.days);
            let tie = self.guardian(false);
            let tone = None;
            self.note(
                at,
                day,
                TouchKind::LESSON,
                Depth::Confirmed,
                Channel::InApp,
                tone,
                tie,
                None,
                20,
                "lesson",
                None,
            );
        }
    }

    /// The parent meeting and the open day.
    fn events(&mut self, at: usize) {
        let away = self.pupil.family.away == LeftBehind::BothParents;
        let comes = if away { 0.4 } else { 0.72 } * if self.around.rural { 0.85 } else { 1.0 };
        let teacher = Some((self.around.teacher, StaffRole::ClassTeacher));
        if let Some((day, act)) = self.around.meetings.get(at).copied().flatten()
            && self.dice.chance(comes)
        {
            let tie = self.guardian(true);
            let (kind, tone) = (TouchKind::MEETING, None);
            self.note(at, day, kind, Depth::Met, Channel::Event, tone, tie, teacher, 60, "act", Some(act));
        }
        if let Some((day, act)) = self.around.open_days.get(at).copied().flatten()
            && self.dice.chance(comes * 0.5)
        {
            let tie = self.guardian(true);
            let (kind, tone) = (TouchKind::OPEN_DAY, None);
            self.note(at, day, kind, Depth::Met, Channel::Event, tone, tie, teacher, 90, "act", Some(act));
        }
    }

    /// A call, a message, a talk at the gate.
    fn contact(&mut self, at: usize, term: &Term) {
        let day = *self.dice.pick(&term.days);
        let phone = self.pupil.family.has_phone();
        let channel = match self.dice.below(100) {
            _ if !phone => Channel::AtSchool,
            0..=43 => Channel::Phone,
            44..=79 => Channel::Wechat,
            80..=84 if self.pupil.family.away != LeftBehind::None => Channel::Video,
            80..=84 => Channel::Phone,
            _ => Channel::AtSchool,
        };
        let depth = if channel == Channel::AtSchool { Depth::Met } else { Depth::Talked };
        let staff = match self.around.colleague {
            Some(other) if self.dice.chance(0.12) => other,
            _ => (self.around.teacher, StaffRole::ClassTeacher),
        };
        let (tone, minutes) = (Some(self.tone(day)), self.dice.between(3, 15));
        let tie = self.guardian(depth == Depth::Met);
        self.note(at, day, TouchKind::CONTACT, depth, channel, tone, tie, Some(staff), minutes, "contact", None);
        if self.dice.chance(0.14)
            && let Some(last) = self.out.last_mut()
        {
            last.by_family = true;
        }
    }

    /// The yearly visit, mostly in autumn, and a second one to those the rules ask it for.
    fn visits(&mut self, year: usize) {
        if self.pupil.never {
            return;
        }
        let terms: Vec<usize> = (0..self.past.terms.len()).filter(|t| self.past.terms[*t].year_at == year).collect();
        let share = self.around.style.visits * if self.pupil.special() { 1.0 } else { 0.95 };
        if self.dice.chance(share) {
            let month = [9, 9, 10, 10, 11, 11, 11, 11, 3, 4][self.dice.below(10)];
            self.visit(&terms, month);
        }
        if self.pupil.special() && self.dice.chance(0.5) {
            let month = *self.dice.pick(&[3, 4, 5, 5]);
            self.visit(&terms, month);
        }
    }

    fn visit(&mut self, terms: &[usize], month: i8) {
        for at in terms {
            let term = &self.past.terms[*at];
            // A month that is still running gets only the part of its visits that its days so far are due.
            let all = 21;
            let days: Vec<Date> = term.days.iter().copied().filter(|day| day.month() == month).collect();
            if days.is_empty() || !self.dice.chance((days.len() as f64 / f64::from(all)).min(1.0)) {
                continue;
            }
            let day = *self.dice.pick(&days);
            let tone = Some(if self.dice.chance(0.55) { Tone::Good } else { Tone::Concern });
            let (tie, minutes) = (self.guardian(true), self.dice.between(25, 60));
            let staff = Some((self.around.teacher, StaffRole::ClassTeacher));
            let (kind, channel) = (TouchKind::VISIT, Channel::HomeVisit);
            self.note(*at, day, kind, Depth::Met, channel, tone, tie, staff, minutes, "visit", None);
        }
    }

    /// What it was about. Good news rose over the two years; boys of the eighth year hear most complaints.
    fn tone(&mut self, day: Date) -> Tone {
        let progress = self.past.progress(day);
        let grade8 = self.around.stage == Stage::Junior && self.around.grade == 2;
        let hard = if grade8 && self.pupil.sex == Sex::Male { 3.0 } else { 1.0 };
        let complaint = (0.11 - 0.045 * progress) * hard;
        let good = (0.24 + 0.15 * progress + self.around.style.warmth) / (1.0 + (hard - 1.0) * 0.4);
        match self.dice.share() {
            x if x < complaint => Tone::Complaint,
            x if x < complaint + good => Tone::Good,
            x if x < complaint + good + 0.15 => Tone::Concern,
            _ => Tone::Neutral,
        }
    }

    /// Whom it reached: the mother three times as often as the father.
    fn guardian(&mut self, in_person: bool) -> Option<usize> {
        let family = &self.pupil.family;
        let weights: Vec<u32> = family
            .ties
            .iter()
            .map(|tie| {
                let can = in_person || family.people[tie.person].phone.is_some() || !family.has_phone();
                let away = in_person && family.away == LeftBehind::BothParents && tie.relation != Relation::Grandparent;
                match tie.relation {
                    _ if !can => 0,
                    _ if away => 1,
                    Relation::Mother => 9,
                    Relation::Father => 3,
                    _ => 5,
                }
            })
            .collect();
        weights.iter().any(|w| *w > 0).then(|| self.dice.weighted(&weights))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a touch has as many sides, and this is the one place that makes one"
    )]
    fn note(
        &mut self,
        term: usize,
        day: Date,
        kind: TouchKind,
        depth: Depth,
        channel: Channel,
        tone: Option<Tone>,
        tie: Option<usize>,
        staff: Option<(Id, StaffRole)>,
        minutes: i64,
        source: &'static str,
        act: Option<Id>,
    ) {
        let minute = self.dice.between(8 * 60, 19 * 60);
        let by_family = false;
        self.out.push(Happened {
            day,
            term,
            minute,
            kind,
            depth,
            channel,
            tone,
            by_family,
            tie,
            staff,
            minutes,
            source,
            act,
        });
    }
}
