//! The product walked in a browser as its people would, from the first page of an errand to its last.
//! Every page on the way is held against axe, and the console must stay quiet.

mod activation;
mod consent;
mod contact;
mod drill;
mod duty;
mod look;
mod mending;
mod offline;
mod offline_begun;

use gongyu_kernel::config::Config;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Client, Engine, House, Person, Served, World, axe};

/// The whole product, served on this machine, with the small district in it.
struct Product {
    house: House,
    world: World,
    served: Served,
}

impl Product {
    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: fn(&mut Config)) -> Self {
        let built = tokio::task::spawn_blocking(move || {
            let house = House::with(Engine::Sqlite, gongyu::features::features(), change);
            let world = World::small(&house);
            (house, world)
        });
        let (house, world) = built.await.expect("the product is put together");
        let served = Served::start(gongyu::serve::router(&house.app)).await;
        Self { house, world, served }
    }

    /// A person without a browser, for what is not part of the walk.
    fn client(&self, person: &Person) -> Client {
        Client::of(gongyu::serve::router(&self.house.app), person)
    }

    /// What the background does meanwhile.
    fn run_jobs(&self) {
        tokio::task::block_in_place(|| self.house.run_jobs());
    }

    async fn signed_in(&self, browser: Browser, person: &Person) -> Browser {
        self.served.sign_in(&browser, person).await;
        browser
    }
}

/// The page on screen is clean, and a picture of it is kept.
async fn looked_at(browser: &Browser, name: &str) {
    let wide = browser.driver().execute("return window.innerWidth > 700", vec![]).await.expect("a page is on screen");
    let name = format!("{name}-{}", if wide.json().as_bool() == Some(true) { "pc" } else { "phone" });
    axe::assert_clean(browser, &name).await;
    browser.screenshot(&format!("walk-{name}")).await;
}

/// What was typed was refused: the console tells of the answer 422, and of nothing else.
async fn refused(browser: &Browser) {
    let errors = browser.console_errors().await;
    assert!(errors.iter().all(|error| error.contains("status of 422")), "the console says:\n{}", errors.join("\n"));
}

/// The console said nothing all along, and the browser goes.
async fn done(browser: Browser) {
    browser.assert_quiet_console().await;
    browser.quit().await;
}
