//! Jobs that gave up, for the person who keeps the system.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_store::jobs::{self, JobView, State};
use gongyu_store::{Reader, sql};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "account/pages/jobs.html")]
struct JobsPage {
    dead: Vec<JobView>,
    waiting: i64,
}

fn waiting(r: &mut Reader) -> Result<i64> {
    r.scalar(sql!("SELECT COUNT(*) FROM job WHERE state = $1"), &[&State::Ready])
}

/// Lists them.
pub fn show(g: &mut Get<'_>, _: Holder<right::ManageJobs>) -> Result<Reply> {
    let page = JobsPage { dead: jobs::dead(g.r)?, waiting: waiting(g.r)? };
    g.page(g.t("account-jobs-title"), "jobs", &page)
}

/// Gives one another life.
pub fn retry(p: &mut Post<'_>, _: Holder<right::ManageJobs>) -> Result<Reply> {
    let id = p.req.id()?;
    match jobs::retry(p.tx, id) {
        Ok(()) => {
            p.audit("job.retry", ("job", Some(id)), "")?;
            Ok(Reply::to_with("/jobs", Flash::new("account-job-again")))
        }
        Err(Error::NotFound) => Ok(Reply::to_with("/jobs", Flash::new("account-job-not-dead"))),
        Err(e) => Err(e),
    }
}
