//! The first sign-in of a member of staff: login, one-time code, a password of their own.

use crate::org::invite;
use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongyu_access::{account, password};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::audit;
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::request::FLASH_COOKIE;
use gongyu_web::route::client_address;
use gongyu_web::{App, Flash, FormData, Get, Reply, Req};

/// Longest form taken, in bytes.
const FORM_BYTES: usize = 16 * 1024;

#[derive(Template)]
#[template(path = "org/pages/join.html")]
struct Join {
    login: String,
    shortest: usize,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let login = g.req.query.get("login").chars().take(80).collect();
    let page = Join { login, shortest: password::SHORTEST };
    Ok(g.page(g.t("org-join-title"), "", &page)?.bare())
}

/// Hashing a password is slow on purpose, so this handler does it between two transactions.
pub(super) async fn save(State(app): State<App>, request: Request) -> Response {
    let client = client_address(&app, &request);
    let (parts, body) = request.into_parts();
    let asked = Req::new(parts.method, &parts.uri, parts.headers, Vec::new(), None, 0);
    if !asked.same_origin() {
        return back("", &Code::new("form-from-elsewhere"));
    }
    let Ok(bytes) = axum::body::to_bytes(body, FORM_BYTES).await else {
        return back("", &Code::new("form-too-large"));
    };
    let form = FormData::parse(&bytes);
    let login = form.get("login").to_owned();
    match join(&app, &form, client).await {
        Ok(()) => redirect("/sign-in", &Code::new("org-join-done")),
        Err(Error::Conflict(code)) => back(&login, &code),
        Err(Error::TooMany { retry_after }) => {
            back(&login, &Code::new("error-too-many-text").arg("minutes", retry_after.div_ceil(60)))
        }
        Err(error) => {
            tracing::error!(%error, "a first password was not set");
            back(&login, &Code::new("error-internal-text"))
        }
    }
}

async fn join(app: &App, form: &FormData, client: String) -> Result<()> {
    app.limits().sign_in.check(&client)?;
    let (login, code) = (form.get("login").to_owned(), form.get("code").to_owned());
    let chosen = form.get("password").to_owned();
    if chosen != form.get("again") {
        return Err(Error::conflict("org-join-differ"));
    }
    password::check_new(&chosen, &login).map_err(Error::Conflict)?;
    let wrong = || Error::conflict("org-join-wrong");
    let (vault, typed) = (app.vault.clone(), (login.clone(), code.clone()));
    app.db.read(move |r| invite::redeem(r, &vault, &typed.0, &typed.1)).await?.ok_or_else(wrong)?;
    let random = app.random.clone();
    let hash =
        tokio::task::spawn_blocking(move || password::hash(&random, &chosen)).await.map_err(Error::internal)??;
    let vault = app.vault.clone();
    app.db
        .write(move |tx| {
            let account: Id =
                invite::redeem(tx, &vault, &login, &code)?.ok_or_else(|| Error::conflict("org-join-wrong"))?;
            account::set_password(tx, account, &hash, false)?;
            invite::spend(tx, account)?;
            audit::note(
                tx,
                &audit::Entry {
                    account: Some(account),
                    action: "account.joined",
                    object_kind: "account",
                    object: Some(account),
                    client: &client,
                    ..audit::Entry::default()
                },
            )
        })
        .await
}

/// Back to the form with the reason; the login stays, code and password are typed anew.
fn back(login: &str, why: &Code) -> Response {
    let query = FormData::from_pairs(Vec::new()).query_with(&[("login", login)]);
    redirect(&format!("/join?{query}"), why)
}

fn redirect(to: &str, told: &Code) -> Response {
    let cookie =
        format!("{FLASH_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=20", Flash::new(told.clone()).to_cookie());
    let mut response = (StatusCode::SEE_OTHER, Body::empty()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/join")));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, value);
    }
    response
}
