//! What is asked for each channel: one list drives the form, its reading and its words.

use crate::channel::{Settings, Way};

/// How a field is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Never shown again; empty leaves it as it was.
    Secret,
    Lines,
    Tick,
    Choice(&'static [&'static str]),
}

/// One field of a channel.
pub(super) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub get: fn(&Settings) -> String,
    pub set: fn(&mut Settings, &str),
}

macro_rules! text {
    ($name:literal, $kind:expr, $group:ident.$field:ident) => {
        Field {
            name: $name,
            kind: $kind,
            get: |s| s.$group.$field.clone(),
            set: |s, v| v.clone_into(&mut s.$group.$field),
        }
    };
}
macro_rules! tick {
    ($group:ident) => {
        Field {
            name: "on",
            kind: Kind::Tick,
            get: |s| if s.$group.on { "on".to_owned() } else { String::new() },
            set: |s, v| s.$group.on = v == "on",
        }
    };
}
macro_rules! secret {
    ($name:literal) => {
        Field { name: $name, kind: Kind::Secret, get: |_| String::new(), set: |_, _| {} }
    };
}

/// The fields of a channel, in the order of its form.
pub(super) fn of(way: Way) -> Vec<Field> {
    match way {
        Way::Sms => vec![
            text!("provider", Kind::Choice(&["", "aliyun", "tencent"]), sms.provider),
            text!("key-id", Kind::Text, sms.key_id),
            secret!("key"),
            text!("sign-name", Kind::Text, sms.sign_name),
            text!("app-id", Kind::Text, sms.app_id),
            text!("region", Kind::Text, sms.region),
            text!("templates", Kind::Lines, sms.templates),
            secret!("report"),
            text!("base", Kind::Text, sms.base),
        ],
        Way::Wechat => vec![
            tick!(wechat),
            text!("app-id", Kind::Text, wechat.app_id),
            secret!("key"),
            text!("templates", Kind::Lines, wechat.templates),
            secret!("report"),
            secret!("seal-key"),
            text!("base", Kind::Text, wechat.base),
        ],
        Way::Wecom => vec![
            tick!(wecom),
            text!("corp-id", Kind::Text, wecom.corp_id),
            secret!("key"),
            text!("agent-id", Kind::Text, wecom.agent_id),
            text!("department", Kind::Text, wecom.department),
            text!("base", Kind::Text, wecom.base),
        ],
        Way::Email => vec![
            tick!(email),
            text!("host", Kind::Text, email.host),
            Field {
                name: "port",
                kind: Kind::Text,
                get: |s| if s.email.port == 0 { String::new() } else { s.email.port.to_string() },
                set: |s, v| s.email.port = v.parse().unwrap_or(0),
            },
            text!("tls", Kind::Choice(&["tls", "starttls", "none"]), email.tls),
            text!("user", Kind::Text, email.user),
            secret!("key"),
            text!("from", Kind::Text, email.from),
            text!("from-name", Kind::Text, email.from_name),
        ],
        Way::Push | Way::App => {
            vec![tick!(push), text!("contact", Kind::Text, push.contact), text!("hosts", Kind::Text, push.hosts)]
        }
    }
}
