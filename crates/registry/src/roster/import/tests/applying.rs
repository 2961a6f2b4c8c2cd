use super::*;
use crate::roster::import::BatchState;

#[test]
fn a_roster_makes_its_classes_pupils_and_guardians() {
    let d = District::new();
    let batch = d.import(&few());
    assert_eq!((batch.added, batch.waiting(), batch.state), (3, 0, BatchState::Done));
    let pupil = d.pupil("阿依古丽·买买提");
    assert_eq!((pupil.school, pupil.sex.as_str(), pupil.birth_date), (d.a, "female", date(2018, 3, 12)));
    let class = d.db.read_wait(move |r| unit::find(r, pupil.class.unwrap())).unwrap();
    assert_eq!((class.name.as_str(), class.entry_year), ("202401", Some(2024)));
    let guardians = d.db.read_wait(move |r| people::guardians_of(r, pupil.id)).unwrap();
    assert_eq!(guardians.len(), 1);
    assert!(guardians[0].is_guardian && guardians[0].name == "热娜");
    let (vault, guardian) = (d.vault.clone(), guardians[0].guardian);
    let phone = d.db.read_wait(move |r| people::phone_of(r, &vault, guardian)).unwrap();
    assert_eq!(phone.as_deref(), Some("13900000002"));
    assert_eq!(d.ear.moves.lock().unwrap().len(), 3);
    assert_eq!(d.ear.guardians.lock().unwrap().len(), 3);
}

#[test]
fn a_schools_first_roster_holds_since_the_year_began_and_later_newcomers_from_their_day() {
    let d = District::new();
    d.import(&few());
    assert!(d.pupil("周小禾").joined_on < date(2026, 9, 2));
    d.later(3);
    d.import(&[few(), vec![row(A, "吴越", 9, "三年级1班", "吴敏", "13900000009")]].concat());
    assert_eq!(d.pupil("吴越").joined_on, date(2026, 10, 15));
}

#[test]
fn what_is_sealed_of_a_pupil_opens_again() {
    let d = District::new();
    d.import(&few());
    let (vault, pupil) = (d.vault.clone(), d.pupil("周小禾").id);
    let details = d.db.read_wait(move |r| people::student_details(r, &vault, pupil)).unwrap();
    assert_eq!(details.id_number, id_of("20180312", 1));
    assert!(details.roster_row.is_some());
}

#[test]
fn the_same_file_again_changes_nothing() {
    let d = District::new();
    d.import(&few());
    let again = d.stage(&few());
    assert_eq!((again.added, again.changed, again.moved, again.unchanged), (0, 0, 0, 3));
    assert!(d.decide(again.id, -1).is_err(), "there is nothing to write");
    assert_eq!(d.pupils(), 3);
}

#[test]
fn another_way_of_writing_the_class_is_no_change() {
    let d = District::new();
    d.import(&few());
    let again: Vec<String> = few().iter().map(|row| row.replace("三年级1班", "三（1）班")).collect();
    assert_eq!(d.stage(&again).unchanged, 3);
}

#[test]
fn a_preview_leaves_the_registry_untouched() {
    let d = District::new();
    assert_eq!(d.stage(&few()).added, 3);
    assert_eq!((d.pupils(), d.count(sql!("SELECT COUNT(*) FROM guardian"))), (0, 0));
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM unit WHERE kind = 'class'")), 0);
}

#[test]
fn a_pupil_who_changes_school_moves_with_the_history() {
    let d = District::new();
    d.import(&few());
    d.later(5);
    let mut rows = few();
    rows[0] = row(B, "周小禾", 1, "三年级2班", "周青", "13900000001");
    let batch = d.import(&rows);
    assert_eq!((batch.added, batch.moved, batch.unchanged), (0, 1, 2));
    let pupil = d.pupil("周小禾");
    assert_ne!(pupil.school, d.a);
    let stays: Vec<(Id, Option<String>)> =
        d.db.read_wait(move |r| {
            r.rows(
                sql!("SELECT school_id, valid_to FROM enrolment WHERE student_id = $1 ORDER BY valid_from"),
                &[&pupil.id],
            )
        })
        .unwrap();
    assert_eq!(stays.len(), 2);
    assert_eq!(stays[0], (d.a, Some("2026-10-16".to_owned())));
}

#[test]
fn siblings_are_one_family() {
    let d = District::new();
    let mut rows = few();
    rows.push(row(B, "周小麦", 5, "三年级2班", "周青", "13900000001"));
    d.import(&rows);
    assert_eq!(d.pupil("周小禾").family, d.pupil("周小麦").family);
    assert_ne!(d.pupil("周小禾").family, d.pupil("陈语桐").family);
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM guardian")), 3);
}

#[test]
fn an_import_that_was_cut_off_is_carried_on_to_its_end() {
    let d = District::new();
    let rows: Vec<String> =
        (1..=260).map(|n| row(A, &name_no(n), n, "三年级1班", "家长", &format!("139{n:08}"))).collect();
    let batch = d.stage(&rows).id;
    d.decide(batch, -1).unwrap();
    d.ear.refuse_after.store(1, Ordering::SeqCst);
    assert!(d.importer.apply(batch, None, None).is_err());
    assert_eq!(d.pupils(), 100, "the first chunk is whole, the second is not there");
    assert_eq!(d.importer.batch(batch).unwrap().state, BatchState::Applying);
    d.ear.refuse_after.store(0, Ordering::SeqCst);
    d.importer.apply(batch, None, None).unwrap();
    assert_eq!((d.pupils(), d.ear.moves.lock().unwrap().len()), (260, 260));
    d.importer.apply(batch, None, None).unwrap();
    assert_eq!(d.pupils(), 260);
}

#[test]
fn a_small_import_is_written_whole_or_not_at_all() {
    let d = District::new();
    let batch = d.stage(&few()).id;
    d.decide(batch, -1).unwrap();
    d.ear.refuse_after.store(1, Ordering::SeqCst);
    d.ear.calls.store(1, Ordering::SeqCst);
    assert!(d.importer.apply(batch, None, None).is_err());
    assert_eq!((d.pupils(), d.count(sql!("SELECT COUNT(*) FROM guardian"))), (0, 0));
}

#[test]
fn an_import_planned_before_another_was_written_is_planned_anew() {
    let d = District::new();
    let first = d.stage(&few()).id;
    let second = d.stage(&few()).id;
    d.apply(first);
    let done = d.apply(second);
    assert_eq!((done.added, done.unchanged, d.pupils()), (0, 3, 3));
}
