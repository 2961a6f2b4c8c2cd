//! A feature that sends letters, as plain as can be, and what it heard of them.

use crate::provider::Provider;
use gongyu_deliver::channel::{Settings, Way, set_secret};
use gongyu_deliver::dispatch::{self, NewDispatch, State};
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::{self, SealedGuardian};
use gongyu_store::{Engine, Migration, Reader, Tx, sql};
use gongyu_testkit::{House, base_features};
use gongyu_web::letters::{Became, Due, LetterSource, News, Words};
use gongyu_web::{App, Feature};
use std::collections::HashMap;

pub const KIND: &str = "test";
/// Letters of this record were taken back by their feature.
pub const RECALLED: Id = Id(13);

const LETTERS: &[LetterSource] = &[LetterSource { kind: KIND, compose, heard }];
const TABLES: &[Migration] = &[Migration {
    room: "test",
    number: 1,
    name: "heard",
    sql: "CREATE TABLE heard (dispatch_id BIGINT NOT NULL, channel TEXT NOT NULL, became TEXT NOT NULL)",
}];

fn compose(_: &App, _: &mut Reader, dues: &[Due]) -> Result<Vec<Option<Words>>> {
    Ok(dues
        .iter()
        .map(|due| {
            (due.source != RECALLED).then(|| Words {
                title: format!("通知{}", due.source),
                text: format!("请看通知{}", due.source),
                href: format!("/n/{}", due.source),
                template: "notice",
                values: vec![("title", format!("通知{}", due.source))],
            })
        })
        .collect())
}

fn heard(tx: &mut Tx, news: &[News]) -> Result<()> {
    for one in news {
        let became = format!("{:?}", one.became);
        tx.exec(
            sql!("INSERT INTO heard (dispatch_id, channel, became) VALUES ($1, $2, $3)"),
            &[&one.due.dispatch, &one.channel, &became],
        )?;
    }
    Ok(())
}

/// A house with a provider beside it.
pub struct Desk {
    pub house: House,
    pub provider: Provider,
    pub guardians: Vec<Id>,
}

impl Desk {
    /// A house whose text messages go to Aliyun, with so many guardians.
    pub fn new(engine: Engine, guardians: usize) -> Self {
        let desk = Feature { name: "desk", letters: LETTERS, migrations: TABLES, ..Feature::default() };
        let mut features = base_features();
        features.extend([gongyu_registry::account::feature(), gongyu_deliver::feature(), desk]);
        let house = House::new(engine, features);
        let provider = Provider::start();
        let app = house.app.clone();
        let guardians = house
            .db()
            .write_wait(move |tx| {
                (0..guardians)
                    .map(|n| {
                        let phone = format!("199{n:08}");
                        people::new_guardian(tx, &app.vault, "家长", Some(&phone), &SealedGuardian::default())
                    })
                    .collect::<Result<Vec<Id>>>()
            })
            .unwrap();
        let desk = Self { house, provider, guardians };
        let base = desk.provider.base();
        desk.set(Way::Sms, move |s| {
            s.sms.provider = "aliyun".into();
            s.sms.base = base.clone();
            s.sms.key_id = "test-id".into();
            s.sms.sign_name = "共育".into();
            s.sms.templates = "notice = SMS_1: title\nany = SMS_2: title\ncode = SMS_3: code".into();
        });
        desk
    }

    /// Changes the settings and gives the channel its secret.
    pub fn set(&self, way: Way, change: impl Fn(&mut Settings) + Send + 'static) {
        let app = self.house.app.clone();
        self.house
            .db()
            .write_wait(move |tx| {
                let mut settings = Settings::load(tx)?;
                change(&mut settings);
                settings.save(tx)?;
                set_secret(tx, &app.vault, way, crate::provider::SECRET, "report-secret-of-the-test")
            })
            .unwrap();
    }

    pub fn letter(&self, guardian: Id, source: Id) -> NewDispatch {
        NewDispatch {
            kind: KIND,
            source,
            school: Id(7),
            guardian: Some(guardian),
            account: None,
            student: None,
            round: 0,
            urgent: false,
            due_at: self.house.app.clock().now(),
        }
    }

    /// Asks for a letter to every guardian.
    pub fn to_all(&self, source: Id) {
        let letters: Vec<NewDispatch> = self.guardians.iter().map(|g| self.letter(*g, source)).collect();
        self.ask(letters);
    }

    pub fn ask(&self, letters: Vec<NewDispatch>) {
        self.house.db().write_wait(move |tx| dispatch::send(tx, &letters)).unwrap();
    }

    /// Runs the sending job, letting time pass for retries, until nothing is due any more.
    pub fn run(&self) {
        self.house.run_jobs();
    }

    /// Lets a while pass, as the schedule does.
    pub fn pass(&self, seconds: i64) {
        self.house.clock.advance_seconds(seconds);
        let db = self.house.db();
        db.write_wait(|tx| {
            let now = tx.now();
            gongyu_store::jobs::enqueue_once(tx, dispatch::RUN_JOB, &(), now, "pass")
        })
        .unwrap();
        self.house.run_jobs();
        let faults: Vec<(String,)> =
            db.read_wait(|r| r.rows(sql!("SELECT last_error FROM job WHERE last_error IS NOT NULL"), &[])).unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }

    /// Letters of a record by state.
    pub fn tally(&self, source: Id) -> HashMap<State, i64> {
        let rows = self.house.db().read_wait(move |r| dispatch::tally(r, KIND, source)).unwrap();
        let mut by = HashMap::new();
        for row in rows {
            *by.entry(row.state).or_insert(0) += row.letters;
        }
        by
    }

    /// What was heard, by letter.
    pub fn heard(&self) -> HashMap<Id, Vec<String>> {
        let rows: Vec<(Id, String)> =
            self.house.db().read_wait(|r| r.rows(sql!("SELECT dispatch_id, became FROM heard"), &[])).unwrap();
        let mut by: HashMap<Id, Vec<String>> = HashMap::new();
        for (id, became) in rows {
            by.entry(id).or_default().push(became);
        }
        by
    }

    pub fn times_heard(&self, became: Became) -> usize {
        let text = format!("{became:?}");
        self.heard().values().flatten().filter(|b| **b == text).count()
    }
}
