//! Children who share a guardian are one family: the families of a chunk, joined.

use super::guardians::{Family, Resolved};
use super::write::own;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Tx, sql};
use std::collections::{BTreeSet, HashMap};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Child(Id),
    Guardian(Id),
    Family(Id),
}

/// Nodes that belong together, by the usual union and find.
#[derive(Default)]
struct Groups {
    places: HashMap<Node, usize>,
    above: Vec<usize>,
}

impl Groups {
    fn place(&mut self, node: Node) -> usize {
        let next = self.above.len();
        let at = *self.places.entry(node).or_insert(next);
        if at == next {
            self.above.push(next);
        }
        at
    }

    fn top(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, one: Node, other: Node) {
        let (one, other) = (self.place(one), self.place(other));
        let (one, other) = (self.top(one), self.top(other));
        self.above[other] = one;
    }
}

/// Gives every child of the chunk its family: the oldest family its guardians already have, else a new one. Families that
/// turn out to be one are joined into the oldest.
pub(super) fn join(tx: &mut Tx, children: &[Family<'_>], resolved: &Resolved) -> Result<HashMap<Id, Id>> {
    let mut groups = Groups::default();
    let mut families = BTreeSet::new();
    for (at, child) in children.iter().enumerate() {
        groups.place(Node::Child(child.student));
        for guardian in resolved.of(at) {
            groups.join(Node::Child(child.student), Node::Guardian(*guardian));
        }
    }
    let old: Vec<Id> = children.iter().filter(|child| !child.is_new).map(|child| child.student).collect();
    let of_children: Vec<(Id, Id)> =
        tx.rows_in(sql!("SELECT id, family_id FROM student WHERE id IN ($1)"), &old, &[])?;
    for (child, family) in of_children {
        groups.join(Node::Child(child), Node::Family(family));
        families.insert(family);
    }
    let named: BTreeSet<Id> = (0..children.len()).flat_map(|at| resolved.of(at)).copied().collect();
    let known: Vec<Id> = named.into_iter().filter(|guardian| resolved.known.contains(guardian)).collect();
    let of_guardians: Vec<(Id, Id)> = tx.rows_in(
        sql!(
            "SELECT DISTINCT k.guardian_id, s.family_id FROM guardianship k JOIN student s ON s.id = k.student_id
              WHERE k.guardian_id IN ($1) AND k.valid_to IS NULL"
        ),
        &known,
        &[],
    )?;
    for (guardian, family) in of_guardians {
        groups.join(Node::Guardian(guardian), Node::Family(family));
        families.insert(family);
    }
    let mut family_of_group: HashMap<usize, Id> = HashMap::new();
    for family in families {
        let at = groups.place(Node::Family(family));
        let top = groups.top(at);
        match family_of_group.get(&top) {
            None => {
                family_of_group.insert(top, family);
            }
            Some(oldest) => {
                tx.exec(sql!("UPDATE student SET family_id = $1 WHERE family_id = $2"), &[oldest, &family])?;
            }
        }
    }
    let (mut made, mut out) = (Vec::new(), HashMap::new());
    let now = tx.now();
    for child in children {
        let at = groups.place(Node::Child(child.student));
        let top = groups.top(at);
        let family = *family_of_group.entry(top).or_insert_with(|| {
            let id = tx.new_id();
            made.push(vec![own(id), own(now)]);
            id
        });
        out.insert(child.student, family);
    }
    tx.insert_many("family", &["id", "created_at"], &made)?;
    Ok(out)
}
