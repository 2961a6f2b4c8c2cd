//! What the district has set for its channels. Secrets are sealed and lie apart from the rest.

use super::Way;
use gongyu_kernel::Result;
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

/// Key of the setting.
pub const SETTING: &str = "deliver-channels";
/// Seal name of `channel_state.secret_sealed`.
pub(crate) const SECRET: &str = "channel.secret";

/// The setting: which channels are on and how they are reached. Addresses of providers are settings too, for
/// districts that reach them through a gateway, and for tests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Text messages.
    pub sms: Sms,
    /// WeChat official account.
    pub wechat: Wechat,
    /// WeCom, school edition.
    pub wecom: Wecom,
    /// E-mail.
    pub email: Email,
    /// Web Push.
    pub push: Push,
}

/// Text messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sms {
    /// `aliyun`, `tencent`, or empty for none.
    pub provider: String,
    /// Address of the interface; empty for the provider's own.
    pub base: String,
    /// AccessKey ID or SecretId.
    pub key_id: String,
    /// Registered signature (短信签名).
    pub sign_name: String,
    /// SmsSdkAppId; Tencent Cloud only.
    pub app_id: String,
    /// Region; Tencent Cloud only.
    pub region: String,
    /// Registered templates, one a line: `notice = SMS_123: title, link`.
    pub templates: String,
}

/// WeChat official account (公众号, service account).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wechat {
    /// Switched on.
    pub on: bool,
    /// Address of the interface; empty for WeChat's own.
    pub base: String,
    /// AppID.
    pub app_id: String,
    /// Templates, one a line: `notice = TEMPLATE: thing1=title, time2=deadline`.
    pub templates: String,
}

/// WeCom (企业微信), school edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wecom {
    /// Switched on.
    pub on: bool,
    /// Address of the interface; empty for WeCom's own.
    pub base: String,
    /// CorpID.
    pub corp_id: String,
    /// AgentId of the school notice application.
    pub agent_id: String,
    /// Department of the directory from which parents are taken; 1 is the root.
    pub department: String,
}

/// E-mail by SMTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Email {
    /// Switched on.
    pub on: bool,
    /// Server.
    pub host: String,
    /// Port; 0 for the usual one of `tls`.
    pub port: u16,
    /// `tls` (465), `starttls` (587), or `none`, which only a loopback server gets.
    pub tls: String,
    /// User name; empty for none.
    pub user: String,
    /// Sender's address.
    pub from: String,
    /// Sender's name.
    pub from_name: String,
}

/// Web Push.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Push {
    /// Switched on.
    pub on: bool,
    /// Whom a push service may write to: `mailto:…` or `https://…`.
    pub contact: String,
    /// Public key, made with the secret one.
    pub public_key: String,
    /// Hosts of push services besides the well-known ones, separated by blanks.
    pub hosts: String,
}

/// Secrets of a channel.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Secret {
    /// AccessKey secret, SecretKey, AppSecret, corporation secret, SMTP password, or private key.
    pub key: String,
    /// In the address to which a provider reports, so that nobody else can; WeChat's token.
    pub report: String,
    /// WeChat's EncodingAESKey; empty where its calls come in plain.
    pub seal: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Settings {
    /// Reads the setting.
    ///
    /// # Errors
    /// As any statement.
    pub fn load(r: &mut Reader) -> Result<Self> {
        settings::get_or_default(r, SETTING)
    }

    /// Keeps the setting.
    ///
    /// # Errors
    /// As any statement.
    pub fn save(&self, tx: &mut Tx) -> Result<()> {
        settings::put(tx, SETTING, self)
    }

    /// Whether a channel is switched on.
    pub fn is_on(&self, way: Way) -> bool {
        match way {
            Way::Sms => matches!(self.sms.provider.as_str(), "aliyun" | "tencent"),
            Way::Wechat => self.wechat.on,
            Way::Wecom => self.wecom.on,
            Way::Email => self.email.on,
            Way::Push => self.push.on && !self.push.public_key.is_empty(),
            Way::App => true,
        }
    }
}

/// An address of an interface without a slash at its end, or the usual one.
pub(crate) fn base<'a>(set: &'a str, usual: &'a str) -> &'a str {
    if set.trim().is_empty() { usual } else { set.trim().trim_end_matches('/') }
}
