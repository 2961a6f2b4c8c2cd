use super::*;
use crate::people::StudentState;
use crate::roster::export::MENDING_TITLES;

fn many() -> Vec<String> {
    (1..=25).map(|n| row(A, &name_no(n), n, "三年级1班", "家长", &format!("139{n:08}"))).collect()
}

#[test]
fn pupils_missing_from_a_complete_file_leave_and_keep_their_history() {
    let d = District::new();
    d.import(&many());
    let batch = d.stage_as(&file(&many()[1..]), Some(d.a), true);
    assert_eq!((batch.gone, batch.gone_over), (1, false), "one of 25 is under five percent");
    d.apply(batch.id);
    let left = d.count(sql!("SELECT COUNT(*) FROM student WHERE state = 'left' AND class_id IS NULL"));
    assert_eq!((left, d.pupils()), (1, 25));
}

#[test]
fn nobody_leaves_unless_the_file_is_said_to_be_complete() {
    let d = District::new();
    d.import(&many());
    assert_eq!(d.stage_as(&file(&many()[5..]), Some(d.a), false).gone, 0);
}

#[test]
fn more_than_the_set_share_leave_only_after_their_number_is_confirmed() {
    let d = District::new();
    d.import(&many());
    let batch = d.stage_as(&file(&many()[5..]), Some(d.a), true);
    assert_eq!((batch.gone, batch.gone_over), (5, true));
    assert!(d.decide(batch.id, -1).is_err());
    assert!(d.decide(batch.id, 4).is_err());
    d.decide(batch.id, 5).unwrap();
    d.importer.apply(batch.id, None, None).unwrap();
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM student WHERE state = 'left'")), 5);
}

#[test]
fn schools_the_file_does_not_name_lose_nobody() {
    let d = District::new();
    d.import(&few());
    let batch = d.stage_as(&file(&few()[..2]), None, true);
    assert_eq!((batch.gone, batch.unchanged), (0, 2));
}

#[test]
fn mended_rows_brought_back_make_nobody_leave() {
    let d = District::new();
    d.import(&many());
    let head = format!("{},{},{HEAD}", MENDING_TITLES[0], MENDING_TITLES[1]);
    let batch = d.stage_as(&format!("{head}\n17,改好了,{}\n", many()[0]), Some(d.a), true);
    assert!(batch.mended);
    assert_eq!((batch.gone, batch.unchanged), (0, 1));
}

#[test]
fn a_pupil_whose_row_waits_has_not_left() {
    let d = District::new();
    d.import(&few());
    let mut rows = few();
    rows[0] = rows[0].replace(&id_of("20180312", 1), "50010120180312001");
    let batch = d.stage_as(&file(&rows), None, true);
    assert_eq!((batch.refused, batch.gone), (1, 0));
}

#[test]
fn a_pupil_who_left_and_is_named_again_comes_back() {
    let d = District::new();
    d.import(&many());
    let gone = d.stage_as(&file(&many()[1..]), Some(d.a), true);
    d.apply(gone.id);
    d.later(30);
    let back = d.stage_as(&file(&many()), Some(d.a), true);
    assert_eq!((back.moved, back.unchanged, back.added), (1, 24, 0));
    d.apply(back.id);
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM student WHERE state = 'active'")), 25);
    let first = d.db.read_wait(|r| r.scalar::<Id>(sql!("SELECT MIN(id) FROM student"), &[])).unwrap();
    assert_eq!(d.db.read_wait(move |r| people::find_student(r, first)).unwrap().state, StudentState::Active);
}
