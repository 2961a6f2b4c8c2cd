use super::*;
use crate::roster::headings::Field;
use crate::roster::import::{BatchState, Mend, mend_rows, rows};

impl District {
    fn mend(&self, batch: Id, number: i64, mend: Mend) -> usize {
        let vault = self.vault.clone();
        self.db
            .write_wait(move |tx| {
                let found = store::find(tx, batch)?;
                mend_rows(tx, &vault, &found, &[number], &mend)
            })
            .unwrap()
    }
}

#[test]
fn a_bad_row_waits_while_the_good_ones_are_written_and_is_written_once_mended() {
    let d = District::new();
    let mut rows = few();
    rows[1] = rows[1].replace(&id_of("20180312", 2), "50010120180312002");
    let batch = d.stage(&rows);
    assert_eq!((batch.added, batch.refused), (2, 1));
    d.apply(batch.id);
    assert_eq!(d.pupils(), 2);
    assert_eq!(d.mend(batch.id, 3, Mend::Set(vec![(Field::IdNumber, id_of("20180312", 2))])), 1);
    let now = d.importer.batch(batch.id).unwrap();
    assert_eq!((now.added, now.refused), (3, 0));
    d.apply(batch.id);
    assert_eq!(d.pupils(), 3);
    assert_eq!(d.importer.batch(batch.id).unwrap().state, BatchState::Done);
}

#[test]
fn a_row_mended_into_the_number_of_another_row_still_waits() {
    let d = District::new();
    let mut rows = few();
    rows[1] = rows[1].replace(&id_of("20180312", 2), "50010120180312002");
    let batch = d.stage(&rows);
    assert_eq!(d.mend(batch.id, 3, Mend::Set(vec![(Field::IdNumber, id_of("20180312", 1))])), 0);
    assert_eq!(d.importer.batch(batch.id).unwrap().refused, 1);
}

#[test]
fn a_child_of_the_same_name_and_birth_date_is_asked_about() {
    let d = District::new();
    d.import(&few());
    let mut rows = few();
    rows[0] = row(A, "周小禾", 77, "三年级1班", "周青", "13900000001");
    let batch = d.stage(&rows);
    assert_eq!((batch.added, batch.asked, batch.unchanged), (0, 1, 2));
    assert_eq!(d.mend(batch.id, 2, Mend::Same(true)), 1);
    assert_eq!(d.importer.batch(batch.id).unwrap().changed, 1);
    d.apply(batch.id);
    assert_eq!(d.pupils(), 3);
}

#[test]
fn a_child_said_to_be_somebody_else_is_new() {
    let d = District::new();
    d.import(&few());
    let batch = d.stage(&[row(A, "周小禾", 77, "三年级1班", "周兰", "13900000066")]);
    assert_eq!(d.mend(batch.id, 2, Mend::Same(false)), 1);
    d.apply(batch.id);
    assert_eq!(d.pupils(), 4);
}

#[test]
fn what_was_mended_is_kept_when_the_file_is_read_again() {
    let d = District::new();
    let other = d.stage(&[row(B, "林一", 50, "三年级2班", "林二", "13900000050")]).id;
    let mut rows = few();
    rows[1] = rows[1].replace(&id_of("20180312", 2), "50010120180312002");
    let batch = d.stage(&rows);
    d.mend(batch.id, 3, Mend::Set(vec![(Field::IdNumber, id_of("20180312", 2))]));
    d.decide(other, -1).unwrap();
    d.importer.apply(other, None, None).unwrap();
    let done = d.apply(batch.id);
    assert_eq!((done.added, done.refused, d.pupils()), (3, 0, 4));
}

#[test]
fn rows_with_the_same_writing_and_mending_are_found_together() {
    let d = District::new();
    let rows: Vec<String> = (1..=3).map(|n| row(A, &name_no(n), n, "3.2", "家长", &format!("139{n:08}"))).collect();
    let batch = d.stage(&rows);
    assert_eq!(batch.refused, 3);
    let same = d.db.read_wait(move |r| rows::fix_keys(r, batch.id)).unwrap();
    assert_eq!(same.into_values().collect::<Vec<_>>(), [3]);
}
