//! What a text message leads to. Somebody signed in goes to the notice; anybody else sees its title and who sent it,
//! no child and no family, and is asked to sign in.

use crate::notice::model::State;
use crate::notice::store;
use askama::Template;
use gongyu_kernel::Result;
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply};

#[derive(Template)]
#[template(path = "notice/pages/link.html")]
struct Page {
    title: String,
    from: String,
    back: String,
    recalled: bool,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let token: String = g.req.param("token")?;
    let notice = store::by_token(g.r, &token)?;
    if g.actor().is_some() {
        return Ok(Reply::to(format!("/notices/{}", notice.id)));
    }
    let body = Page {
        title: notice.title.clone(),
        from: notice.from_name,
        back: format!("/sign-in?back=%2Fn%2F{}", notice.token),
        recalled: notice.state == State::Recalled,
    };
    Ok(g.page(notice.title, "", &body)?.bare())
}
