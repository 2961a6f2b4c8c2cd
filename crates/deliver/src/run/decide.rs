//! Whether a letter goes now, and by which channel: rules without a database.

use crate::channel::Way;
use crate::choice::Choice;
use crate::policy::{Policy, next_at, quiet_until};
use gongyu_kernel::Millis;
use gongyu_store::coded;
use std::collections::HashMap;

/// Why a letter was held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Held {
    /// It was not.
    No,
    /// Quiet hours.
    Quiet,
    /// The person wants one digest a day.
    Digest,
    /// The person has had enough for today.
    Ration,
}

impl Held {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Quiet => "quiet",
            Self::Digest => "digest",
            Self::Ration => "ration",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::No, Self::Quiet, Self::Digest, Self::Ration].into_iter().find(|h| h.code() == text)
    }

    /// Goes in one message with the others of its person.
    pub(crate) const fn gathers(self) -> bool {
        matches!(self, Self::Digest | Self::Ration)
    }
}
coded!(Held);

/// What is decided about a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    /// Not yet.
    Hold(Millis, Held),
    /// Now, by this channel.
    Go(Way),
    /// No channel is left.
    Nobody,
}

/// What matters of the letter.
#[derive(Clone, Debug)]
pub(crate) struct About<'a> {
    pub urgent: bool,
    pub held: Held,
    pub tried: &'a [Way],
    /// To a member of staff, who has no ration.
    pub staff: bool,
}

/// What matters of the person.
#[derive(Clone, Debug)]
pub(crate) struct Reached<'a> {
    pub choice: &'a Choice,
    /// Channels on which they have an address, those switched off in the district left out.
    pub ways: &'a [Way],
    /// Letters they have had today.
    pub today: i64,
}

pub(crate) fn decide(
    about: &About<'_>,
    to: &Reached<'_>,
    policy: &Policy,
    resting: &HashMap<Way, Millis>,
    now: Millis,
) -> Decision {
    let open: Vec<Way> =
        policy.ways().into_iter().filter(|w| to.ways.contains(w) && !about.tried.contains(w)).collect();
    // The product itself is always a way: a letter in it disturbs nobody, and who switched everything else off
    // is still to find it there.
    let wanted = open.iter().copied().find(|w| to.choice.wants(*w) || *w == Way::App);
    // Something urgent goes to a phone even when its owner wants no text messages and nothing else is left.
    let last = || if about.urgent { open.first().copied() } else { None };
    let Some(way) = wanted.or_else(last) else { return Decision::Nobody };
    if !about.urgent && way != Way::App {
        let quiet = [Some((policy.quiet_from, policy.quiet_to)), to.choice.quiet];
        let until = quiet.into_iter().flatten().filter_map(|(from, end)| quiet_until(now, from, end)).max();
        if let Some(until) = until {
            let why = if about.held.gathers() { about.held } else { Held::Quiet };
            return Decision::Hold(until, why);
        }
        if !about.held.gathers() {
            let digest = next_at(now, policy.digest_at);
            if to.choice.digest {
                return Decision::Hold(digest, Held::Digest);
            }
            if policy.ration > 0 && to.today >= policy.ration && !about.staff {
                return Decision::Hold(digest, Held::Ration);
            }
        }
    }
    match resting.get(&way) {
        Some(until) if *until > now => Decision::Hold(*until, about.held),
        _ => Decision::Go(way),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(hour: i64, minute: i64) -> Millis {
        Millis::start_of(date(2026, 11, 23)).plus_minutes(hour * 60 + minute)
    }

    const PLAIN: About<'static> = About { urgent: false, held: Held::No, tried: &[], staff: false };

    fn to(choice: &Choice, today: i64) -> Reached<'_> {
        Reached { choice, ways: &[Way::Wechat, Way::Sms], today }
    }

    fn plainly(about: &About<'_>, reached: &Reached<'_>, now: Millis) -> Decision {
        decide(about, reached, &Policy::default(), &HashMap::new(), now)
    }

    #[test]
    fn at_night_everything_waits_but_the_urgent() {
        let choice = Choice::default();
        let held = plainly(&PLAIN, &to(&choice, 0), at(22, 0));
        assert_eq!(held, Decision::Hold(at(31, 0), Held::Quiet));
        let urgent = About { urgent: true, ..PLAIN };
        assert_eq!(plainly(&urgent, &to(&choice, 9), at(22, 0)), Decision::Go(Way::Wechat));
    }

    #[test]
    fn own_quiet_hours_hold_longer_than_the_districts() {
        let choice = Choice { quiet: Some((20 * 60, 9 * 60)), ..Choice::default() };
        assert_eq!(plainly(&PLAIN, &to(&choice, 0), at(23, 0)), Decision::Hold(at(33, 0), Held::Quiet));
        assert_eq!(plainly(&PLAIN, &to(&choice, 0), at(20, 30)), Decision::Hold(at(33, 0), Held::Quiet));
    }

    #[test]
    fn the_fourth_letter_of_a_day_waits_for_the_digest_and_then_goes() {
        let choice = Choice::default();
        assert_eq!(plainly(&PLAIN, &to(&choice, 2), at(10, 0)), Decision::Go(Way::Wechat));
        assert_eq!(plainly(&PLAIN, &to(&choice, 3), at(10, 0)), Decision::Hold(at(18, 0), Held::Ration));
        let gathered = About { held: Held::Ration, ..PLAIN };
        assert_eq!(plainly(&gathered, &to(&choice, 3), at(18, 0)), Decision::Go(Way::Wechat));
        let staff = About { staff: true, ..PLAIN };
        assert_eq!(plainly(&staff, &to(&choice, 9), at(10, 0)), Decision::Go(Way::Wechat));
    }

    #[test]
    fn who_wants_a_digest_gets_one_at_eighteen_hours() {
        let choice = Choice { digest: true, ..Choice::default() };
        assert_eq!(plainly(&PLAIN, &to(&choice, 0), at(10, 0)), Decision::Hold(at(18, 0), Held::Digest));
        assert_eq!(plainly(&PLAIN, &to(&choice, 0), at(18, 30)), Decision::Hold(at(42, 0), Held::Digest));
    }

    #[test]
    fn a_channel_that_refused_is_followed_by_the_next_and_then_by_nobody() {
        let choice = Choice::default();
        let after = |tried: &[Way]| plainly(&About { tried, ..PLAIN }, &to(&choice, 0), at(10, 0));
        assert_eq!(after(&[Way::Wechat]), Decision::Go(Way::Sms));
        assert_eq!(after(&[Way::Wechat, Way::Sms]), Decision::Nobody);
    }

    #[test]
    fn an_unwanted_channel_carries_only_the_urgent() {
        let choice = Choice { ways: vec![Way::Wechat], ..Choice::default() };
        let tried = [Way::Wechat];
        let about = About { tried: &tried, ..PLAIN };
        assert_eq!(plainly(&about, &to(&choice, 0), at(10, 0)), Decision::Nobody);
        assert_eq!(plainly(&About { urgent: true, ..about }, &to(&choice, 0), at(10, 0)), Decision::Go(Way::Sms));
    }

    #[test]
    fn a_resting_channel_is_waited_for() {
        let choice = Choice::default();
        let resting = HashMap::from([(Way::Wechat, at(10, 5))]);
        let held = decide(&PLAIN, &to(&choice, 0), &Policy::default(), &resting, at(10, 0));
        assert_eq!(held, Decision::Hold(at(10, 5), Held::No));
    }
}
