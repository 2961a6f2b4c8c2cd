//! E-mail by SMTP. The steps are taken one by one, because only before the message itself is handed over can a
//! broken connection mean that surely nothing went out.

use super::setting::{self, Secret, Settings};
use super::{Channel, Letter, Sent};
use gongyu_web::App;
use lettre::address::Envelope;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use parking_lot::Mutex;
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(15);

pub(super) struct Email {
    setting: setting::Email,
    secret: Secret,
    site: String,
    idle: Mutex<Vec<SmtpConnection>>,
}

impl Email {
    pub(super) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        let idle = Mutex::new(Vec::new());
        Self { setting: settings.email.clone(), secret, site: app.config.link_base(), idle }
    }

    fn connect(&self) -> Result<SmtpConnection, String> {
        while let Some(mut open) = { self.idle.lock().pop() } {
            if open.test_connected() {
                return Ok(open);
            }
        }
        let (host, says) = (self.setting.host.as_str(), |e: SmtpError| e.to_string());
        let tls = self.setting.tls.as_str();
        let local = matches!(host, "localhost" | "127.0.0.1" | "::1");
        if tls == "none" && !local {
            return Err("an unencrypted connection is only made to this machine itself".to_owned());
        }
        let usual = if tls == "starttls" { 587 } else { 465 };
        let port = if self.setting.port == 0 { usual } else { self.setting.port };
        let name = ClientId::Domain(domain_of(&self.setting.from).to_owned());
        let parameters = || TlsParameters::new(host.to_owned()).map_err(says);
        let wrapped = if tls == "none" || tls == "starttls" { None } else { Some(parameters()?) };
        let mut open =
            SmtpConnection::connect((host, port), Some(WAIT), &name, wrapped.as_ref(), None).map_err(says)?;
        if tls == "starttls" {
            open.starttls(&parameters()?, &name).map_err(says)?;
        }
        if !self.setting.user.is_empty() {
            let who = Credentials::new(self.setting.user.clone(), self.secret.key.clone());
            open.auth(&[Mechanism::Plain, Mechanism::Login], &who).map_err(says)?;
        }
        Ok(open)
    }

    fn message(&self, letter: &Letter<'_>) -> Result<(Envelope, Vec<u8>), String> {
        let from = self.setting.from.parse().map_err(|e| format!("sender: {e}"))?;
        let to = letter.to.parse().map_err(|e| format!("address: {e}"))?;
        let name = (!self.setting.from_name.is_empty()).then(|| self.setting.from_name.clone());
        let mut text = letter.body.to_owned();
        for more in [letter.href, &format!("{}/me/channels", self.site)] {
            if !more.is_empty() {
                text.push_str("\n\n");
                text.push_str(more);
            }
        }
        let message = Message::builder()
            .from(Mailbox::new(name, from))
            .to(Mailbox::new(None, to))
            .subject(letter.title)
            .message_id(Some(format!("<{}@{}>", letter.id, domain_of(&self.setting.from))))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|e| e.to_string())?;
        Ok((message.envelope().clone(), message.formatted()))
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain.trim())
}

impl Channel for Email {
    fn at_once(&self) -> usize {
        4
    }

    fn send(&self, letter: &Letter<'_>) -> Sent {
        let (envelope, bytes) = match self.message(letter) {
            Ok(message) => message,
            Err(why) => return Sent::Refused(why),
        };
        let mut open = match self.connect() {
            Ok(open) => open,
            Err(why) => return Sent::Later(why),
        };
        match open.send(&envelope, &bytes) {
            Ok(response) => {
                self.idle.lock().push(open);
                Sent::Taken(response.first_line().unwrap_or_default().chars().take(120).collect())
            }
            Err(e) if e.is_transient() => Sent::Later(e.to_string()),
            Err(e) if e.is_permanent() || e.is_client() => Sent::Refused(e.to_string()),
            Err(e) => Sent::Lost(e.to_string()),
        }
    }
}
