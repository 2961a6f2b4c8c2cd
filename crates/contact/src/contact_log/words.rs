//! How a contact is shown: icons, colours, words.

use super::rules::Advice;
use gongyu_ledger::rules::{Channel, Tone};
use gongyu_registry::people::Relation;
use gongyu_web::show::View;

/// Colour of a tone, as a class.
pub const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Neutral => "plain",
        Tone::Concern => "care",
        Tone::Complaint => "blame",
    }
}

/// Icon of a tone.
pub const fn tone_icon(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "sun",
        Tone::Neutral => "message",
        Tone::Concern => "mood-heart",
        Tone::Complaint => "f-alert-triangle",
    }
}

/// Icon of a way.
pub const fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "phone",
        Channel::Wechat => "message-circle",
        Channel::AtSchool => "school",
        Channel::HomeVisit => "home-heart",
        Channel::InApp => "bell",
        Channel::Sms => "device-mobile",
        Channel::Paper => "file-text",
        Channel::Video => "device-desktop",
        Channel::Event => "users-group",
    }
}

/// Message key of an advice.
pub const fn advice_key(advice: Advice) -> &'static str {
    match advice {
        Advice::TwoComplaints => "contact-advice-two-complaints",
        Advice::OnlyComplaint => "contact-advice-only-complaint",
    }
}

/// What a guardian is to a child: the everyday word where there is one.
pub fn relation_words(view: &View, relation: Relation, kin: &str) -> String {
    if kin.is_empty() { view.t(&format!("contact-relation-{}", relation.code())) } else { kin.to_owned() }
}

/// What a person is called by in a round mark: the last character of the name, as the family name is shared by many.
pub fn mark(name: &str) -> String {
    name.chars().last().map(String::from).unwrap_or_default()
}
