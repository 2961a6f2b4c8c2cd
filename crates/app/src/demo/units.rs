//! The units above and beside the schools, and the people in them.

use super::Part;
use super::accounts::Cast;
use super::acts::{self, Books};
use super::dice::Dice;
use super::names::Names;
use super::plan::Plan;
use super::sink::Sink;
use super::staff::Office;
use gongyu_access::Role;
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit::{self, NewUnit, Setting, UnitKind};
use gongyu_store::Tx;
use gongyu_web::App;

/// Name of the invented district.
pub(super) const DISTRICT: &str = "云岭区教育委员会";
const AGENCIES: [&str; 7] = ["区妇联", "团区委", "区关工委", "区民政局", "区公安分局", "区卫生健康委", "区文明办"];
const COMMUNITIES: [&str; 6] = ["望江社区", "柳溪村", "桂花社区", "梧桐社区", "石桥社区", "龙洞村"];

/// The units above the schools.
pub(super) struct Above {
    pub(super) district: Id,
    /// In the order of the plan.
    pub(super) towns: Vec<Id>,
    agencies: Vec<Id>,
    communities: Vec<Id>,
    /// An account of the district that notes activities.
    officer: Id,
    /// First day of the system.
    pub(super) since: Date,
}

fn plain<'a>(kind: UnitKind, name: &'a str, parent: Option<Id>, setting: Option<Setting>, from: Date) -> NewUnit<'a> {
    NewUnit {
        kind,
        code: "",
        name,
        short_name: "",
        parent,
        school_kind: None,
        setting,
        class: None,
        phone: "",
        valid_from: from,
    }
}

/// Makes the district, its towns, agencies and community sites.
pub(super) fn make(app: &App, plan: &Plan, since: Date) -> Result<Above> {
    let towns: Vec<(&'static str, Setting)> = plan.towns.iter().map(|t| (t.name, t.setting)).collect();
    app.db.write_wait(move |tx| {
        let district = unit::create(
            tx,
            &NewUnit { short_name: "云岭区", ..plain(UnitKind::District, DISTRICT, None, None, since) },
        )?;
        let town = |tx: &mut Tx, (name, setting): (&str, Setting)| {
            unit::create(tx, &plain(UnitKind::Town, name, Some(district), Some(setting), since))
        };
        let towns = towns.iter().map(|t| town(tx, *t)).collect::<Result<Vec<Id>>>()?;
        let mut agencies = Vec::new();
        for name in AGENCIES {
            agencies.push(unit::create(tx, &plain(UnitKind::Agency, name, Some(district), None, since))?);
        }
        let mut communities = Vec::new();
        for (at, name) in COMMUNITIES.into_iter().enumerate() {
            let town = towns.get(at * 2 % towns.len().max(1)).copied();
            communities.push(unit::create(tx, &plain(UnitKind::Community, name, town, None, since))?);
        }
        Ok(Above { district, towns, agencies, communities, officer: Id(0), since })
    })
}

/// Gives every role above the schools somebody to hold it.
pub(super) fn people(
    above: &mut Above,
    office: &mut Office,
    names: &Names,
    plan: &Plan,
    seed: u64,
    cast: &mut Cast,
) -> Result<()> {
    let dice = &mut Dice::of(seed, Part::Officers.of(0));
    let district = (above.district, DISTRICT);
    let officer = (Role::DistrictOfficer, "德育科科长");
    above.officer = office.officer(dice, names, officer, district, Some("唐明远"), cast)?;
    office.officer(dice, names, (Role::DistrictOfficer, "家庭教育指导中心干事"), district, None, cast)?;
    office.officer(dice, names, (Role::DistrictAdmin, "信息中心主任"), district, None, cast)?;
    office.officer(dice, names, (Role::Auditor, "审计员"), district, None, cast)?;
    for (town, id) in plan.towns.iter().zip(&above.towns) {
        office.officer(dice, names, (Role::TownOfficer, "社会事务办干事"), (*id, town.name), None, cast)?;
        office.officer(dice, names, (Role::Supervisor, "责任督学"), (*id, town.name), None, cast)?;
    }
    for (name, id) in AGENCIES.into_iter().zip(&above.agencies) {
        office.officer(dice, names, (Role::AgencyOfficer, "干事"), (*id, name), None, cast)?;
    }
    for (name, id) in COMMUNITIES.into_iter().zip(&above.communities) {
        office.officer(dice, names, (Role::CommunityWorker, "社区干事"), (*id, name), None, cast)?;
    }
    Ok(())
}

/// Activities of towns.
pub(super) fn activities(sink: &mut Sink, books: &Books<'_>, above: &Above, seed: u64) -> Result<()> {
    let dice = &mut Dice::of(seed, Part::Officers.of(1));
    above.towns.iter().try_for_each(|town| acts::of_unit(sink, dice, books, *town, above.officer))
}
