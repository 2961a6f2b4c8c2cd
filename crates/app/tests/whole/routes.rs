//! Every route as every role and as nobody: what is not yours is not there, and nothing breaks.

use super::{Whole, assert_kept};
use axum::http::{Method, StatusCode};
use gongyu_access::Role;
use gongyu_testkit::{Client, World};
use gongyu_web::route::{RouteInfo, all_routes};

/// An address with its places filled: by records of one's own school and class, or by others.
fn filled(path: &str, w: &World, own: bool) -> String {
    let id = match path.split('/').nth(1).unwrap_or_default() {
        "classes" => {
            if own {
                w.classes[0]
            } else {
                w.kinder_class
            }
        }
        "schools" => {
            if own {
                w.school
            } else {
                w.kindergarten
            }
        }
        "units" => {
            if own {
                w.school
            } else {
                w.kindergarten
            }
        }
        "towns" => {
            if own {
                w.town
            } else {
                w.street
            }
        }
        "students" | "children" => {
            if own {
                w.students[0]
            } else {
                w.students[11]
            }
        }
        _ => gongyu_kernel::Id(1),
    };
    path.split('/')
        .map(|part| match part {
            "{id}" => id.to_string(),
            "{rule}" => "R05".to_owned(),
            "{code}" if path.starts_with("/rules") => "R05".to_owned(),
            part if part.starts_with('{') => "1".to_owned(),
            part => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn scoped(path: &str) -> bool {
    ["/classes/{id}", "/schools/{id}", "/units/{id}", "/towns/{id}", "/students/{id}", "/children/{id}"]
        .iter()
        .any(|p| path.starts_with(p))
}

fn routes(whole: &Whole) -> Vec<RouteInfo> {
    let mut infos = all_routes(&whole.house.app).infos();
    infos.sort_by_key(|i| (i.path, i.method.to_string()));
    infos
}

#[tokio::test]
async fn every_page_as_every_role_is_as_kept_and_none_breaks() {
    let whole = Whole::open().await;
    let mut table = String::new();
    for route in routes(&whole).iter().filter(|r| r.method == Method::GET) {
        let path = filled(route.path, &whole.world, true);
        let mut line = format!("GET {}", route.path);
        for role in Role::ALL {
            let seen = Client::of(whole.router.clone(), whole.world.role(*role)).get(&path).await;
            assert!(!seen.status.is_server_error(), "{} as {}: {}", path, role.code(), seen.text());
            line.push_str(&format!(" {}={}", role.code(), seen.status.as_u16()));
        }
        table.push_str(&line);
        table.push('\n');
    }
    assert_kept("routes.txt", &table);
}

#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let whole = Whole::open().await;
    let bound = [
        Role::Guardian,
        Role::ClassTeacher,
        Role::SubjectTeacher,
        Role::SchoolLeader,
        Role::MoralDirector,
        Role::Registrar,
        Role::Counsellor,
        Role::Supervisor,
        Role::TownOfficer,
        Role::AgencyOfficer,
        Role::CommunityWorker,
        Role::Auditor,
    ];
    for route in routes(&whole).iter().filter(|r| scoped(r.path)) {
        let path = filled(route.path, &whole.world, false);
        // The twelfth pupil is of the other class: its school's own staff may see it.
        let students = route.path.starts_with("/students") || route.path.starts_with("/children");
        for role in bound {
            let same_school = matches!(
                role,
                Role::SchoolLeader
                    | Role::MoralDirector
                    | Role::Registrar
                    | Role::Counsellor
                    | Role::Supervisor
                    | Role::TownOfficer
            );
            if students && same_school {
                continue;
            }
            let client = Client::of(whole.router.clone(), whole.world.role(role));
            let seen = match route.method {
                Method::GET => client.get(&path).await,
                _ => client.post(&path, &[]).await,
            };
            let hidden = matches!(seen.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(hidden, "{} {} as {} answers {}", route.method, path, role.code(), seen.status);
        }
    }
}

#[tokio::test]
async fn nobody_gets_anything_that_asks_for_somebody() {
    let whole = Whole::open().await;
    let nobody = Client::nobody(whole.router.clone());
    for route in routes(&whole).iter().filter(|r| r.signed) {
        let path = filled(route.path, &whole.world, true);
        let seen = match route.method {
            Method::GET => nobody.get(&path).await,
            _ => nobody.post_bare(&path, &[]).await,
        };
        let sent_away = seen.location.as_deref().is_some_and(|l| l.starts_with("/sign-in"));
        let refused = sent_away || matches!(seen.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        assert!(refused, "{} {} as nobody answers {}", route.method, path, seen.status);
    }
}

#[tokio::test]
async fn no_change_is_made_without_the_sessions_own_secret() {
    let whole = Whole::open().await;
    for route in routes(&whole).iter().filter(|r| r.method == Method::POST && r.signed && !r.path.starts_with("/api/"))
    {
        let path = filled(route.path, &whole.world, true);
        for role in [Role::ClassTeacher, Role::DistrictAdmin, Role::Guardian] {
            let client = Client::of(whole.router.clone(), whole.world.role(role));
            let seen = client.post_bare(&path, &[("csrf", "not-it")]).await;
            let refused = seen.status.is_client_error();
            assert!(refused, "POST {} as {} answers {}", path, role.code(), seen.status);
        }
    }
}

#[tokio::test]
async fn an_empty_form_never_breaks_a_page() {
    let whole = Whole::open().await;
    let skipped = ["/sign-out", "/me/sessions/end-others"];
    for route in routes(&whole).iter().filter(|r| r.method == Method::POST && !r.path.starts_with("/api/")) {
        if skipped.contains(&route.path) {
            continue;
        }
        for role in Role::ALL {
            let client = Client::of(whole.router.clone(), whole.world.role(*role));
            let path = filled(route.path, &whole.world, true);
            let seen = client.post(&path, &[]).await;
            assert!(!seen.status.is_server_error(), "POST {} as {}: {}", path, role.code(), seen.text());
        }
    }
}
