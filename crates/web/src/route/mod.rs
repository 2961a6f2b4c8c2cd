//! How a plain function becomes a page.

mod run;
mod serve;
mod slow;
mod stored;

use crate::app::App;
use crate::form::FormData;
use crate::page::{Page, Reply};
use crate::permit::{Asked, Extract};
use crate::request::Req;
use crate::show::View;
use askama::Template;
use axum::Router;
use axum::http::Method;
use axum::routing::MethodRouter;
use gongyu_access::Actor;
use gongyu_access::session::Found;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Result};
use gongyu_store::{Reader, Tx, audit};
use std::sync::Arc;

pub(crate) use serve::Incoming;
pub use serve::{client_address, session_cookie};
pub use slow::Slow;

/// Makes of the received files what the change needs: typing them, re-encoding pictures. Too slow for a
/// database thread, it runs off it before the transaction, and only for those who are signed in.
pub type Prepare = fn(&App, &mut Req) -> Result<()>;

/// Why a form is shown again.
#[derive(Clone, Debug)]
pub enum Refused {
    /// Fields were refused.
    Invalid(Invalid),
    /// The state of things stands against it.
    Conflict(Code),
}

/// A page being read.
pub struct Get<'a> {
    /// The open transaction.
    pub r: &'a mut Reader,
    /// The request.
    pub req: &'a Req,
    /// The product.
    pub app: &'a App,
    pub(crate) found: Option<&'a Found>,
    pub(crate) refused: Option<&'a Refused>,
    pub(crate) view: Arc<View>,
}

impl Get<'_> {
    /// The signed-in person, if any.
    pub fn actor(&self) -> Option<&Actor> {
        self.found.map(|f| &f.actor)
    }

    /// What was typed, when a refused form is shown again.
    pub fn typed(&self) -> Option<&FormData> {
        self.refused.map(|_| &self.req.form)
    }

    /// A field of the form: what was typed, else `initial`.
    pub fn value<'v>(&'v self, name: &str, initial: &'v str) -> &'v str {
        self.typed().map_or(initial, |form| form.get(name))
    }

    /// Why a field was refused, in words; empty when it was not.
    pub fn problem(&self, field: &str) -> String {
        match self.refused {
            Some(Refused::Invalid(invalid)) => invalid.of(field).map(|code| self.view.code(code)).unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Why the whole form was refused, in words; empty when it was not.
    pub fn refusal(&self) -> String {
        match self.refused {
            Some(Refused::Conflict(code)) => self.view.code(code),
            Some(Refused::Invalid(invalid)) => invalid.of("").map(|code| self.view.code(code)).unwrap_or_default(),
            None => String::new(),
        }
    }

    /// Words and look of this request.
    pub fn view(&self) -> &Arc<View> {
        &self.view
    }

    /// A message in the person's language.
    pub fn t(&self, key: &str) -> String {
        self.view.t(key)
    }

    /// A message with arguments in the person's language.
    pub fn ta(&self, key: &str, args: &[(&str, fluent_bundle::FluentValue<'_>)]) -> String {
        self.view.ta(key, args)
    }

    /// A whole page: its title in words, its place in the navigation, its body.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn page(&self, title: impl Into<String>, nav: &'static str, body: &impl Template) -> Result<Reply> {
        Ok(Reply::Page(Page::new(title.into(), nav, self.view.render(body)?)))
    }

    /// A part of a page for htmx.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn partial(&self, body: &impl Template) -> Result<Reply> {
        Ok(Reply::Partial(self.view.render(body)?))
    }
}

/// A change being made.
pub struct Post<'a> {
    /// The open transaction.
    pub tx: &'a mut Tx,
    /// The request, its form parsed.
    pub req: &'a Req,
    /// The product.
    pub app: &'a App,
    pub(crate) found: Option<&'a Found>,
    pub(crate) view: Arc<View>,
}

impl Post<'_> {
    /// The signed-in person, if any.
    pub fn actor(&self) -> Option<&Actor> {
        self.found.map(|f| &f.actor)
    }

    /// The posted form.
    pub fn form(&self) -> &FormData {
        &self.req.form
    }

    /// Words and look of this request.
    pub fn view(&self) -> &Arc<View> {
        &self.view
    }

    /// A part of a page for htmx.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn partial(&self, body: &impl Template) -> Result<Reply> {
        Ok(Reply::Partial(self.view.render(body)?))
    }

    /// Notes in the audit log what the person did.
    ///
    /// # Errors
    /// As any statement.
    pub fn audit(&mut self, action: &str, object: (&str, Option<gongyu_kernel::Id>), detail: &str) -> Result<()> {
        let (account, hat) = self.found.map_or((None, String::new()), |f| (Some(f.actor.account), f.actor.hat.code()));
        audit::note(
            self.tx,
            &audit::Entry {
                account,
                hat: &hat,
                action,
                object_kind: object.0,
                object: object.1,
                school: None,
                detail,
                client: &self.req.client,
            },
        )
    }
}

/// A page function: `fn show(g: &mut Get, …) -> Result<Reply>` with up to three things it asks for.
pub trait Show<A>: Copy + Send + Sync + 'static {
    /// Whether it needs somebody signed in.
    const SIGNED: bool;
    /// Runs it.
    ///
    /// # Errors
    /// Whatever the function or what it asks for returns.
    fn show(&self, g: &mut Get<'_>) -> Result<Reply>;
}

