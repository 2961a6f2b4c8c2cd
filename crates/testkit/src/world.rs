//! A small district: two towns, three schools, a few classes, families with their quirks, and
//! somebody in every role.

use crate::house::House;
use crate::people::{Person, signed_in_guardian, staff_in};
use gongyu_access::Role;
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::{self, NewGuardianship, NewStudent, Relation, SealedGuardian, SealedStudent, family};
use gongyu_registry::roster::class_label::{ClassKey, SchoolKind, Stage};
use gongyu_registry::unit::{self, NewUnit, Setting, UnitKind};
use gongyu_store::Tx;
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use jiff::civil::{Date, date};

/// The small district of tests.
#[derive(Clone, Debug)]
pub struct World {
    /// The district.
    pub district: Id,
    /// An urban sub-district.
    pub street: Id,
    /// A rural town.
    pub town: Id,
    /// A primary school in the rural town, with two classes.
    pub school: Id,
    /// A kindergarten in the sub-district.
    pub kindergarten: Id,
    /// A junior school in the rural town.
    pub junior: Id,
    /// 三年级1班 and 三年级2班 of the primary school.
    pub classes: Vec<Id>,
    /// A class of the kindergarten.
    pub kinder_class: Id,
    /// Twelve pupils, six in each class of the primary school.
    pub students: Vec<Id>,
    /// Mother of the first pupil and of its sibling in the kindergarten.
    pub mother: Id,
    /// Father of the first pupil.
    pub father: Id,
    /// The sibling.
    pub sibling: Id,
    /// Somebody in every role, the class teacher being of the first class.
    pub people: Vec<Person>,
    /// Class teacher of the second class.
    pub other_teacher: Person,
}

/// Telephone of the mother.
pub const MOTHER_PHONE: &str = "19900000001";

const NAMES: [&str; 12] = [
    "陈语桐",
    "周子涵",
    "何俊熙",
    "罗欣怡",
    "阿依古丽·买买提",
    "谭雨欣",
    "蒋浩然",
    "冉佳琪",
    "杜一诺",
    "邓梓轩",
    "易晨曦",
    "吴思远",
];

impl World {
    /// Builds it.
    ///
    /// # Panics
    /// When the database refuses: a test cannot go on.
    pub fn small(house: &House) -> Self {
        let app = house.app.clone();
        house
            .db()
            .write_wait(move |tx| {
                let (mut world, changes) = build(tx, &app.vault)?;
                app.membership_changed(tx, &changes)?;
                world.people = roles(tx, &app.vault, &world)?;
                Ok(world)
            })
            .expect("the small district is built")
    }

    /// Somebody in a role.
    ///
    /// # Panics
    /// When there is nobody: every role has somebody.
    pub fn role(&self, role: Role) -> &Person {
        self.people.iter().find(|p| p.role == role).expect("somebody in every role")
    }
}

fn unit_of(kind: UnitKind, name: &str, code: &str, parent: Option<Id>) -> NewUnitOwned {
    NewUnitOwned {
        kind,
        name: name.to_owned(),
        code: code.to_owned(),
        parent,
        school_kind: None,
        setting: None,
        class: None,
    }
}

struct NewUnitOwned {
    kind: UnitKind,
    name: String,
    code: String,
    parent: Option<Id>,
    school_kind: Option<SchoolKind>,
    setting: Option<Setting>,
    class: Option<ClassKey>,
}

/// Day from which everything in the small district holds.
pub const SINCE: Date = date(2025, 9, 1);

impl NewUnitOwned {
    fn create(&self, tx: &mut Tx) -> Result<Id> {
        unit::create(
            tx,
            &NewUnit {
                kind: self.kind,
                code: &self.code,
                name: &self.name,
                short_name: "",
                parent: self.parent,
                school_kind: self.school_kind,
                setting: self.setting,
                class: self.class,
                phone: "",
                valid_from: SINCE,
            },
        )
    }
}

fn school(tx: &mut Tx, name: &str, code: &str, town: Id, kind: SchoolKind) -> Result<Id> {
    NewUnitOwned { school_kind: Some(kind), ..unit_of(UnitKind::School, name, code, Some(town)) }.create(tx)
}

fn class(tx: &mut Tx, school: Id, stage: Stage, entry_year: i16, class_no: u16) -> Result<Id> {
    let key = ClassKey::of_cohort(stage, entry_year, class_no);
    NewUnitOwned { class: Some(key), ..unit_of(UnitKind::Class, &key.roster_code(), "", Some(school)) }.create(tx)
}

