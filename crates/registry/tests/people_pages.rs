//! The pages of units, people and contact cards, asked by plain requests on both engines.

mod stage;

use gongyu_access::{Role, account, grant, password};
use gongyu_kernel::Id;
use gongyu_registry::people::{self, guardians_of};
use gongyu_registry::{card, permit};
use gongyu_testkit::{Seen, both_engines};
use stage::Stage;

fn all_said(seen: &Seen, path: &str) {
    assert_eq!(seen.status, 200, "{path}: {}", seen.text());
    let text = seen.words();
    for family in ["units-", "people-", "cards-", "role-"] {
        assert!(!text.contains(family), "{path} shows a key: {text}");
    }
}

both_engines! {
    fn every_page_opens_for_its_role_at_pc_and_phone_in_words(engine) {
        let s = Stage::new(engine);
        let w = &s.world;
        let class = w.classes[0];
        let student = w.students[0];
        let tie = s.read(move |r| Ok(guardians_of(r, student)?[0].id));
        let staff = w.role(Role::ClassTeacher).staff.unwrap();
        let pages = [
            (Role::DistrictOfficer, "/schools?q=sq&order=town&setting=rural".to_owned()),
            (Role::TownOfficer, format!("/units/{}", w.town)),
            (Role::TownOfficer, "/schools".to_owned()),
            (Role::SchoolLeader, format!("/units/{}", w.school)),
            (Role::Counsellor, format!("/schools/{}/classes", w.school)),
            (Role::ClassTeacher, format!("/classes/{class}/students")),
            (Role::ClassTeacher, format!("/students/{student}")),
            (Role::SubjectTeacher, format!("/students/{student}")),
            (Role::ClassTeacher, format!("/students/{student}/guardians/new?for=pickup")),
            (Role::Registrar, format!("/students/{student}/guardians/{tie}")),
            (Role::ClassTeacher, format!("/classes/{class}/cards")),
            (Role::DistrictOfficer, format!("/search?q={}", urlencoded("石桥"))),
            (Role::SchoolLeader, format!("/schools/{}/staff", w.school)),
            (Role::Registrar, format!("/schools/{}/staff/{staff}", w.school)),
            (Role::Registrar, format!("/schools/{}/staff/{staff}/account", w.school)),
            (Role::Registrar, format!("/schools/{}/staff/new", w.school)),
            (Role::Registrar, format!("/schools/{}/staff/{staff}/leave", w.school)),
            (Role::DistrictAdmin, format!("/schools/{}/staff", w.district)),
            (Role::DistrictAdmin, format!("/schools/{}/staff/new", w.town)),
        ];
        for (role, path) in pages {
            all_said(&s.get(role, &path), &path);
            let phone = s.client(w.role(role)).on_phone();
            all_said(&s.runtime.block_on(phone.get(&path)), &path);
        }
    }

    fn a_child_of_another_class_is_not_there(engine) {
        let s = Stage::new(engine);
        let theirs = s.world.students[6];
        assert_eq!(s.get(Role::ClassTeacher, &format!("/students/{theirs}")).status, 404);
        assert_eq!(s.get(Role::ClassTeacher, &format!("/classes/{}/students", s.world.classes[1])).status, 404);
        assert_eq!(s.get(Role::SchoolLeader, &format!("/units/{}", s.world.kindergarten)).status, 404);
        assert_eq!(s.get(Role::TownOfficer, &format!("/units/{}", s.world.street)).status, 404);
    }

    fn a_number_is_shown_only_with_the_right_and_every_look_is_noted(engine) {
        let s = Stage::new(engine);
        let (student, mother) = (s.world.students[0], s.world.mother);
        let path = format!("/students/{student}/phones/{mother}");
        assert!(!s.get(Role::ClassTeacher, &format!("/students/{student}")).text().contains("19900000001"));
        assert_eq!(s.post(Role::SubjectTeacher, &path, &[]).status, 403);
        assert_eq!(s.noted("contacts.phone-shown"), 0);
        let seen = s.post(Role::ClassTeacher, &path, &[]);
        assert!(seen.text().contains("tel:19900000001"), "{}", seen.text());
        assert_eq!(s.noted("contacts.phone-shown"), 1);
        assert!(s.post(Role::ClassTeacher, &format!("/students/{student}/details"), &[]).text().contains("向阳路"));
        assert_eq!(s.noted("contacts.details-shown"), 1);
    }

    fn a_restricted_parent_receives_nothing_and_the_note_says_why(engine) {
        let s = Stage::new(engine);
        let (student, mother) = (s.world.students[0], s.world.mother);
        let tie = s.read(move |r| Ok(guardians_of(r, student)?[0].id));
        let path = format!("/students/{student}/guardians/{tie}");
        let fields = [("relation", "mother"), ("may_receive", "on"), ("restricted", "on")];
        assert_eq!(s.post(Role::ClassTeacher, &path, &fields).status, 422);
        assert!(s.read(move |r| permit::is_guardian_of(r, mother, student)));
        let mut with_note = fields.to_vec();
        with_note.push(("note", "法院判决"));
        assert_eq!(s.post(Role::ClassTeacher, &path, &with_note).status, 303);
        assert!(!s.read(move |r| permit::is_guardian_of(r, mother, student)));
        assert!(s.get(Role::ClassTeacher, &format!("/students/{student}")).text().contains("法院判决"));
    }

    fn ending_a_guardianship_can_be_undone(engine) {
        let s = Stage::new(engine);
        let student = s.world.students[0];
        let tie = s.read(move |r| Ok(guardians_of(r, student)?[1].id));
        let path = format!("/students/{student}/guardians/{tie}");
        assert_eq!(s.post(Role::ClassTeacher, &format!("{path}/end"), &[]).status, 303);
        assert_eq!(s.read(move |r| Ok(guardians_of(r, student)?.len())), 1);
        assert_eq!(s.post(Role::ClassTeacher, &format!("{path}/resume"), &[]).status, 303);
        assert_eq!(s.read(move |r| Ok(guardians_of(r, student)?.len())), 2);
        assert_eq!(s.noted("guardian.ended") + s.noted("guardian.resumed"), 2);
    }

    fn somebody_added_by_hand_is_found_by_the_new_number_and_known_parents_are_not_doubled(engine) {
        let s = Stage::new(engine);
        let student = s.world.students[1];
        let path = format!("/students/{student}/guardians/new");
        let added = [("name", "周外婆"), ("relation", "grandparent"), ("phone", "139 8888 7766"), ("may_pick_up", "on")];
        assert_eq!(s.post(Role::ClassTeacher, &path, &added).status, 303);
        assert!(s.get(Role::ClassTeacher, "/search?q=7766").text().contains("周子涵"));
        assert_eq!(s.post(Role::ClassTeacher, &path, &added).status, 422);
        let mother = [("name", "林秀兰"), ("relation", "other"), ("phone", "19900000001"), ("may_pick_up", "on")];
        assert_eq!(s.post(Role::ClassTeacher, &path, &mother).status, 303);
        let known = s.world.mother;
        assert!(s.read(move |r| Ok(guardians_of(r, student)?.iter().any(|g| g.guardian == known))));
    }

    fn search_stays_within_the_hat_and_finds_by_sound_characters_and_tail(engine) {
        let s = Stage::new(engine);
        for typed in ["语桐", "cyt", "chenyu", "0001"] {
            let seen = s.get(Role::ClassTeacher, &format!("/search?q={}", urlencoded(typed)));
            assert!(seen.text().contains("陈语桐"), "{typed}");
            assert!(!seen.text().contains("陈语乐"), "{typed}");
        }
        let other = s.get(Role::ClassTeacher, &format!("/search?q={}", urlencoded("浩然")));
        assert!(!other.words().contains("蒋浩然"));
        assert!(s.get(Role::SchoolLeader, &format!("/search?q={}", urlencoded("浩然"))).words().contains("蒋浩然"));
        assert!(!s.get(Role::DistrictOfficer, "/search?q=0001").words().contains("陈语桐"));
    }

    fn a_list_of_schools_its_count_and_its_file_agree(engine) {
        let s = Stage::new(engine);
        let seen = s.get(Role::DistrictOfficer, "/schools?setting=rural");
        assert!(seen.words().contains("石桥中心校") && !seen.words().contains("青禾幼儿园"));
        assert!(seen.words().contains("一共2所，城区0所，乡村2所"), "{}", seen.words());
        let file = s.get(Role::DistrictOfficer, "/schools.xlsx?setting=rural");
        assert!(file.bytes.starts_with(b"PK"));
        assert_eq!(s.get(Role::TownOfficer, "/schools.xlsx").status, 403);
    }

    fn a_class_has_one_class_teacher(engine) {
        let s = Stage::new(engine);
        let (class, school) = (s.world.classes[0], s.world.school);
        let leader = s.world.role(Role::MoralDirector).clone();
        let path = format!("/schools/{school}/staff/{}", leader.staff.unwrap());
        let class_text = class.to_string();
        let seen = s.post(Role::Registrar, &path, &[("role", "class_teacher"), ("class", &class_text)]);
        assert_eq!(seen.status, 303, "{}", seen.words());
        let holders = s.read(move |r| grant::holders(r, class, Role::ClassTeacher));
        assert_eq!(holders.iter().map(|h| h.0).collect::<Vec<Id>>(), [leader.account]);
        assert_eq!(s.post(Role::Registrar, &path, &[("role", "class_teacher")]).status, 422);
        assert_eq!(s.post(Role::SchoolLeader, &path, &[("role", "registrar")]).status, 403);
    }

    fn nobody_ends_their_own_role_and_an_ended_one_can_be_given_back(engine) {
        let s = Stage::new(engine);
        let (class, school) = (s.world.classes[0], s.world.school);
        let teacher = s.world.role(Role::ClassTeacher).clone();
        let account = teacher.account;
        let held = s.read(move |r| Ok(grant::current(r, account)?[0].id));
        let path = format!("/schools/{school}/staff/{}/roles/{held}", teacher.staff.unwrap());
        assert_eq!(s.post(Role::Registrar, &format!("{path}/end"), &[]).status, 303);
        assert!(s.read(move |r| grant::holders(r, class, Role::ClassTeacher)).is_empty());
        assert_eq!(s.post(Role::Registrar, &format!("{path}/resume"), &[]).status, 303);
        assert_eq!(s.read(move |r| grant::holders(r, class, Role::ClassTeacher)).len(), 1);
        let own = s.world.role(Role::Registrar).clone();
        let grant = s.read(move |r| Ok(grant::current(r, own.account)?[0].id));
        let staff = s.world.role(Role::Registrar).staff.unwrap();
        let seen = s.post(Role::Registrar, &format!("/schools/{school}/staff/{staff}/roles/{grant}/end"), &[]);
        assert_eq!(seen.status, 409);
    }

    fn a_first_password_is_shown_once_fits_and_must_be_changed(engine) {
        let s = Stage::new(engine);
        let teacher = s.world.role(Role::ClassTeacher).clone();
        let path = format!("/schools/{}/staff/{}/password", s.world.school, teacher.staff.unwrap());
        assert_eq!(s.post(Role::ClassTeacher, &path, &[]).status, 403);
        let seen = s.post(Role::Registrar, &path, &[("reason", "忘了密码")]);
        assert_eq!(seen.status, 200, "{}", seen.words());
        let account = teacher.account;
        let kept = s.read(move |r| account::by_id(r, account));
        let hash = kept.password_hash.unwrap();
        let text = seen.words();
        let shown: Vec<&str> = text.split_whitespace().filter(|word| password::fits(word, &hash)).collect();
        assert_eq!(shown.len(), 1, "{text}");
        assert!(kept.must_change);
    }

    fn a_card_printed_again_keeps_its_code_and_a_renewed_one_ends_the_old(engine) {
        let s = Stage::new(engine);
        let (class, student) = (s.world.classes[0], s.world.students[0]);
        let vault = s.house.app.vault.clone();
        let code = || {
            let vault = vault.clone();
            s.read(move |r| Ok(card::codes_of(r, &vault, &[student])?.remove(&student).map(|c| c.code)))
        };
        assert_eq!(code(), None);
        let path = format!("/classes/{class}/cards");
        assert_eq!(s.post(Role::ClassTeacher, &path, &[("which", "chosen")]).status, 422);
        let seen = s.post(Role::ClassTeacher, &path, &[("which", "all")]);
        assert!(seen.bytes.starts_with(b"%PDF"), "{}", seen.text());
        let first = code();
        assert!(first.is_some());
        s.post(Role::ClassTeacher, &path, &[("which", "all")]);
        assert_eq!(code(), first);
        let picked = student.to_string();
        let seen = s.post(Role::ClassTeacher, &path, &[("which", "renew"), ("s", &picked)]);
        assert!(seen.bytes.starts_with(b"%PDF"), "{}", seen.text());
        assert!(code().is_some() && code() != first);
        let printed = s.post(Role::ClassTeacher, &format!("/students/{student}/card"), &[]);
        assert!(printed.bytes.starts_with(b"%PDF"), "{}", printed.words());
        assert_eq!(s.noted("card.printed"), 4);
    }
}

