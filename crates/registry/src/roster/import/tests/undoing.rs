use super::*;
use crate::roster::import::{BatchState, decide_undo};
use gongyu_testkit::both_engines;

impl District {
    fn undo(&self, batch: Id) -> gongyu_kernel::Result<Batch> {
        self.db.write_wait(move |tx| {
            let found = store::find(tx, batch)?;
            decide_undo(tx, &found)
        })?;
        self.importer.undo(batch)?;
        self.importer.batch(batch)
    }

    fn active(&self) -> i64 {
        self.count(sql!("SELECT COUNT(*) FROM student WHERE state = 'active'"))
    }
}

both_engines! {
    fn an_import_taken_back_leaves_the_roll_as_it_was(engine) {
        let d = District::on(engine);
        d.import(&few());
        let mut rows = few();
        rows[0] = row(B, "周小禾", 1, "三年级2班", "周青青", "13911111111");
        rows[1] = rows[1].replace("13900000002", "13922222222");
        rows.push(row(A, "吴越", 9, "三年级1班", "吴敏", "13900000009"));
        let batch = d.import(&rows);
        assert_eq!((batch.added, batch.changed, batch.moved), (1, 1, 1));
        assert_eq!(d.active(), 4);
        let undone = d.undo(batch.id).unwrap();
        assert_eq!(undone.state, BatchState::Undone);
        assert_eq!(d.active(), 3);
        let back = d.pupil("周小禾");
        assert_eq!(back.school, d.a);
        let again = d.stage(&few());
        assert_eq!((again.added, again.changed, again.moved, again.unchanged), (0, 0, 0, 3));
        let phones: i64 = d.count(sql!("SELECT COUNT(*) FROM guardianship WHERE valid_to IS NULL"));
        assert_eq!(phones, 3);
        let mut ears = d.ear.moves.lock().unwrap().clone();
        ears.retain(|change| change.student == back.id);
        assert_eq!(ears.last().unwrap().to_class, back.class);
        assert!(d.undo(batch.id).is_err(), "it is taken back once");
    }

    fn a_roll_cut_off_halfway_is_carried_on_and_everybody_is_found(engine) {
        let d = District::on(engine);
        let rows: Vec<String> =
            (1..=2300).map(|n| row(A, &name_no(n), n % 1000, "三年级1班", "家长", &format!("139{n:08}"))).collect();
        let rows: Vec<String> =
            (0..).zip(rows).map(|(n, row)| row.replace("20180312", &format!("2018{:02}{:02}", 3 + n / 1000, 10 + n / 500))).collect();
        let rows: Vec<String> = rows.iter().map(|row| with_check(row)).collect();
        let batch = d.stage(&rows);
        assert_eq!((batch.added, batch.waiting()), (2300, 0));
        d.decide(batch.id, -1).unwrap();
        d.ear.refuse_after.store(3, Ordering::SeqCst);
        assert!(d.importer.apply(batch.id, None, None).is_err());
        let part = d.pupils();
        assert!((100..2300).contains(&part), "{part}");
        d.ear.refuse_after.store(0, Ordering::SeqCst);
        d.importer.apply(batch.id, None, None).unwrap();
        assert_eq!(d.pupils(), 2300);
        assert_eq!(d.ear.moves.lock().unwrap().len(), 2300);
        let found = d.count(sql!("SELECT COUNT(DISTINCT object_id) FROM search_gram WHERE kind = 'student'"));
        assert_eq!(found, 2300);
        assert_eq!(d.count(sql!("SELECT COUNT(*) FROM import_chunk WHERE NOT searchable OR done < entries")), 0);
        assert_eq!(d.stage(&rows).unchanged, 2300);
    }
}

/// Gives a row's identity number its check character again.
fn with_check(row: &str) -> String {
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    let first: String = cells[2].chars().take(17).collect();
    let check = check_character(&first).unwrap();
    cells[2] = format!("{first}{check}");
    cells.join(",")
}

#[test]
fn an_import_on_which_later_work_stands_is_not_taken_back() {
    let d = District::new();
    let batch = d.import(&few());
    d.later(1);
    let mut rows = few();
    rows[0] = rows[0].replace("13900000001", "13911111111");
    d.import(&rows);
    let refused = d.undo(batch.id).unwrap_err();
    assert!(refused.to_string().contains("roster-undo-later-import"), "{refused}");
    assert_eq!(d.active(), 3);
}

#[test]
fn a_pupil_changed_by_hand_since_keeps_the_import_from_being_taken_back() {
    let d = District::new();
    let batch = d.import(&few());
    d.later(1);
    let pupil = d.pupil("周小禾");
    d.db.write_wait(move |tx| {
        people::move_to_class(tx, pupil.id, pupil.school, pupil.class, tx.today(), "changed_class").map(drop)
    })
    .unwrap();
    let kept = d.undo(batch.id).unwrap();
    assert_eq!(kept.state, BatchState::Done);
    assert!(kept.notes.contains("roster-undo-changed"));
    assert_eq!(d.active(), 3);
}

#[test]
fn after_some_days_an_import_is_not_taken_back_as_a_whole() {
    let d = District::new();
    let batch = d.import(&few());
    d.later(4);
    assert!(d.undo(batch.id).unwrap_err().to_string().contains("roster-undo-late"));
}

#[test]
fn rows_that_come_back_mended_in_another_file_wait_no_longer() {
    let d = District::new();
    let mut rows = few();
    rows[1] = rows[1].replace(&id_of("20180312", 2), "50010120180312002");
    let first = d.import(&rows);
    assert_eq!(first.waiting(), 1);
    let text = format!("原来的行,哪里不对，怎么改,{HEAD}\n3,短了一位,{}\n", few()[1]);
    let mended = d.stage_as(&text, None, false);
    assert!(mended.mended && mended.added == 1);
    d.apply(mended.id);
    assert_eq!(d.importer.batch(first.id).unwrap().waiting(), 0);
}

#[test]
fn a_child_who_becomes_left_behind_is_asked_about() {
    let d = District::new();
    let head = format!("{HEAD},是否留守儿童");
    let line = |away: &str| format!("{head}\n{},{away}\n", few()[0]);
    d.apply(d.stage_as(&line("非留守儿童"), None, false).id);
    let batch = d.stage_as(&line("双亲留守儿童"), None, false);
    assert_eq!((batch.asked, batch.changed), (1, 0));
}

#[test]
fn a_child_of_the_same_birth_date_and_telephone_elsewhere_is_asked_about() {
    let d = District::new();
    let head = "学校标识码,姓名,出生日期,性别,身份证件类型,身份证件号,班级号,成员1姓名,成员1关系,成员1联系电话,成员1是否监护人,成员1身份证件号,成员2姓名,成员2关系,成员2身份证件号";
    let line = |school: &str, name: &str, class: &str| {
        format!(
            "{head}\n{school},{name},20180312,女,其他,,{class},周青,母亲,13900000001,是,{},周明,父亲,{}\n",
            id_of("19880506", 22),
            id_of("19870506", 23),
        )
    };
    let first = d.stage_as(&line(A, "周小禾", "三年级1班"), None, false);
    assert_eq!(first.waiting(), 0);
    d.apply(first.id);
    let batch = d.stage_as(&line(B, "周禾禾", "三年级2班"), None, false);
    assert_eq!((batch.asked, batch.added), (1, 0));
    let problems: String =
        d.db.read_wait(move |r| r.scalar(sql!("SELECT problems FROM import_row WHERE batch_id = $1"), &[&batch.id]))
            .unwrap();
    assert!(problems.contains("same_person_moved"), "{problems}");
}
