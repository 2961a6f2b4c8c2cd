use super::*;
use crate::people::{GuardianOf, NewGuardianship, Relation, SealedGuardian};

fn with_father(sequence: u32, mother: &str, phone: &str, father: &str, father_phone: &str) -> String {
    let id = id_of("20180312", sequence);
    format!("{A},周小禾,{id},三年级1班,{mother},母亲,{phone},是,,{father},父亲,{father_phone},是,")
}

impl District {
    fn guardians(&self, name: &str) -> Vec<GuardianOf> {
        let pupil = self.pupil(name).id;
        self.db.read_wait(move |r| people::guardians_of(r, pupil)).unwrap()
    }
}

#[test]
fn a_new_telephone_is_the_same_guardians() {
    let d = District::new();
    d.import(&few());
    let before = d.guardians("周小禾")[0].guardian;
    let mut rows = few();
    rows[0] = row(A, "周小禾", 1, "三年级1班", "周青", "13911111111");
    let batch = d.import(&rows);
    assert_eq!((batch.changed, batch.unchanged), (1, 2));
    let after = d.guardians("周小禾");
    assert_eq!((after.len(), after[0].guardian), (1, before));
    let vault = d.vault.clone();
    let phone = d.db.read_wait(move |r| people::phone_of(r, &vault, before)).unwrap();
    assert_eq!(phone.as_deref(), Some("13911111111"));
}

#[test]
fn one_telephone_under_two_names_is_two_guardians() {
    let d = District::new();
    d.import(&[with_father(1, "周青", "13900000001", "李明", "13900000001")]);
    let found = d.guardians("周小禾");
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].guardian, found[1].guardian);
}

#[test]
fn a_guardian_is_found_again_by_identity_number_though_name_and_telephone_differ() {
    let d = District::new();
    let mother = id_of("19880506", 22);
    let line = |name: &str, phone: &str| {
        format!("{A},周小禾,{},三年级1班,{name},母亲,{phone},是,{mother},,,,,", id_of("20180312", 1))
    };
    d.import(&[line("周青", "13900000001")]);
    let before = d.guardians("周小禾")[0].guardian;
    d.import(&[line("周青青", "13900000008")]);
    let after = d.guardians("周小禾");
    assert_eq!((after.len(), after[0].guardian, after[0].name.as_str()), (1, before, "周青青"));
}

#[test]
fn a_guardian_the_roster_no_longer_names_is_ended_and_one_made_by_hand_stays() {
    let d = District::new();
    d.import(&[with_father(1, "周青", "13900000001", "李明", "13900000002")]);
    let pupil = d.pupil("周小禾");
    let vault = d.vault.clone();
    d.db.write_wait(move |tx| {
        let aunt = people::new_guardian(tx, &vault, "周红", Some("13900000003"), &SealedGuardian::default())?;
        let new =
            NewGuardianship {
                relation: Relation::Other, kin: "姨妈", is_guardian: false, position: 9, source: "hand"
            };
        let today = tx.today();
        people::link(tx, &pupil, aunt, &new, today)
    })
    .unwrap();
    d.import(&[row(A, "周小禾", 1, "三年级1班", "周青", "13900000001")]);
    let names: Vec<String> = d.guardians("周小禾").into_iter().map(|g| g.name).collect();
    assert_eq!(names, ["周青", "周红"]);
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM guardianship WHERE valid_to IS NOT NULL")), 1);
}

#[test]
fn the_family_number_goes_to_the_first_guardian_where_no_member_has_one() {
    let d = District::new();
    let head = "学校标识码,姓名,身份证件号,班级号,联系电话,成员1姓名,成员1关系,成员1是否监护人";
    let text = format!("{head}\n{A},周小禾,{},三年级1班,13900000007,周青,母亲,是\n", id_of("20180312", 1));
    let batch = d.stage_as(&text, None, false);
    d.apply(batch.id);
    let (vault, guardian) = (d.vault.clone(), d.guardians("周小禾")[0].guardian);
    let phone = d.db.read_wait(move |r| people::phone_of(r, &vault, guardian)).unwrap();
    assert_eq!(phone.as_deref(), Some("13900000007"));
}
