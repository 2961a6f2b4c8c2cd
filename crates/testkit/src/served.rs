//! The product on a loopback port, for browsers.

use crate::browser::Browser;
use crate::people::Person;
use axum::Router;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A served product; it stops when dropped.
#[derive(Debug)]
pub struct Served {
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    task: JoinHandle<()>,
}

impl Served {
    /// Serves on a free port.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("the server runs");
        });
        Self { origin, task }
    }

    /// Lets a browser go on as a person who is signed in already.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn sign_in(&self, browser: &Browser, person: &Person) {
        browser.goto(&format!("{}/healthz", self.origin)).await;
        browser.set_cookie(&self.origin, &person.cookie()).await;
    }

    /// Opens an address of the product.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn open(&self, browser: &Browser, path: &str) {
        browser.goto(&format!("{}{path}", self.origin)).await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
