//! The units as one flat list, for the command line.

use crate::unit::UnitKind;
use gongyu_kernel::Result;
use gongyu_store::{record, sql};
use gongyu_web::App;

record! {
    /// One open unit.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UnitLine {
        /// Code; empty for most units that are not schools.
        pub code: String,
        /// Kind of school for a school, else kind of unit, as its key.
        pub kind: String,
        /// Name.
        pub name: String,
        /// Code of the unit above, or its name when it has none; empty for the district.
        pub parent: String,
    }
}

/// The open units from the district down to the schools, agencies and community sites; classes are left out.
///
/// # Errors
/// As any statement.
pub fn unit_list(app: &App) -> Result<Vec<UnitLine>> {
    let class = UnitKind::Class;
    app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT u.code, COALESCE(u.school_kind, u.kind), u.name,
                         CASE WHEN COALESCE(p.code, '') <> '' THEN p.code ELSE COALESCE(p.name, '') END
                  FROM unit u LEFT JOIN unit p ON p.id = u.parent_id
                  WHERE u.kind <> $1 AND u.valid_to IS NULL
                  ORDER BY CASE u.kind WHEN 'district' THEN 0 WHEN 'town' THEN 1 WHEN 'school' THEN 2 ELSE 3 END,
                           u.name_key, u.id"
            ),
            &[&class],
        )
    })
}
