//! Invented families: who cares for a child, who is away, who has a telephone, and who has siblings.

use super::dice::Dice;
use super::names::{Age, Names};
use gongyu_kernel::{Date, Id};
use gongyu_registry::people::Relation;
use gongyu_registry::roster::id_number::check_character;
use gongyu_registry::roster::values::{Ethnicity, LeftBehind, Sex};
use jiff::civil::date;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Region digits of every invented identity number: Chongqing's 5001 with 99, which no district has.
const REGION: &str = "500199";
/// Telephones of the demo begin here. 199 0000 is no block an operator hands out to families; nothing is
/// ever sent from a demo, but a slip should ring nowhere.
const FIRST_PHONE: u64 = 19_900_000_000;
/// Telephones of staff begin here, apart from those of families.
const FIRST_STAFF_PHONE: u64 = 19_909_000_000;
/// Telephones that guardians ask to have instead begin here.
const FIRST_REQUESTED_PHONE: u64 = 19_908_000_000;
/// Families of a town that may still get a child in another school.
const OPEN_FAMILIES: usize = 900;

/// Hands out numbers no two people share.
pub(super) struct Numbers {
    by_day: HashMap<Date, [u16; 2]>,
    first_phone: u64,
    phones: u64,
}

impl Numbers {
    /// Numbers of families.
    fn of_families() -> Self {
        Self { by_day: HashMap::new(), first_phone: FIRST_PHONE, phones: 0 }
    }

    /// Numbers of staff.
    pub(super) fn of_staff() -> Self {
        Self { by_day: HashMap::new(), first_phone: FIRST_STAFF_PHONE, phones: 0 }
    }

    /// Numbers that guardians ask to have instead of theirs: of their own, so that asking moves nobody else's number.
    pub(super) fn of_requests() -> Self {
        Self { by_day: HashMap::new(), first_phone: FIRST_REQUESTED_PHONE, phones: 0 }
    }

    /// An identity number with a valid check character.
    pub(super) fn id_number(&mut self, birth: Date, sex: Sex) -> String {
        let woman = usize::from(sex == Sex::Female);
        let used = &mut self.by_day.entry(birth).or_default()[woman];
        let sequence = (u32::from(*used) * 2 + 1 - woman as u32) % 1000;
        *used += 1;
        let first = format!("{REGION}{}{sequence:03}", birth.strftime("%Y%m%d"));
        let check = check_character(&first).unwrap_or('X');
        format!("{first}{check}")
    }

    /// A telephone number; neighbours in the list do not share their last four digits.
    pub(super) fn phone(&mut self) -> String {
        let (block, place) = (self.phones / 10_000, self.phones % 10_000);
        self.phones += 1;
        (self.first_phone + block * 10_000 + (place * 7_919 + 1_246) % 10_000).to_string()
    }
}

/// A guardian.
pub(super) struct Person {
    pub(super) name: String,
    /// Empty where the family gave none.
    pub(super) id_number: String,
    pub(super) phone: Option<String>,
    pub(super) work: &'static str,
    /// Set once the guardian uses the product.
    pub(super) account: Cell<Option<Id>>,
    /// Set once the guardian is in the database.
    pub(super) id: Cell<Option<Id>>,
}

/// What a person of the family is to its children.
pub(super) struct Tie {
    pub(super) person: usize,
    pub(super) relation: Relation,
    pub(super) kin: &'static str,
    pub(super) is_guardian: bool,
}

/// A family.
pub(super) struct Family {
    pub(super) surname: String,
    pub(super) ethnicity: Ethnicity,
    pub(super) people: Vec<Person>,
    pub(super) ties: Vec<Tie>,
    pub(super) away: LeftBehind,
    pub(super) migrant: bool,
    pub(super) orphan: bool,
    pub(super) address: String,
    pub(super) kids: RefCell<Vec<Date>>,
    /// Set once the family is in the database.
    pub(super) id: Cell<Option<Id>>,
}