fn urlencoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

both_engines! {
    fn ending_the_guardianship_between_two_families_parts_them_again(engine) {
        let s = Stage::new(engine);
        let (first, sibling, other) = (s.world.students[0], s.world.sibling, s.world.students[1]);
        let families = || {
            s.read(move |r| {
                let mut family = |id: Id| people::find_student(r, id).map(|s| s.family);
                Ok([family(first)?, family(sibling)?, family(other)?])
            })
        };
        assert_eq!(families()[0], families()[1], "the mother's children are one family");
        // A grandmother who turns out to be nobody's of the first family.
        let path = format!("/students/{other}/guardians/new");
        let mother = [("name", "林秀兰"), ("relation", "other"), ("phone", "19900000001"), ("may_pick_up", "on")];
        assert_eq!(s.post(Role::ClassTeacher, &path, &mother).status, 303);
        let [a, b, c] = families();
        assert!(a == b && b == c);
        let tie = s.read(move |r| Ok(guardians_of(r, other)?.iter().find(|k| k.name == "林秀兰").unwrap().id));
        let restricted = [("relation", "other"), ("restricted", "on"), ("note", "调解书")];
        assert_eq!(s.post(Role::ClassTeacher, &format!("/students/{other}/guardians/{tie}"), &restricted).status, 303);
        let [a, _, c] = families();
        assert_eq!(a, c, "who is kept from a child is still kin");
        assert_eq!(s.post(Role::ClassTeacher, &format!("/students/{other}/guardians/{tie}/end"), &[]).status, 303);
        let [a, b, c] = families();
        assert!(a == b && a != c, "two families again, the sister stays");
        assert_eq!(s.post(Role::ClassTeacher, &format!("/students/{other}/guardians/{tie}/resume"), &[]).status, 303);
        let [a, _, c] = families();
        assert_eq!(a, c, "undone, they are one again");
    }

    fn the_roll_of_a_class_is_taken_away_by_phone_or_pc_noted_and_by_nobody_elses(engine) {
        let s = Stage::new(engine);
        let (mine, theirs) = (s.world.classes[0], s.world.classes[1]);
        let page = format!("/classes/{mine}/students");
        let phone = s.client(s.world.role(Role::ClassTeacher)).on_phone();
        let seen = s.runtime.block_on(phone.get(&page));
        let form = format!("form[action=\"/classes/{mine}/students/file\"]");
        assert!(seen.attr(&form, "action").is_some(), "the phone has its button: {}", seen.text());
        let file = s.post(Role::ClassTeacher, &format!("{page}/file"), &[]);
        assert!(file.bytes.starts_with(b"PK"), "{}", file.text());
        assert_eq!((s.noted("contacts.exported"), s.noted("roster.exported")), (1, 0), "numbers were in it");
        let other = format!("/classes/{theirs}/students/file");
        assert_eq!(s.post(Role::ClassTeacher, &other, &[]).status, 404);
        assert_eq!(s.noted("contacts.exported"), 1);
    }
}
