//! Nobody is closed without a touch, after any sequence of steps.

use super::{Stage, TODAY, actor, talk};
use gongyu_kernel::Id;
use gongyu_ledger::touch;
use gongyu_office::unreached::model::{Level, Reason, State};
use gongyu_office::unreached::store::{self as tasks, Knock, Met};
use gongyu_registry::people::{self, StudentState};
use gongyu_store::sql;
use gongyu_testkit::both_engines;

/// A small generator: tests draw the same steps every time.
struct Steps(u64);

impl Steps {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

impl Stage {
    /// One step of any kind at a child; refusals are part of the game.
    fn any_step(&self, steps: &mut Steps, touches: &mut Vec<Id>) {
        let child = self.student(usize::try_from(steps.draw(6)).unwrap());
        let (task, village) = (self.task(child), self.village);
        let (who, app) = (actor(&self.worker, self.village), self.house.app.clone());
        let by = who.account;
        match steps.draw(11) {
            0..=2 => drop(self.write(move |tx| {
                if task.reason.is_none() {
                    tasks::give_reason(tx, task.id, task.step, Reason::WorkingAway, "", by)?;
                }
                let now = tasks::find(tx, task.id)?;
                tasks::hand_on(tx, task.id, now.step, Some(village), "请帮忙", by)
            })),
            3 => drop(self.write(move |tx| tasks::hand_back(tx, task.id, task.step, "没找到", by))),
            4 | 5 => {
                let knock = Knock { met: Met::Other, day: TODAY, words: "" };
                drop(self.write(move |tx| {
                    if task.level < Level::Town {
                        return Ok(0);
                    }
                    tasks::knock(tx, task.id, task.step, &knock, &who)
                }));
            }
            6 => drop(self.write(move |tx| tasks::take_back(tx, task.id, &who))),
            7 => touches.extend(self.write(move |tx| touch::record(tx, &[talk(child)])).unwrap_or_default()),
            8 => {
                if let Some(touch) = touches.pop() {
                    drop(self.write(move |tx| touch::reverse(tx, &[touch])));
                }
            }
            9 => drop(self.write(move |tx| {
                let student = people::find_student(tx, child)?;
                let change = match student.state {
                    StudentState::Active => people::leave(tx, child, TODAY, StudentState::Left)?,
                    _ => people::move_to_class(tx, child, task.school, task.class, TODAY, "hand")?,
                };
                app.membership_changed(tx, &[change])
            })),
            _ => self.night(),
        }
    }

    /// What must hold whatever happened.
    fn holds(&self, turn: usize) {
        let closed: Vec<(Id, State, Option<Id>, Id)> = self.read(|r| {
            r.rows(sql!("SELECT id, state, touch_id, student_id FROM unreached_task WHERE closed_at IS NOT NULL"), &[])
        });
        for (task, state, touch, student) in closed {
            let reaching: i64 = self.read(move |r| {
                r.scalar(
                    sql!("SELECT COUNT(*) FROM touch WHERE id = $1 AND student_id = $2 AND depth <> 'told'"),
                    &[&touch.unwrap_or_default(), &student],
                )
            });
            match state {
                State::Reached => assert_eq!(reaching, 1, "turn {turn}: task {task} closed without a touch"),
                State::Left => assert_eq!(touch, None, "turn {turn}"),
                State::Open => panic!("turn {turn}: task {task} is open and closed"),
            }
        }
        let doubled: i64 = self.read(|r| {
            r.scalar(
                sql!(
                    "SELECT COUNT(*) FROM (SELECT student_id FROM unreached_task WHERE closed_at IS NULL
                                            GROUP BY student_id HAVING COUNT(*) > 1) d"
                ),
                &[],
            )
        });
        assert_eq!(doubled, 0, "turn {turn}: two open tasks for a child");
    }
}

both_engines! {
    fn nobody_is_closed_without_a_touch_after_any_sequence_of_steps(engine) {
        let s = Stage::open(engine);
        s.siblings();
        let (mut steps, mut touches) = (Steps(20_261_123), Vec::new());
        for turn in 0..140 {
            s.any_step(&mut steps, &mut touches);
            s.holds(turn);
        }
        s.night();
        s.holds(140);
        let reached: i64 =
            s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM unreached_task WHERE state = 'reached'"), &[]));
        assert!(reached > 3, "the steps did close some: {reached}");
    }
}
