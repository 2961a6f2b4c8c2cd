//! Binding WeChat and a browser's pushes.

use super::person;
use crate::channel::push::{Subscription, allowed};
use crate::channel::wechat::Wechat;
use crate::channel::{Settings, Way, sign, state};
use crate::choice::address::{self, NewAddress};
use crate::choice::proof;
use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use gongyu_kernel::{Error, Result};
use gongyu_paper::qr::QrMatrix;
use gongyu_store::audit;
use gongyu_web::filters;
use gongyu_web::{App, Flash, Get, Post, Reply, Signed, Slow};

/// Where codes of official accounts lead; nothing else is drawn as one.
const SCENE: &str = "http://weixin.qq.com/q/";
const BACK: &str = "/me/channels/wechat/back";

#[derive(Template)]
#[template(path = "mine/wechat.html")]
struct Bind {
    phone: bool,
    inside: bool,
    qr: String,
    view_box: usize,
    go: String,
    code: String,
    state: String,
    refusal: String,
}

/// WeChat's own browser names itself so.
fn inside(agent: Option<&str>) -> bool {
    agent.is_some_and(|a| a.contains("MicroMessenger"))
}

pub(super) fn show(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let settings = Settings::load(g.r)?;
    if !settings.wechat.on {
        return Err(Error::NotFound);
    }
    let scene = g.req.query.get("scene");
    let drawn = if scene.starts_with(SCENE) { QrMatrix::encode(scene).ok() } else { None };
    let state = g.req.query.get("state");
    let go = if state.is_empty() {
        String::new()
    } else {
        format!(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid={}&redirect_uri={}&response_type=code&scope=snsapi_base&state={}#wechat_redirect",
            sign::percent(&settings.wechat.app_id),
            sign::percent(&format!("{}{BACK}", g.app.config.link_base())),
            sign::percent(state)
        )
    };
    let page = Bind {
        phone: g.view().phone,
        inside: inside(g.req.header(header::USER_AGENT)),
        qr: drawn.as_ref().map(QrMatrix::svg_path).unwrap_or_default(),
        view_box: drawn.as_ref().map_or(0, QrMatrix::view_box),
        go,
        code: String::new(),
        state: String::new(),
        refusal: g.refusal(),
    };
    g.page(g.t("channels-wechat-title"), "me", &page)
}

/// Inside WeChat the page itself can ask who one is; elsewhere a code is scanned.
pub(super) async fn begin(slow: Slow) -> Result<Reply> {
    let person = person(slow.signed()?);
    let on = slow.app.clone();
    let state = slow.app.db.write(move |tx| proof::begin_state(tx, &on.vault, &on.random, person, Way::Wechat)).await?;
    if inside(slow.req.header(header::USER_AGENT)) {
        return Ok(Reply::to(format!("/me/channels/wechat?state={}", sign::percent(&state))));
    }
    let app = slow.app.clone();
    let scene = ask(app, move |wechat| wechat.scene_address(&state)).await?;
    Ok(Reply::to(format!("/me/channels/wechat?scene={}", sign::percent(&scene))))
}

async fn ask<T: Send + 'static>(app: App, what: impl FnOnce(&Wechat) -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(move || {
        let on = app.clone();
        let (settings, secret) =
            app.db.read_wait(move |r| Ok((Settings::load(r)?, state::secret(r, &on.vault, Way::Wechat)?)))?;
        if !settings.wechat.on {
            return Err(Error::NotFound);
        }
        what(&Wechat::new(&app, &settings, secret))
    })
    .await
    .map_err(Error::internal)?
}

pub(super) fn show_back(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let page = Bind {
        phone: g.view().phone,
        inside: true,
        qr: String::new(),
        view_box: 0,
        go: String::new(),
        code: g.value("code", g.req.query.get("code")).to_owned(),
        state: g.value("state", g.req.query.get("state")).to_owned(),
        refusal: g.refusal(),
    };
    g.page(g.t("channels-wechat-title"), "me", &page)
}

pub(super) async fn finish(slow: Slow) -> Result<Reply> {
    let actor = slow.signed()?.clone();
    let (person, client) = (person(&actor), slow.req.client.clone());
    let (code, state) = (slow.req.form.get("code").to_owned(), slow.req.form.get("state").to_owned());
    let openid = ask(slow.app.clone(), move |wechat| wechat.openid_of(&code)).await?;
    let on = slow.app.clone();
    slow.app
        .db
        .write(move |tx| {
            // The state ties the answer to the person who began: nobody binds their WeChat to another's account.
            if proof::finish_state(tx, &on.vault, Way::Wechat, &state)? != Some(person) {
                return Err(Error::conflict("wechat-code"));
            }
            address::keep(tx, &on.vault, &NewAddress { person, way: Way::Wechat, to: &openid, label: "" })?;
            let entry = audit::Entry {
                account: Some(actor.account),
                hat: &actor.hat.code(),
                action: "channels.bind",
                object_kind: "channel",
                object: None,
                school: None,
                detail: "{\"channel\":\"wechat\"}",
                client: &client,
            };
            audit::note(tx, &entry)
        })
        .await?;
    Ok(Reply::to_with("/me/channels", Flash::new("channels-bound-now")))
}

/// A browser's subscription.
pub(super) fn push(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let settings = Settings::load(p.tx)?;
    let form = p.form();
    let field = |name: &str| form.get(name).chars().take(1000).collect::<String>();
    let to = Subscription { endpoint: field("endpoint"), p256dh: field("p256dh"), auth: field("auth") };
    if !allowed(&to.endpoint, &settings.push.hosts) || to.p256dh.is_empty() || to.auth.is_empty() {
        return Err(Error::conflict("channels-push-unknown"));
    }
    let label: String = crate::mine::bind::browser(p.req.header(header::USER_AGENT).unwrap_or_default()).to_owned();
    let json = serde_json::to_string(&to)?;
    address::keep(
        p.tx,
        &p.app.vault,
        &NewAddress { person: person(&actor), way: Way::Push, to: &json, label: &label },
    )?;
    p.audit("channels.bind", ("channel", None), "{\"channel\":\"push\"}")?;
    Ok(Reply::to_with("/me/channels", Flash::new("channels-bound-now")))
}

fn browser(agent: &str) -> &'static str {
    let known = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    known.into_iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, name)| name)
}

/// The worker that shows pushes. Its place is under a path that holds no page, so it never meets another worker.
pub(super) async fn worker() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("../../../../assets/js/push-worker.js"))
}