impl Family {
    /// Whether anybody in it can be called.
    pub(super) fn has_phone(&self) -> bool {
        self.people.iter().any(|p| p.phone.is_some())
    }

    fn may_have(&self, birth: Date) -> bool {
        let kids = self.kids.borrow();
        kids.len() < 3 && kids.iter().all(|other| (birth - *other).get_days().abs() > 400)
    }
}

/// Makes families and remembers those that may still grow.
pub(super) struct Families {
    pub(super) numbers: Numbers,
    open: Vec<Vec<Rc<Family>>>,
}

/// Where a family lives.
#[derive(Clone, Copy)]
pub(super) struct Home<'a> {
    pub(super) town: usize,
    pub(super) town_name: &'a str,
    pub(super) rural: bool,
}

impl Families {
    /// None yet.
    pub(super) fn new(towns: usize) -> Self {
        Self { numbers: Numbers::of_families(), open: (0..towns).map(|_| Vec::new()).collect() }
    }

    /// A family for a child born on a day: one with an older or younger child already, or a new one.
    pub(super) fn family_for(&mut self, dice: &mut Dice, names: &Names, home: Home<'_>, birth: Date) -> Rc<Family> {
        if dice.chance(0.2) {
            let open = &self.open[home.town];
            for _ in 0..3 {
                if let Some(found) = open.get(dice.below(open.len()))
                    && found.may_have(birth)
                {
                    found.kids.borrow_mut().push(birth);
                    return found.clone();
                }
            }
        }
        let surname = names.surname(dice).to_owned();
        let made = Rc::new(self.found(dice, names, home, &surname, birth, None));
        self.remember(dice, home.town, &made);
        made
    }

    fn remember(&mut self, dice: &mut Dice, town: usize, family: &Rc<Family>) {
        let open = &mut self.open[town];
        if open.len() < OPEN_FAMILIES {
            open.push(family.clone());
        } else if dice.chance(0.4) {
            let at = dice.below(open.len());
            open[at] = family.clone();
        }
    }

