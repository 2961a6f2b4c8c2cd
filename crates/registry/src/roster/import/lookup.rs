//! Finding many records by blind indexes or names with few statements.

use gongyu_kernel::Result;
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::{FromRow, Reader, ToValue, list_spec};

const AT_ONCE: usize = 40;

macro_rules! forty {
    ($column:literal) => {
        concat!(
            $column,
            " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
               $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)"
        )
    };
}

list_spec! {
    /// Pupils by what tells them apart.
    pub(super) static PUPILS = ListSpec {
        name: "roster-pupils",
        columns: "s.id, s.school_id, s.class_id, s.state, s.id_blind, s.roll_blind, s.row_hash, s.name, s.birth_date,
                  s.left_behind",
        from: "FROM student s WHERE s.id > 0",
        fixed: 0,
        filters: &[
            Filter { name: "id", sql: forty!("s.id_blind"), params: AT_ONCE },
            Filter { name: "roll", sql: forty!("s.roll_blind"), params: AT_ONCE },
            Filter { name: "name", sql: forty!("s.name"), params: AT_ONCE },
        ],
        orders: &[Order { name: "id", keys: &[("s.id", false)] }],
        groups: &[],
    };
}

list_spec! {
    /// Pupils by the telephones of those who are their family today.
    pub(super) static CHILDREN = ListSpec {
        name: "roster-children",
        columns: "s.id, s.school_id, s.class_id, s.state, s.id_blind, s.roll_blind, s.row_hash, s.name, s.birth_date,
                  s.left_behind, g.phone_blind",
        from: "FROM guardian g JOIN guardianship k ON k.guardian_id = g.id JOIN student s ON s.id = k.student_id
               WHERE k.valid_to IS NULL",
        fixed: 0,
        filters: &[Filter { name: "phone", sql: forty!("g.phone_blind"), params: AT_ONCE }],
        orders: &[Order { name: "id", keys: &[("s.id", false), ("g.id", false)] }],
        groups: &[],
    };
}

list_spec! {
    /// Guardians by what tells them apart.
    pub(super) static GUARDIANS = ListSpec {
        name: "roster-guardians",
        columns: "g.id, g.name, g.phone_blind, g.id_blind",
        from: "FROM guardian g WHERE g.id > 0",
        fixed: 0,
        filters: &[
            Filter { name: "id", sql: forty!("g.id_blind"), params: AT_ONCE },
            Filter { name: "phone", sql: forty!("g.phone_blind"), params: AT_ONCE },
        ],
        orders: &[Order { name: "id", keys: &[("g.id", false)] }],
        groups: &[],
    };
}

/// The records whose key is one of `texts`.
pub(super) fn find_many<T: FromRow, S: AsRef<str>>(
    r: &mut Reader,
    spec: &'static ListSpec,
    filter: &str,
    texts: &[S],
) -> Result<Vec<T>> {
    let mut out = Vec::new();
    for chunk in texts.chunks(AT_ONCE) {
        let chunk: Vec<&str> = chunk.iter().map(AsRef::as_ref).collect();
        let mut params: Vec<&dyn ToValue> = chunk.iter().map(|text| text as &dyn ToValue).collect();
        params.resize(AT_ONCE, &chunk[0]);
        spec.query(&[]).filter(filter, &params).every(r, |row| {
            out.push(row);
            Ok(())
        })?;
    }
    Ok(out)
}