/// A changing function: `fn save(p: &mut Post, …) -> Result<Reply>` with up to three things it asks for.
pub trait Save<A>: Copy + Send + Sync + 'static {
    /// Whether it needs somebody signed in.
    const SIGNED: bool;
    /// Runs it.
    ///
    /// # Errors
    /// Whatever the function or what it asks for returns.
    fn save(&self, p: &mut Post<'_>) -> Result<Reply>;
}

macro_rules! handlers {
    ($($($t:ident),*;)*) => {$(
        impl<F, $($t: Extract),*> Show<($($t,)*)> for F
        where F: for<'a, 'b> Fn(&'a mut Get<'b>, $($t),*) -> Result<Reply> + Copy + Send + Sync + 'static {
            const SIGNED: bool = false $(|| $t::SIGNED)*;
            #[allow(non_snake_case, unused_mut, unused_variables)]
            fn show(&self, g: &mut Get<'_>) -> Result<Reply> {
                let mut asked = Asked { r: &mut *g.r, req: g.req, app: g.app, found: g.found };
                $(let $t = $t::extract(&mut asked)?;)*
                self(g, $($t),*)
            }
        }
        impl<F, $($t: Extract),*> Save<($($t,)*)> for F
        where F: for<'a, 'b> Fn(&'a mut Post<'b>, $($t),*) -> Result<Reply> + Copy + Send + Sync + 'static {
            const SIGNED: bool = false $(|| $t::SIGNED)*;
            #[allow(non_snake_case, unused_mut, unused_variables)]
            fn save(&self, p: &mut Post<'_>) -> Result<Reply> {
                let mut asked = Asked { r: &mut *p.tx, req: p.req, app: p.app, found: p.found };
                $(let $t = $t::extract(&mut asked)?;)*
                self(p, $($t),*)
            }
        }
    )*};
}
handlers! {
    T1;
    T1, T2;
    T1, T2, T3;
}

/// One address, as the walk over every route sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// Method.
    pub method: Method,
    /// Path with `{…}`.
    pub path: &'static str,
    /// Whether it needs somebody signed in.
    pub signed: bool,
}

/// The addresses of a feature.
#[derive(Default)]
pub struct Routes {
    list: Vec<(RouteInfo, MethodRouter<App>)>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn add(mut self, method: Method, path: &'static str, signed: bool, handler: MethodRouter<App>) -> Self {
        self.list.push((RouteInfo { method, path, signed }, handler));
        self
    }

    /// A page.
    #[must_use]
    pub fn get<A: 'static, H: Show<A>>(self, path: &'static str, show: H) -> Self {
        self.add(Method::GET, path, H::SIGNED, axum::routing::get(run::reading(show)))
    }

    /// A change that has no form of its own: a button.
    #[must_use]
    pub fn post<A: 'static, H: Save<A>>(self, path: &'static str, save: H) -> Self {
        self.add(Method::POST, path, H::SIGNED, axum::routing::post(run::writing(path, save)))
    }

    /// A form at one address: shown, saved, and shown again with its reasons when refused.
    #[must_use]
    pub fn form<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(self, path: &'static str, show: G, save: P) -> Self {
        self.get(path, show).add(
            Method::POST,
            path,
            P::SIGNED,
            axum::routing::post(run::writing_or_showing(path, save, show)),
        )
    }

    /// A change with files; what is posted is streamed to disk first. Refused, it shows `show` again.
    #[must_use]
    pub fn upload<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(self, path: &'static str, show: G, save: P) -> Self {
        self.add(Method::POST, path, P::SIGNED, axum::routing::post(run::uploading(path, save, show)))
    }

    /// As `upload`, the files first prepared off the database thread.
    #[must_use]
    pub fn upload_with<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(
        self,
        path: &'static str,
        prepare: Prepare,
        show: G,
        save: P,
    ) -> Self {
        self.add(Method::POST, path, true, axum::routing::post(run::preparing(path, prepare, save, show)))
    }

    /// A handler of another shape, which takes care of everything itself: signing in, streams.
    #[must_use]
    pub fn raw(self, method: Method, path: &'static str, signed: bool, handler: MethodRouter<App>) -> Self {
        self.add(method, path, signed, handler)
    }

    /// Another feature's addresses too.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self
    }

    /// What there is.
    pub fn infos(&self) -> Vec<RouteInfo> {
        self.list.iter().map(|(info, _)| info.clone()).collect()
    }

    /// As axum serves it.
    pub fn into_router(self) -> Router<App> {
        self.list.into_iter().fold(Router::new(), |router, (info, handler)| router.route(info.path, handler))
    }
}

/// Every address of the product.
pub fn all_routes(app: &App) -> Routes {
    app.features.iter().filter_map(|f| f.routes).fold(Routes::new(), |all, routes| all.merge(routes()))
}

pub(crate) fn as_refused(error: Error) -> Result<Refused> {
    match error {
        Error::Invalid(invalid) => Ok(Refused::Invalid(invalid)),
        Error::Conflict(code) if code.key != "must-change-password" => Ok(Refused::Conflict(code)),
        other => Err(other),
    }
}
