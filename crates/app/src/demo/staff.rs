//! Units and the people who work in them, with their accounts and roles.

use super::accounts::{Candidate, Cast};
use super::dice::Dice;
use super::names::Names;
use super::plan::SchoolPlan;
use super::posts::{At, Post, Posts, mother_among};
use gongyu_access::account::{self, NewAccount};
use gongyu_access::{Role, grant};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::people::{self, NewStaff};
use gongyu_registry::unit::{self, NewUnit, UnitKind};
use gongyu_store::Tx;
use gongyu_web::App;
use std::sync::Arc;

/// Makes people of staff in the database.
pub(super) struct Office {
    app: App,
    hash: Arc<str>,
    since: Date,
    year: i16,
    posts: Posts,
}

/// The people of a class.
#[derive(Clone)]
pub(super) struct ClassPeople {
    pub(super) class: Id,
    pub(super) teacher: Id,
    pub(super) teacher_account: Id,
    pub(super) teacher_name: String,
    pub(super) teacher_login: String,
    /// Another teacher of the class, and the account.
    pub(super) colleague: Option<(Id, Id)>,
}

/// A school with its people.
pub(super) struct SchoolPeople {
    pub(super) school: Id,
    pub(super) leader_account: Id,
    pub(super) classes: Vec<ClassPeople>,
    /// Name and account of a teacher who is a mother in the next school.
    pub(super) mother: Option<Mother>,
}

/// A teacher who is a mother elsewhere.
#[derive(Clone)]
pub(super) struct Mother {
    pub(super) name: String,
    pub(super) login: String,
    pub(super) account: Id,
    pub(super) unit: String,
}

#[derive(Clone)]
struct Made {
    account: Id,
    staff: Id,
}

impl Office {
    /// Nobody yet. `hash` is the one password of the whole demo, hashed once.
    pub(super) fn new(app: &App, hash: String, since: Date, year: i16) -> Self {
        Self { app: app.clone(), hash: hash.into(), since, year, posts: Posts::new(year) }
    }

    /// Makes a school with its classes, staff and roles.
    pub(super) fn school(
        &mut self,
        dice: &mut Dice,
        names: &Names,
        plan: &SchoolPlan,
        town: Id,
        cast: &mut Cast,
    ) -> Result<SchoolPeople> {
        let posts = self.posts.of_school(dice, names, plan);
        let (app, hash, since, year) = (self.app.clone(), self.hash.clone(), self.since, self.year);
        let (shared, own) = (Arc::new((plan.clone(), posts.clone())), app.clone());
        let made = app.db.write_wait(move |tx| {
            let (plan, posts) = &*shared;
            let (school, classes) = units(tx, plan, town, since, year)?;
            let mut people = Vec::with_capacity(posts.len());
            for (n, post) in posts.iter().enumerate() {
                let made = member(tx, &own, &hash, school, n, post, since)?;
                for (unit, name) in places(post, plan, school, &classes, year) {
                    grant::give(tx, made.account, post.role, (unit, &name), since, None)?;
                }
                people.push(made);
            }
            Ok((school, classes, people))
        })?;
        let (school, classes, people) = made;
        for (post, made) in posts.iter().zip(&people).filter(|(p, _)| matches!(p.at, At::Whole)) {
            cast.offer(Candidate::staff(post.role, &plan.name, &post.login, made.account, &post.name, 0));
        }
        let leader_account = people.first().map_or(Id(0), |p| p.account);
        let classes = classes.into_iter().enumerate().filter_map(|(at, class)| {
            let (post, made) = posts.iter().zip(&people).find(|(post, _)| post.leads(at))?;
            let other = posts.iter().zip(&people).find(|(post, _)| !post.leads(at) && post.works_in(at));
            if let Some((post, made)) = other {
                let unit = class_name(plan, at, year);
                cast.offer(Candidate::staff(post.role, &unit, &post.login, made.account, &post.name, 0));
            }
            Some(ClassPeople {
                class,
                teacher: made.staff,
                teacher_account: made.account,
                teacher_name: post.name.clone(),
                teacher_login: post.login.clone(),
                colleague: other.map(|(_, made)| (made.staff, made.account)),
            })
        });
        let classes = classes.collect();
        let mother = mother_among(&posts).and_then(|mother| {
            let at = posts.iter().position(|p| p.login == mother.login)?;
            let class = (0..plan.classes.len()).find(|class| mother.leads(*class))?;
            let (name, login) = (mother.name.clone(), mother.login.clone());
            Some(Mother { name, login, account: people.get(at)?.account, unit: class_name(plan, class, year) })
        });
        Ok(SchoolPeople { school, leader_account, classes, mother })
    }

