//! The tables that the demo writes in bulk, and their columns in the order of its rows.

use super::sink::Table;
use gongyu_ledger::touch;
use gongyu_registry::people;

pub(super) static FAMILY: Table = Table { name: "family", columns: &["id", "created_at"] };
pub(super) static STUDENT: Table = Table {
    name: "student",
    columns: &[
        "id",
        "school_id",
        "class_id",
        "family_id",
        "name",
        "name_key",
        "sex",
        "birth_date",
        "state",
        "number_in_class",
        "left_behind",
        "migrant",
        "boarding",
        "special",
        "id_blind",
        "roll_blind",
        "sealed",
        "row_hash",
        "joined_on",
        "left_on",
        "created_at",
        "updated_at",
    ],
};
pub(super) static ENROLMENT: Table = Table {
    name: "enrolment",
    columns: &["id", "school_id", "student_id", "class_id", "valid_from", "valid_to", "reason", "recorded_at"],
};
pub(super) static GUARDIAN: Table = Table { name: "guardian", columns: people::GUARDIAN_COLUMNS };
pub(super) static GUARDIANSHIP: Table = Table { name: "guardianship", columns: people::GUARDIANSHIP_COLUMNS };
pub(super) static TERMS: Table = Table { name: "search_record", columns: &["kind", "object_id", "terms"] };
pub(super) static GRAM: Table = Table { name: "search_gram", columns: &["gram", "kind", "object_id", "school_id"] };
pub(super) static ACCOUNT: Table = Table {
    name: "account",
    columns: &[
        "id",
        "name",
        "guardian_id",
        "must_change",
        "totp_step",
        "state",
        "failures",
        "locked_until",
        "lang",
        "theme",
        "text_size",
        "created_at",
        "last_sign_in_at",
    ],
};
pub(super) static CONSENT: Table = Table {
    name: "consent",
    columns: &["id", "school_id", "guardian_id", "student_id", "notice_version", "given_at", "client"],
};
pub(super) static TOUCH: Table = Table { name: "touch", columns: touch::COLUMNS };
pub(super) static ANSWER: Table =
    Table { name: "touch_answer", columns: &["id", "touch_id", "school_id", "guardian_id", "happened", "at"] };

pub(super) static CONTACT: Table = Table {
    name: "contact_record",
    columns: &[
        "id",
        "school_id",
        "class_id",
        "staff_id",
        "account_id",
        "occurred_on",
        "channel",
        "tone",
        "note",
        "client_key",
        "made_at",
    ],
};
pub(super) static VISIT: Table = Table {
    name: "visit",
    columns: &[
        "id",
        "school_id",
        "class_id",
        "family_id",
        "lead_staff_id",
        "lead_role",
        "made_by",
        "reason",
        "trigger_code",
        "state",
        "school_year",
        "day",
        "way",
        "offers",
        "version",
        "sealed",
        "semester",
        "recorded_at",
        "recorded_by",
        "client_key",
        "created_at",
        "updated_at",
        "reminded_for",
    ],
};
pub(super) static VISIT_CHILD: Table =
    Table { name: "visit_child", columns: &["visit_id", "student_id", "school_id", "class_id"] };
pub(super) static VISIT_VERSION: Table = Table {
    name: "visit_version",
    columns: &["visit_id", "version", "school_id", "account_id", "client_key", "saved_at", "complete", "sealed"],
};
pub(super) static VISIT_FINDING: Table = Table {
    name: "visit_finding",
    columns: &["visit_id", "student_id", "school_id", "class_id", "semester", "theme", "risk"],
};
pub(super) static VISIT_MEASURE: Table = Table {
    name: "visit_measure",
    columns: &[
        "id",
        "school_id",
        "class_id",
        "visit_id",
        "measure_key",
        "what",
        "owner",
        "owner_staff_id",
        "due_on",
        "state",
        "outcome",
        "closed_at",
    ],
};
pub(super) static NUMBER: Table =
    Table { name: "number_request", columns: &["id", "school_id", "student_id", "guardian_id", "sealed", "made_at"] };
