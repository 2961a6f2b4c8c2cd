//! Who fits, and who of the line is served. No SQL.

use super::model::{Quota, Short, Use};
use gongyu_kernel::Id;

/// The quotas in which a party does not find enough.
pub(super) fn shorts(quotas: &[Quota], uses: &[Use]) -> Vec<Short> {
    uses.iter()
        .filter_map(|u| {
            let quota = quotas.iter().find(|q| q.id == u.quota)?;
            (quota.free() < u.seats).then(|| Short {
                quota: quota.id,
                kind: quota.kind.clone(),
                key: quota.key,
                free: quota.free(),
                need: u.seats,
            })
        })
        .collect()
}

/// Counts a party in (or out, with -1).
pub(super) fn count(quotas: &mut [Quota], uses: &[Use], sign: i64) {
    for u in uses {
        if let Some(quota) = quotas.iter_mut().find(|q| q.id == u.quota) {
            quota.used += sign * u.seats;
        }
    }
}

/// A party in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InLine {
    /// Booking.
    pub(super) id: Id,
    /// What it needs.
    pub(super) uses: Vec<Use>,
}

/// Serves a line in its order with what is free: a party gets all it needs or nothing. Where nobody passes, who
/// is not served keeps what it shares with those behind closed to them. `may` says whether a party may be
/// served at all now (its people are not elsewhere).
pub(super) fn serve<E>(
    quotas: &mut [Quota],
    line: &[InLine],
    passes: bool,
    mut may: impl FnMut(&InLine) -> Result<bool, E>,
) -> Result<Vec<Id>, E> {
    let mut served = Vec::new();
    let mut shut: Vec<Id> = Vec::new();
    for party in line {
        if party.uses.iter().any(|u| shut.contains(&u.quota)) {
            shut.extend(party.uses.iter().map(|u| u.quota));
            continue;
        }
        if !shorts(quotas, &party.uses).is_empty() {
            if !passes {
                shut.extend(party.uses.iter().map(|u| u.quota));
            }
            continue;
        }
        if may(party)? {
            count(quotas, &party.uses, 1);
            served.push(party.id);
        }
    }
    Ok(served)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(id: i64, free: i64) -> Quota {
        Quota { id: Id(id), pool: Id(1), kind: "all".to_owned(), key: Id(id), capacity: free, per_holder: 0, used: 0 }
    }

    fn party(id: i64, uses: &[(i64, i64)]) -> InLine {
        InLine { id: Id(id), uses: uses.iter().map(|&(q, seats)| Use { quota: Id(q), seats }).collect() }
    }

    fn served(quotas: &mut [Quota], line: &[InLine], passes: bool) -> Vec<i64> {
        serve(quotas, line, passes, |_| Ok::<_, ()>(true)).unwrap().iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_family_gets_all_its_places_or_none() {
        let mut quotas = [quota(1, 2)];
        assert_eq!(served(&mut quotas, &[party(10, &[(1, 3)])], true), Vec::<i64>::new());
        assert_eq!(quotas[0].free(), 2);
    }

    #[test]
    fn every_quota_a_seat_counts_in_must_have_room() {
        let mut quotas = [quota(1, 9), quota(2, 1)];
        assert_eq!(served(&mut quotas, &[party(10, &[(1, 2), (2, 2)]), party(11, &[(1, 2)])], true), [11]);
    }

    #[test]
    fn a_smaller_party_passes_only_where_the_pool_says_so() {
        let line = [party(10, &[(1, 3)]), party(11, &[(1, 2)]), party(12, &[(2, 1)])];
        assert_eq!(served(&mut [quota(1, 2), quota(2, 1)], &line, true), [11, 12]);
        assert_eq!(served(&mut [quota(1, 2), quota(2, 1)], &line, false), [12]);
    }

    #[test]
    fn who_must_not_be_passed_keeps_shut_whatever_it_shares_with_those_behind() {
        let line = [party(10, &[(1, 3)]), party(11, &[(1, 1), (2, 1)]), party(12, &[(2, 1)])];
        assert_eq!(served(&mut [quota(1, 2), quota(2, 5)], &line, false), Vec::<i64>::new());
    }

    #[test]
    fn the_line_is_served_in_its_order() {
        let line: Vec<InLine> = (0..5).map(|n| party(n, &[(1, 2)])).collect();
        assert_eq!(served(&mut [quota(1, 5)], &line, true), [0, 1]);
    }
}
