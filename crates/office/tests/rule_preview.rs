//! A changed rule looked at before it is saved, by the pages: what it would do, saved as it is, taken back to
//! the form with nothing to type again. On both engines.

use gongyu_access::Role;
use gongyu_ledger::duty;
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Seen, World, base_features, both_engines};

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

/// R05 as it is, but long overdue: two visits by 20 November.
const LATE: &[(&str, &str)] = &[
    ("enabled", "on"),
    ("required", "2"),
    ("period", "school_year"),
    ("due_from", "12"),
    ("deadline", "on"),
    ("deadline_on", "2026-11-20"),
    ("setting", "rural"),
];

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_registry::account::feature(),
            gongyu_office::dashboard::feature(),
            gongyu_office::duties::feature(),
            gongyu_office::rules::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(Client::of(self.house.router(), self.world.role(role)).get(path))
    }

    fn post(&self, role: Role, page: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let client = Client::of(self.house.router(), self.world.role(role));
        let secret = self.get(role, page).attr("meta[name=csrf]", "content").unwrap();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.runtime.block_on(client.post_bare(path, &all))
    }

    /// Looks at a change and gives the page's address.
    fn look(&self, fields: &[(&str, &str)]) -> String {
        let seen = self.post(Role::DistrictOfficer, "/rules/R05", "/rules/R05/preview", fields);
        assert_eq!(seen.status, 303, "{}", seen.words());
        seen.location.unwrap()
    }

    fn version(&self) -> u32 {
        self.house.db().read_wait(|r| Ok(duty::book(r)?.rule("R05")?.version)).unwrap()
    }
}

/// The hidden fields of the form that saves.
fn hidden(page: &Seen) -> Vec<(String, String)> {
    let html = page.text();
    let form = html.split("action=\"/rules/R05\"").nth(1).unwrap().split("</form>").next().unwrap().to_owned();
    form.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .filter_map(|part| {
            let (name, rest) = part.split_once('"')?;
            let value = rest.split("value=\"").nth(1)?.split('"').next()?;
            Some((name.to_owned(), value.to_owned()))
        })
        .filter(|(name, _)| name != "csrf")
        .collect()
}

both_engines! {
    fn the_page_says_how_many_would_be_late_where_and_who(engine) {
        let s = Stage::new(engine);
        let path = s.look(LATE);
        let page = s.get(Role::DistrictOfficer, &path);
        let words = page.words();
        assert!(words.contains("今天会有2个班逾期，现在是0个"), "{words}");
        for part in ["石桥镇", "石桥中心校", "三年级1班", "新逾期"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        assert_eq!(s.version(), 1, "nothing is saved by looking");
        let file = s.get(Role::DistrictOfficer, &format!("{path}/list.xlsx"));
        assert!(file.bytes.starts_with(b"PK"));
    }

    fn saved_so_it_is_the_rule_that_was_looked_at(engine) {
        let s = Stage::new(engine);
        let path = s.look(LATE);
        let fields = hidden(&s.get(Role::DistrictOfficer, &path));
        assert!(fields.iter().all(|(name, _)| !name.starts_with('_')), "{fields:?}");
        let borrowed: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(s.post(Role::DistrictOfficer, &path, "/rules/R05", &borrowed).status, 303);
        s.house.run_jobs();
        assert_eq!(s.version(), 2);
        let saved = s.get(Role::DistrictOfficer, "/duties/R05").words();
        assert!(saved.contains("石桥中心校"), "{saved}");
        let same = s.get(Role::DistrictOfficer, &path).words();
        assert!(same.contains("这条规则又有人改过") && same.contains("会有2个班逾期，现在是2个"), "{same}");
    }

    fn back_to_editing_nothing_is_typed_again(engine) {
        let s = Stage::new(engine);
        let path = s.look(LATE);
        let id = path.rsplit('/').next().unwrap();
        let form = s.get(Role::DistrictOfficer, &format!("/rules/R05?from={id}"));
        let value = |selector: &str| form.attr(selector, "value").unwrap();
        assert_eq!((value("#amount"), value("#deadline_on"), value("#due_from")), ("2".into(), "2026-11-20".into(), "12".into()));
        assert_eq!(form.attr("#setting option[selected]", "value").as_deref(), Some("rural"));
        assert_eq!(form.attr("#period option[selected]", "value").as_deref(), Some("school_year"));
        // Another rule's form takes nothing from it.
        let other = s.get(Role::DistrictOfficer, &format!("/rules/R01?from={id}"));
        assert_ne!(other.attr("#deadline_on", "value").as_deref(), Some("2026-11-20"));
    }

    fn what_cannot_be_is_refused_before_it_is_looked_at(engine) {
        let s = Stage::new(engine);
        let bad = s.post(Role::DistrictOfficer, "/rules/R05", "/rules/R05/preview", &[("enabled", "on"), ("required", "0")]);
        assert_eq!(bad.status, 422);
        assert_eq!(bad.attr("#amount", "value").as_deref(), Some("0"));
    }

    fn a_preview_is_its_makers_own_and_only_for_those_who_edit_rules(engine) {
        let s = Stage::new(engine);
        let path = s.look(LATE);
        assert_eq!(s.get(Role::DistrictAdmin, &path).status, 404);
        assert_eq!(s.get(Role::DistrictAdmin, &format!("{path}/list.xlsx")).status, 404);
        for role in [Role::SchoolLeader, Role::TownOfficer, Role::ClassTeacher, Role::Guardian, Role::Supervisor] {
            for path in [path.clone(), format!("{path}/progress"), format!("{path}/list.xlsx")] {
                assert_eq!(s.get(role, &path).status, 403, "{role:?} {path}");
            }
            assert_eq!(s.post(role, "/me", "/rules/R05/preview", LATE).status, 403, "{role:?}");
        }
    }

    fn a_long_one_is_made_by_a_job_and_says_how_far_it_is(engine) {
        let s = Stage::new(engine);
        // A district so large that the page does not count it itself.
        s.house.db().write_wait(|tx| {
            tx.exec(sql!("UPDATE class_reach SET students = students + 300000 WHERE period = 'all'"), &[]).map(drop)
        }).unwrap();
        let path = s.look(LATE);
        let waiting = s.get(Role::DistrictOfficer, &path).words();
        assert!(waiting.contains("正在算改了会怎样") && waiting.contains("就这样保存"), "{waiting}");
        let part = s.get(Role::DistrictOfficer, &format!("{path}/progress"));
        assert_eq!(part.status, 200);
        assert_eq!(s.get(Role::DistrictOfficer, &format!("{path}/list.xlsx")).status, 404);
        s.house.run_jobs();
        let done = s.get(Role::DistrictOfficer, &path).words();
        assert!(done.contains("今天会有2个班逾期"), "{done}");
        assert_eq!(s.get(Role::DistrictOfficer, &format!("{path}/progress")).location, Some(path));
    }
}