    /// A new family; `mother` names a mother who is somebody already known.
    pub(super) fn found(
        &mut self,
        dice: &mut Dice,
        names: &Names,
        home: Home<'_>,
        surname: &str,
        birth: Date,
        mother: Option<&str>,
    ) -> Family {
        let draw = dice.share();
        let (both, one) = if home.rural { (0.15, 0.12) } else { (0.015, 0.03) };
        let orphan = mother.is_none() && dice.chance(0.0015);
        let away = match draw {
            _ if mother.is_some() || orphan => LeftBehind::None,
            d if d < both => LeftBehind::BothParents,
            d if d < both + one => LeftBehind::OneParent,
            _ => LeftBehind::None,
        };
        let migrant = mother.is_none() && away == LeftBehind::None && dice.chance(if home.rural { 0.01 } else { 0.1 });
        let silent = mother.is_none() && dice.chance(if home.rural { 0.035 } else { 0.008 });
        let wanted = circle(dice, away, orphan, mother.is_some());
        let parent_birth = birth.year() - i16::try_from(dice.between(22, 34)).unwrap_or(27);
        let (mut people, mut ties) = (Vec::new(), Vec::new());
        for (person, (relation, kin, is_guardian)) in wanted.into_iter().enumerate() {
            let given = mother.filter(|_| relation == Relation::Mother);
            people.push(self.person(dice, names, surname, relation, kin, parent_birth, silent, given));
            ties.push(Tie { person, relation, kin, is_guardian });
        }
        Family {
            surname: surname.to_owned(),
            ethnicity: ethnicity(dice),
            people,
            ties,
            away,
            migrant,
            orphan,
            address: address(dice, home),
            kids: RefCell::new(vec![birth]),
            id: Cell::new(None),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a person is described by as much, and only here")]
    fn person(
        &mut self,
        dice: &mut Dice,
        names: &Names,
        surname: &str,
        relation: Relation,
        kin: &str,
        parent_birth: i16,
        silent: bool,
        given: Option<&str>,
    ) -> Person {
        let elder = relation == Relation::Grandparent;
        let sex = match (relation, kin) {
            (Relation::Father, _) | (_, "爷爷" | "外公" | "叔叔") => Sex::Male,
            _ => Sex::Female,
        };
        let own = match (relation, kin) {
            (Relation::Father, _) | (_, "爷爷" | "姑姑" | "叔叔") => surname,
            _ => names.surname(dice),
        };
        let age = if elder { Age::Elder } else { Age::Parent };
        let name = given.map_or_else(|| names.full(dice, own, sex, age), str::to_owned);
        let year = if elder { parent_birth - 24 } else { parent_birth };
        let month = i8::try_from(dice.between(1, 12)).unwrap_or(1);
        let day = i8::try_from(dice.between(1, 28)).unwrap_or(1);
        let id_number =
            if dice.chance(0.8) { self.numbers.id_number(date(year, month, day), sex) } else { String::new() };
        let reachable = !silent && dice.chance(if elder { 0.72 } else { 0.985 });
        let phone = reachable.then(|| self.numbers.phone());
        let work = WORK[dice.below(WORK.len())];
        Person { name, id_number, phone, work, account: Cell::new(None), id: Cell::new(None) }
    }
}

const WORK: [&str; 10] =
    ["务农", "个体经营", "外出务工", "工厂职工", "超市店员", "快递员", "医院护士", "社区工作者", "建筑工人", ""];

type Wanted = Vec<(Relation, &'static str, bool)>;

/// Who is named for a child, the one to call first in front.
fn circle(dice: &mut Dice, away: LeftBehind, orphan: bool, keep_mother: bool) -> Wanted {
    let (mother, father) = ((Relation::Mother, "", true), (Relation::Father, "", true));
    let elder = (Relation::Grandparent, *dice.pick(&["爷爷", "奶奶", "外婆", "外公", "奶奶"]), !keep_mother);
    if orphan {
        let other = (Relation::Other, *dice.pick(&["姑姑", "叔叔"]), true);
        return if dice.chance(0.7) { vec![elder] } else { vec![other] };
    }
    match away {
        LeftBehind::BothParents if dice.chance(0.5) => vec![elder, mother],
        LeftBehind::BothParents => vec![elder, father],
        LeftBehind::OneParent => vec![mother, father],
        LeftBehind::None if keep_mother => vec![mother, father],
        LeftBehind::None => match dice.below(100) {
            0..=3 => vec![mother],
            4 => vec![father],
            5..=10 => vec![mother, elder],
            11..=12 => vec![father, elder],
            13..=38 => vec![father, mother],
            _ => vec![mother, father],
        },
    }
}

fn ethnicity(dice: &mut Dice) -> Ethnicity {
    match dice.below(1000) {
        0..=17 => Ethnicity::Tujia,
        18..=29 => Ethnicity::Miao,
        30..=32 => Ethnicity::Yi,
        33..=34 => Ethnicity::Hui,
        _ => Ethnicity::Han,
    }
}

fn address(dice: &mut Dice, home: Home<'_>) -> String {
    const VILLAGES: [&str; 8] = ["柳溪村", "大石村", "梨树村", "桥头村", "回龙村", "高庙村", "青岗村", "双堰村"];
    const ROADS: [&str; 8] = ["望江路", "云岭大道", "梧桐路", "桂花巷", "临溪街", "学府路", "正街", "滨河路"];
    if home.rural {
        const GROUPS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];
        format!("云岭区{}{}{}组{}号", home.town_name, dice.pick(&VILLAGES), dice.pick(&GROUPS), dice.between(1, 90))
    } else {
        let (house, floor) = (dice.between(1, 30), dice.between(1, 28));
        format!(
            "云岭区{}{}{}号{house}幢{floor}-{}",
            home.town_name,
            dice.pick(&ROADS),
            dice.between(1, 260),
            dice.between(1, 6)
        )
    }
}
