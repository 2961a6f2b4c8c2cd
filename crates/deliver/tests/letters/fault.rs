//! Providers that fail: every letter is in exactly one state, the counts agree with what the providers took, and
//! nobody gets two of the same letter.

use crate::desk::Desk;
use gongyu_deliver::dispatch::State;
use gongyu_kernel::Id;
use gongyu_testkit::both_engines;
use std::collections::HashMap;

const NOTICE: Id = Id(401);

both_engines! {
    fn with_one_request_in_ten_failing_the_counts_agree_and_nobody_gets_two(engine) {
        let letters = 2000;
        let desk = Desk::new(engine, letters);
        desk.provider.fail_one_in(10);
        desk.to_all(NOTICE);
        desk.run();
        for _ in 0..8 {
            desk.pass(600);
        }
        let by = desk.tally(NOTICE);
        let n = |state| by.get(&state).copied().unwrap_or(0) as usize;
        assert_eq!(by.values().sum::<i64>() as usize, letters);
        assert_eq!(n(State::Sent) + n(State::Unknown) + n(State::ByHand), letters, "{by:?}");
        let taken = desk.provider.taken();
        assert_eq!(taken.len(), n(State::Sent) + n(State::Unknown));
        let mut each: HashMap<&str, usize> = HashMap::new();
        for (to, _) in &taken {
            *each.entry(to).or_insert(0) += 1;
        }
        assert!(each.values().all(|times| *times == 1), "somebody got two");
        // Each letter ended once, and its feature heard so once.
        let heard = desk.heard();
        assert_eq!(heard.len(), letters);
        assert!(heard.values().all(|times| times.len() == 1));
        assert!(n(State::Unknown) > 20 && n(State::ByHand) > 20, "the provider did fail: {by:?}");
    }
}
