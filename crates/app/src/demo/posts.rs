//! The posts of a school and the invented people in them.

use super::dice::Dice;
use super::family::Numbers;
use super::names::{Age, Names};
use super::plan::SchoolPlan;
use super::pupil::is_shown;
use gongyu_access::Role;
use gongyu_registry::roster::class_label::SchoolKind;
use gongyu_registry::roster::values::Sex;
use std::collections::HashMap;

/// Where a person of a list works: the school itself, or some of its classes.
#[derive(Clone)]
pub(super) enum At {
    Whole,
    Classes(Vec<usize>),
}

/// A person in a post.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) name: String,
    pub(super) woman: bool,
    pub(super) login: String,
    pub(super) title: &'static str,
    pub(super) phone: String,
    pub(super) role: Role,
    pub(super) at: At,
}

impl Post {
    /// Whether this is the class teacher of a class.
    pub(super) fn leads(&self, class: usize) -> bool {
        self.role == Role::ClassTeacher && self.works_in(class)
    }

    /// Whether the post is in a class.
    pub(super) fn works_in(&self, class: usize) -> bool {
        matches!(&self.at, At::Classes(list) if list.contains(&class))
    }
}

/// The class teacher of the drawings, who is nobody's mother here.
const SHOWN_TEACHER: &str = "林晓燕";

/// The class teacher of a school who is a mother in the next one: a person with two hats.
pub(super) fn mother_among(posts: &[Post]) -> Option<&Post> {
    posts.iter().find(|p| p.role == Role::ClassTeacher && p.woman && p.name != SHOWN_TEACHER)
}

/// Makes people for posts and remembers which login names and telephones are taken.
pub(super) struct Posts {
    year: i16,
    logins: HashMap<String, u32>,
    numbers: Numbers,
}

impl Posts {
    /// Nobody yet.
    pub(super) fn new(year: i16) -> Self {
        Self { year, logins: HashMap::new(), numbers: Numbers::of_staff() }
    }

    /// A login name nobody else has.
    fn login(&mut self, name: &str) -> String {
        let plain: String = sounds(name).chars().filter(char::is_ascii_lowercase).take(24).collect();
        let plain = if plain.len() < 3 { format!("teacher{plain}") } else { plain };
        let n = self.logins.entry(plain.clone()).or_default();
        *n += 1;
        if *n == 1 { plain } else { format!("{plain}{n}") }
    }

    /// Somebody for a post; `known` when the drawings say who.
    pub(super) fn post(
        &mut self,
        dice: &mut Dice,
        names: &Names,
        (role, title): (Role, &'static str),
        at: At,
        known: Option<&str>,
    ) -> Post {
        let woman = known == Some(SHOWN_TEACHER)
            || title.contains("园长")
            || dice.chance(if matches!(at, At::Whole) { 0.5 } else { 0.75 });
        let sex = if woman { Sex::Female } else { Sex::Male };
        let surname = names.surname(dice);
        let name = known.map_or_else(|| names.full(dice, surname, sex, Age::Parent), str::to_owned);
        Post { login: self.login(&name), name, title, woman, phone: self.numbers.phone(), role, at }
    }

    /// The posts of a school, its leader first.
    pub(super) fn of_school(&mut self, dice: &mut Dice, names: &Names, plan: &SchoolPlan) -> Vec<Post> {
        let small = plan.kind == SchoolKind::Kindergarten;
        let titles =
            if small { ["园长", "保教主任", "教务"] } else { ["校长", "德育主任", "教务主任"] };
        let roles = [Role::SchoolLeader, Role::MoralDirector, Role::Registrar];
        // The drawings name these two.
        let director = (plan.index == 2).then_some("沈怀瑾");
        let mut posts: Vec<Post> = roles
            .into_iter()
            .zip(titles)
            .map(|head| {
                let known = director.filter(|_| head.0 == Role::MoralDirector);
                self.post(dice, names, head, At::Whole, known)
            })
            .collect();
        if !small && (plan.index < 2 || dice.chance(0.75)) {
            posts.push(self.post(dice, names, (Role::Counsellor, "心理教师"), At::Whole, None));
        }
        for (at, class) in plan.classes.iter().enumerate() {
            let known = is_shown(plan, class, self.year).then_some(SHOWN_TEACHER);
            let title = if small {
                "班主任"
            } else {
                *dice.pick(&["语文教师", "数学教师", "语文教师", "英语教师"])
            };
            posts.push(self.post(dice, names, (Role::ClassTeacher, title), At::Classes(vec![at]), known));
        }
        for from in (0..plan.classes.len()).step_by(3) {
            let classes: Vec<usize> = (from..plan.classes.len().min(from + 3)).collect();
            let title = if small {
                "幼儿教师"
            } else {
                *dice.pick(&["体育教师", "科学教师", "美术教师", "英语教师"])
            };
            posts.push(self.post(dice, names, (Role::SubjectTeacher, title), At::Classes(classes), None));
        }
        posts
    }
}

/// The sounds of a name run together.
fn sounds(name: &str) -> String {
    let key = gongyu_store::search::sort_key(name);
    key.strip_suffix(name).unwrap_or(&key).to_owned()
}
