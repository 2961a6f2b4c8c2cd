//! A letter to oneself, to see whether a channel works.

use super::settable;
use crate::channel::{Channels, Letter, Sent, Way, state};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::audit;
use gongyu_web::filters;
use gongyu_web::{App, Flash, Get, Holder, Reply, Slow};

#[derive(Template)]
#[template(path = "desk/test.html")]
struct Try {
    way: Way,
    title: String,
    to: String,
    hint: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let way = settable(&g.req.param::<String>("channel")?)?;
    let page = Try {
        way,
        title: g.t(&format!("way-{}", way.code())),
        to: g.value("to", "").to_owned(),
        hint: g.t(&format!("delivery-test-{}", way.code())),
        refusal: g.refusal(),
    };
    g.page(g.t("delivery-test-title"), "delivery", &page)
}

pub(super) async fn save(slow: Slow) -> Result<Reply> {
    let actor = slow.signed()?.clone();
    actor.may(Action::ManageDelivery)?;
    let way = settable(&slow.req.param::<String>("channel")?)?;
    let to = slow.req.form.get("to").to_owned();
    if to.is_empty() {
        return Err(Error::conflict("delivery-test-to-whom"));
    }
    let (app, client) = (slow.app.clone(), slow.req.client.clone());
    let sent = tokio::task::spawn_blocking(move || send(&app, way, &to)).await.map_err(Error::internal)??;
    let app = slow.app.clone();
    let kept = sent.clone();
    app.db
        .write(move |tx| {
            state::note(tx, way, &[&kept])?;
            let detail = format!("{{\"channel\":\"{}\"}}", way.code());
            let entry = audit::Entry {
                account: Some(actor.account),
                hat: &actor.hat.code(),
                action: "delivery.test",
                object_kind: "channel",
                object: None,
                school: None,
                detail: &detail,
                client: &client,
            };
            audit::note(tx, &entry)
        })
        .await?;
    match sent {
        Sent::Taken(_) => Ok(Reply::to_with(format!("/delivery/{}", way.code()), Flash::new("delivery-test-sent"))),
        Sent::Later(why) | Sent::Refused(why) | Sent::Gone(why) | Sent::Lost(why) => {
            Err(Error::Conflict(gongyu_kernel::error::Code::new("delivery-test-failed").arg("why", why)))
        }
    }
}

fn send(app: &App, way: Way, to: &str) -> Result<Sent> {
    let on = app.clone();
    let channels = app.db.read_wait(move |r| Channels::open(&on, r))?;
    let Some(channel) = channels.get(way) else { return Err(Error::conflict("delivery-test-off")) };
    let id: Id = app.db.write_wait(|tx| Ok(tx.new_id()))?;
    let view = gongyu_web::show::View::plain(app, gongyu_kernel::i18n::Lang::default());
    let (title, body) = (view.t("delivery-test-letter-title"), view.t("delivery-test-letter"));
    let values = [("title", title.clone()), ("code", "000000".to_owned()), ("minutes", "5".to_owned())];
    let href = app.config.link_base();
    let letter =
        Letter { id, to, title: &title, body: &body, href: &href, template: "any", values: &values, urgent: true };
    Ok(channel.send(&letter))
}
