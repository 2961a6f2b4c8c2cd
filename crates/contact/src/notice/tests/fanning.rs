//! Writing out to many: in chunks, after a crash, withdrawn in the middle.

use super::*;
use crate::notice::fan_out;
use crate::notice::model::State;
use gongyu_kernel::Error;
use gongyu_testkit::both_engines;

impl Stage {
    /// So many classes with two families each.
    fn many_classes(&self, count: u16) -> Vec<Pair> {
        (1..=count).flat_map(|n| self.class_of(n, 2).1).collect()
    }
}

both_engines! {
    fn a_crash_in_the_middle_of_writing_out_loses_nothing_and_doubles_nothing(engine) {
        let s = Stage::new(engine);
        let pairs = s.many_classes(38);
        let leader = s.leader();
        let id = s.drafted(&leader, &draft(Kind::Confirm, &[s.world.school]));
        assert_eq!(s.send(&leader, id).unwrap(), store::Sent::Begun);
        let first = s.write(move |tx| fan_out::chunk(tx, id, (Id(0), Id(0)))).unwrap();
        assert!(first.is_some());
        // The second chunk is lost before it commits.
        let lost: Result<()> = s.write(move |tx| {
            fan_out::chunk(tx, id, first.unwrap_or_default())?;
            Err(Error::internal("the power went"))
        });
        assert!(lost.is_err());
        let (done, all) = s.read(move |r| fan_out::progress(r, id));
        assert_eq!((done, all), (16, 40));
        assert_eq!(s.notice(id).state, State::Sending);
        s.agrees();
        fan_out::run(s.house.db(), id).unwrap();
        fan_out::run(s.house.db(), id).unwrap();
        s.house.run_jobs();
        assert_eq!(s.counts(id), Counts { addressed: 88, ..Counts::default() });
        let letters = s.letters(id);
        assert_eq!(letters.len(), 89);
        assert!(pairs.iter().all(|p| letters.iter().filter(|(g, _)| *g == p.guardian).count() == 1));
        assert_eq!(s.notice(id).state, State::Sent);
        s.agrees();
    }

    fn what_is_withdrawn_while_it_goes_out_goes_no_further(engine) {
        let s = Stage::new(engine);
        s.many_classes(20);
        let leader = s.leader();
        let id = s.drafted(&leader, &draft(Kind::Confirm, &[s.world.school]));
        s.send(&leader, id).unwrap();
        s.write(move |tx| fan_out::chunk(tx, id, (Id(0), Id(0)))).unwrap();
        let written = s.counts(id).children();
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::recall(tx, &notice, "发错了")
        })
        .unwrap();
        s.house.run_jobs();
        assert_eq!(s.counts(id).children(), written);
        assert!(s.letters(id).is_empty());
        s.agrees();
    }
}
