//! The field-class table: how sensitive each column is. A column not named here is open.
//! Source of the classes: 个人信息保护法 arts 28 and 31 (a child under 14 is sensitive throughout),
//! 未成年人网络保护条例 art. 36 (least privilege, access recorded).

/// How a column is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Class {
    /// No personal content.
    Open,
    /// Personal: shown to those who work with the person.
    Personal,
    /// Sensitive: shown by need; never in a log line or an export without its own right.
    Sensitive,
    /// Sealed: encrypted in the database from the first day.
    Sealed,
}

/// Table, column and class.
pub const CLASSES: &[(&str, &str, Class)] = &[
    ("account", "login", Class::Personal),
    ("account", "name", Class::Personal),
    ("account", "password_hash", Class::Sensitive),
    ("account", "totp_sealed", Class::Sealed),
    ("sign_code", "phone_blind", Class::Sensitive),
    ("student", "name", Class::Personal),
    ("student", "name_key", Class::Personal),
    ("student", "birth_date", Class::Sensitive),
    ("student", "left_behind", Class::Sensitive),
    ("student", "migrant", Class::Sensitive),
    ("student", "special", Class::Sensitive),
    ("student", "id_blind", Class::Sensitive),
    ("student", "roll_blind", Class::Sensitive),
    ("student", "sealed", Class::Sealed),
    ("guardian", "name", Class::Personal),
    ("guardian", "phone_blind", Class::Sensitive),
    ("guardian", "id_blind", Class::Sensitive),
    ("guardian", "phone_sealed", Class::Sealed),
    ("guardian", "sealed", Class::Sealed),
    ("staff", "name", Class::Personal),
    ("staff", "name_key", Class::Personal),
    ("staff", "phone_blind", Class::Sensitive),
    ("staff", "phone_sealed", Class::Sealed),
    ("contact_record", "note", Class::Personal),
    ("import_row", "sealed", Class::Sealed),
    ("import_row", "name", Class::Personal),
    ("import_edit", "sealed", Class::Sealed),
    ("import_chunk", "sealed", Class::Sealed),
    ("import_chunk", "keys", Class::Sensitive),
    ("import_step", "before", Class::Sealed),
    ("search_record", "terms", Class::Personal),
    ("org_row", "sealed", Class::Sealed),
    ("org_row", "name", Class::Personal),
    ("number_request", "sealed", Class::Sealed),
    ("contact_card", "code_sealed", Class::Sealed),
    ("protected_note", "sealed", Class::Sealed),
    ("protected_note", "author_name", Class::Personal),
    ("protected_note_access", "name", Class::Personal),
    ("protected_note_access", "words", Class::Personal),
    ("visit", "sealed", Class::Sealed),
    ("visit_version", "sealed", Class::Sealed),
    ("visit_signature", "sealed", Class::Sealed),
    ("visit_finding", "theme", Class::Sensitive),
    ("visit_finding", "risk", Class::Sensitive),
    ("visit_measure", "what", Class::Personal),
    ("visit_measure", "outcome", Class::Personal),
    ("visit_task", "trigger_code", Class::Sensitive),
    ("visit_task", "words", Class::Personal),
    ("visit_answer", "words", Class::Personal),
    ("visit_invite", "words", Class::Personal),
    ("unreached_task", "reason", Class::Sensitive),
    ("unreached_task", "reason_words", Class::Personal),
    ("unreached_step", "words", Class::Personal),
    ("unreached_number", "sealed", Class::Sealed),
    ("unreached_number", "words", Class::Personal),
    ("calendar_feed", "secret_sealed", Class::Sealed),
    ("offline_device", "label", Class::Personal),
    ("offline_piece", "sealed", Class::Sealed),
    ("attachment", "name", Class::Personal),
    ("outgoing", "to_sealed", Class::Sealed),
    ("outgoing", "body_sealed", Class::Sealed),
    ("inbox_letter", "said_sealed", Class::Sealed),
    ("address", "address_sealed", Class::Sealed),
    ("address", "address_blind", Class::Sensitive),
    ("address_proof", "address_sealed", Class::Sealed),
    ("channel_state", "secret_sealed", Class::Sealed),
    ("channel_state", "token_sealed", Class::Sealed),
    ("notice", "author_name", Class::Personal),
    ("notice_answer", "body", Class::Sensitive),
];

/// The class of a column.
pub fn class_of(table: &str, column: &str) -> Class {
    CLASSES.iter().find(|(t, c, _)| *t == table && *c == column).map_or(Class::Open, |(_, _, class)| *class)
}