fn build(tx: &mut Tx, vault: &Vault) -> Result<(World, Vec<MembershipChange>)> {
    let district = unit_of(UnitKind::District, "云岭区", "500199", None).create(tx)?;
    let street =
        NewUnitOwned { setting: Some(Setting::Urban), ..unit_of(UnitKind::Town, "临江街道", "", Some(district)) }
            .create(tx)?;
    let town =
        NewUnitOwned { setting: Some(Setting::Rural), ..unit_of(UnitKind::Town, "石桥镇", "", Some(district)) }
            .create(tx)?;
    let primary = school(tx, "石桥中心校", "5001990001", town, SchoolKind::Primary)?;
    let kindergarten = school(tx, "青禾幼儿园", "5001990002", street, SchoolKind::Kindergarten)?;
    let junior = school(tx, "石桥初级中学", "5001990003", town, SchoolKind::Junior)?;
    let classes = vec![class(tx, primary, Stage::Primary, 2024, 1)?, class(tx, primary, Stage::Primary, 2024, 2)?];
    let kinder_class = class(tx, kindergarten, Stage::Kindergarten, 2024, 2)?;
    let mut changes = Vec::new();
    let mut students = Vec::new();
    for (i, name) in NAMES.iter().enumerate() {
        let (id, change) = pupil(tx, vault, name, date(2017, 3, 2), primary, classes[i / 6], i % 5 == 3)?;
        students.push(id);
        changes.push(change);
    }
    let (sibling, change) = pupil(tx, vault, "陈语乐", date(2021, 5, 6), kindergarten, kinder_class, false)?;
    changes.push(change);
    let mother = guardian(tx, vault, "林秀兰", Some(MOTHER_PHONE))?;
    let father = guardian(tx, vault, "陈大山", None)?;
    tie(tx, students[0], mother, Relation::Mother, 1)?;
    tie(tx, sibling, mother, Relation::Mother, 1)?;
    tie(tx, students[0], father, Relation::Father, 2)?;
    for (i, student) in students.iter().enumerate().skip(1) {
        let phone = format!("1990000{:04}", 1000 + i);
        let carer = guardian(tx, vault, &format!("家长{}", NAMES[i]), (i != 2).then_some(phone.as_str()))?;
        tie(tx, *student, carer, if i % 2 == 0 { Relation::Father } else { Relation::Mother }, 1)?;
    }
    index(tx, vault, &students)?;
    let other_teacher =
        staff_in(tx, vault, "邹老师", Role::ClassTeacher, (classes[1], "石桥中心校三年级2班"), primary)?;
    let world = World {
        district,
        street,
        town,
        school: primary,
        kindergarten,
        junior,
        classes,
        kinder_class,
        students,
        mother,
        father,
        sibling,
        people: Vec::new(),
        other_teacher,
    };
    Ok((world, changes))
}

fn pupil(
    tx: &mut Tx,
    vault: &Vault,
    name: &str,
    born: Date,
    school: Id,
    class: Id,
    special: bool,
) -> Result<(Id, MembershipChange)> {
    let family = family::create(tx)?;
    let sealed = SealedStudent { address: "石桥镇向阳路1号".to_owned(), ..SealedStudent::default() };
    let new = NewStudent {
        name,
        sex: "female",
        birth_date: born,
        number_in_class: None,
        left_behind: if special { "both" } else { "none" },
        migrant: false,
        boarding: false,
        special,
        id_blind: None,
        roll_blind: None,
        sealed: &sealed,
        row_hash: "",
    };
    people::create_student(tx, vault, &new, school, Some(class), family, SINCE)
}

fn guardian(tx: &mut Tx, vault: &Vault, name: &str, phone: Option<&str>) -> Result<Id> {
    people::new_guardian(tx, vault, name, phone, &SealedGuardian::default())
}

fn tie(tx: &mut Tx, student: Id, guardian: Id, relation: Relation, position: i64) -> Result<()> {
    let student = people::find_student(tx, student)?;
    let new = NewGuardianship { relation, kin: "", is_guardian: true, position, source: "roster" };
    people::link(tx, &student, guardian, &new, SINCE).map(drop)
}

fn index(tx: &mut Tx, vault: &Vault, students: &[Id]) -> Result<()> {
    for id in students {
        let student = people::find_student(tx, *id)?;
        let mut phones = Vec::new();
        for g in people::guardians_of(tx, *id)? {
            phones.extend(people::phone_of(tx, vault, g.guardian)?);
        }
        people::index_student(tx, vault, *id, student.school, &student.name, &phones)?;
    }
    Ok(())
}

fn roles(tx: &mut Tx, vault: &Vault, w: &World) -> Result<Vec<Person>> {
    let school = (w.school, "石桥中心校");
    let district = (w.district, "云岭区");
    let mut people = vec![
        staff_in(tx, vault, "林老师", Role::ClassTeacher, (w.classes[0], "石桥中心校三年级1班"), w.school)?,
        staff_in(tx, vault, "龚老师", Role::SubjectTeacher, (w.classes[0], "石桥中心校三年级1班"), w.school)?,
    ];
    let in_school = [
        ("向校长", Role::SchoolLeader),
        ("沈主任", Role::MoralDirector),
        ("文老师", Role::Registrar),
        ("秦老师", Role::Counsellor),
        ("万督学", Role::Supervisor),
    ];
    for (name, role) in in_school {
        people.push(staff_in(tx, vault, name, role, school, w.school)?);
    }
    people.push(staff_in(tx, vault, "田干事", Role::TownOfficer, (w.town, "石桥镇"), w.town)?);
    let in_district = [
        ("唐科长", Role::DistrictOfficer),
        ("程工", Role::DistrictAdmin),
        ("黎干部", Role::AgencyOfficer),
        ("姚社工", Role::CommunityWorker),
        ("钟审计", Role::Auditor),
    ];
    for (name, role) in in_district {
        people.push(staff_in(tx, vault, name, role, district, w.district)?);
    }
    people.push(signed_in_guardian(tx, w.mother, "林秀兰")?);
    Ok(people)
}