    /// One person in a unit that is no school: an officer, an agency's or a community's.
    pub(super) fn officer(
        &mut self,
        dice: &mut Dice,
        names: &Names,
        head: (Role, &'static str),
        unit: (Id, &str),
        known: Option<&str>,
        cast: &mut Cast,
    ) -> Result<Id> {
        let post = self.posts.post(dice, names, head, At::Whole, known);
        let (app, hash, since) = (self.app.clone(), self.hash.clone(), self.since);
        let (id, name, own, given) = (unit.0, unit.1.to_owned(), app.clone(), post.clone());
        let made = app.db.write_wait(move |tx| {
            let held: i64 = tx.scalar(gongyu_store::sql!("SELECT COUNT(*) FROM staff WHERE school_id = $1"), &[&id])?;
            let number = usize::try_from(held).unwrap_or(0);
            let made = member(tx, &own, &hash, id, number, &given, since)?;
            grant::give(tx, made.account, given.role, (id, &name), since, None)?;
            Ok(made)
        })?;
        cast.offer(Candidate::staff(post.role, unit.1, &post.login, made.account, &post.name, 0));
        Ok(made.account)
    }
}

fn member(tx: &mut Tx, app: &App, hash: &str, unit: Id, n: usize, post: &Post, since: Date) -> Result<Made> {
    let number = format!("{:03}", n + 1);
    let new = NewStaff {
        unit,
        staff_no: &number,
        name: &post.name,
        title: post.title,
        phone: Some(&post.phone),
        from: since,
    };
    let staff = people::create_staff(tx, &app.vault, &new)?;
    let account = account::create(
        tx,
        &NewAccount {
            login: Some(&post.login),
            name: &post.name,
            staff: Some(staff),
            password_hash: Some(hash),
            ..NewAccount::default()
        },
    )?;
    Ok(Made { account, staff })
}

/// Name of a class as a hat shows it.
pub(super) fn class_name(plan: &SchoolPlan, at: usize, year: i16) -> String {
    plan.classes.get(at).map_or_else(String::new, |class| format!("{}{}", plan.name, class.key.display(year)))
}

fn places(post: &Post, plan: &SchoolPlan, school: Id, classes: &[Id], year: i16) -> Vec<(Id, String)> {
    match &post.at {
        At::Whole => vec![(school, plan.name.clone())],
        At::Classes(list) => {
            list.iter().filter_map(|at| Some((*classes.get(*at)?, class_name(plan, *at, year)))).collect()
        }
    }
}

fn units(tx: &mut Tx, plan: &SchoolPlan, town: Id, since: Date, year: i16) -> Result<(Id, Vec<Id>)> {
    let phone = format!("023-6000{:04}", plan.index % 10_000);
    let school = unit::create(
        tx,
        &NewUnit {
            kind: UnitKind::School,
            code: &plan.code,
            name: &plan.name,
            short_name: "",
            parent: Some(town),
            school_kind: Some(plan.kind),
            setting: None,
            class: None,
            phone: &phone,
            valid_from: since,
        },
    )?;
    let mut classes = Vec::with_capacity(plan.classes.len());
    for class in &plan.classes {
        let name = class.key.display(year);
        classes.push(unit::create(
            tx,
            &NewUnit {
                kind: UnitKind::Class,
                code: "",
                name: &name,
                short_name: "",
                parent: Some(school),
                school_kind: None,
                setting: None,
                class: Some(class.key),
                phone: "",
                valid_from: jiff::civil::date(class.key.entry_year, 8, 1),
            },
        )?);
    }
    Ok((school, classes))
}
