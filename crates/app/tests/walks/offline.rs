//! A home visit where there is no network: the shell opens, every word is kept though the tab dies, the outbox sends
//! each thing once though answers are lost, the clock is wrong and the session is over; two people in one record
//! choose; and what lies on the phone goes when it should.

use super::{Product, done, looked_at};
use gongyu_access::{Role, session};
use gongyu_contact::visit::model::{NewVisit, Reason, State, Way};
use gongyu_contact::visit::store::{self, Save};
use gongyu_contact::visit::{VisitRecord, permit};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::StaffRole;
use gongyu_ledger::touch;
use gongyu_store::{Reader, Tx};
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Line, Person};
use std::time::Duration;

/// The product behind a line that may be cut, and a visit agreed for today.
pub(super) struct Village {
    pub(super) product: Product,
    pub(super) line: Line,
    child: Id,
    visit: Id,
}

impl Village {
    pub(super) async fn open() -> Self {
        let product = Product::open().await;
        let line = Line::to(&product.served.origin).await;
        let child = product.world.students[0];
        let teacher = product.world.role(Role::ClassTeacher).clone();
        let visit = write(&product, move |tx| {
            let new = NewVisit {
                children: vec![child],
                reason: Reason::Yearly,
                trigger: String::new(),
                due_on: None,
                day: Some(tx.today()),
                starts_at: Some(tx.now().plus_minutes(480)),
                way: Way::Home,
                lead: (teacher.staff, StaffRole::ClassTeacher),
                contact: None,
            };
            let (id, _) = store::create(tx, &new, teacher.account, "walk")?;
            store::set_state(tx, id, State::Agreed)?;
            Ok(id)
        })
        .await;
        Self { product, line, child, visit }
    }

    fn teacher(&self) -> &Person {
        self.product.world.role(Role::ClassTeacher)
    }

    /// A phone of the class teacher with the visits downloaded.
    pub(super) async fn phone(&self) -> Browser {
        let phone = Browser::phone().await;
        self.sign_in(&phone, self.teacher()).await;
        self.goto(&phone, "/visits/offline").await;
        phone.see("把家访存到这部手机").await;
        looked_at(&phone, "offline-begin").await;
        phone.click_text("存到手机").await;
        phone.see("陈语桐").await;
        self.kept_by_worker(&phone).await;
        phone
    }

    async fn sign_in(&self, browser: &Browser, person: &Person) {
        browser.goto(&format!("{}/healthz", self.line.origin)).await;
        browser.driver().delete_cookie("gy_session").await.ok();
        browser.set_cookie(&format!("{}/healthz", self.line.origin), &person.cookie()).await;
    }

    pub(super) async fn goto(&self, browser: &Browser, path: &str) {
        browser.goto(&format!("{}{path}", self.line.origin)).await;
    }

    /// Waits until the service worker has the shell and holds the page.
    async fn kept_by_worker(&self, browser: &Browser) {
        wait(browser, "navigator.serviceWorker.controller !== null").await;
    }

    pub(super) async fn no_network(&self, browser: &Browser) {
        self.line.cut();
        browser.airplane(true).await;
    }

    pub(super) async fn network(&self, browser: &Browser) {
        self.line.mend();
        browser.airplane(false).await;
    }

    async fn record(&self) -> VisitRecord {
        let (app, visit) = (self.product.house.app.clone(), self.visit);
        read(&self.product, move |r| store::record_of(r, &app.vault, visit)).await
    }

    /// Versions of the record, and touches of the child.
    async fn counted(&self) -> (usize, usize) {
        let (visit, child) = (self.visit, self.child);
        read(&self.product, move |r| {
            Ok((store::versions(r, visit)?.len(), touch::of_student(r, child, false, 50)?.len()))
        })
        .await
    }

    /// Somebody at school writes in the same record.
    async fn director_writes(&self, good: &str, opinions: &str) {
        let director = self.product.world.role(Role::MoralDirector).clone();
        let (app, visit) = (self.product.house.app.clone(), self.visit);
        let fields = VisitRecord { good: good.to_owned(), opinions: opinions.to_owned(), ..VisitRecord::default() };
        write(&self.product, move |tx| {
            let found = session::find(tx, &director.token, app.lifetimes())?.expect("a session");
            let held = permit::held(tx, &found.actor, visit)?;
            let fields = fields.clone();
            let save = Save { client_key: "director-1", base_version: 0, fields, draft: true, said_at: None };
            store::save_record(tx, &app.vault, &found.actor, &held, &save).map(drop)
        })
        .await;
    }

    /// Fills what a doorstep needs and says that it is finished.
    async fn write_and_finish(&self, phone: &Browser, good: &str) {
        phone.click_text("记这次家访").await;
        phone.fill("孩子的一个好", good).await;
        phone.click_text("妈妈").await;
        phone.see("已存在手机里").await;
        phone.click_text("写好了，传到学校").await;
        phone.see("家访记录").await;
    }
}

async fn write<T: Send + 'static>(product: &Product, what: impl Fn(&mut Tx) -> Result<T> + Send + Sync + 'static) -> T {
    product.house.app.db.write(what).await.expect("written")
}

pub(super) async fn read<T: Send + 'static>(
    product: &Product,
    what: impl Fn(&mut Reader) -> Result<T> + Send + Sync + 'static,
) -> T {
    product.house.app.db.read(what).await.expect("read")
}

/// Waits until something is so on the page.
async fn wait(browser: &Browser, what: &str) {
    for _ in 0..200 {
        let told = browser.driver().execute(format!("return Boolean({what})"), vec![]).await;
        if told.is_ok_and(|t| t.json().as_bool() == Some(true)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came true: {what}\n{}", browser.text().await);
}

/// Draws a line on the glass of this number.
async fn sign(browser: &Browser, glass: usize) {
    let script = format!(
        "const c = document.querySelectorAll('.gy-sign-pad canvas')[{glass}]; c.scrollIntoView({{block: 'center'}});
         const b = c.getBoundingClientRect();
         const at = (type, x, y) => c.dispatchEvent(new PointerEvent(type, {{ pointerId: 1, bubbles: true,
           clientX: b.left + x, clientY: b.top + y, pointerType: 'touch', button: 0 }}));
         at('pointerdown', 20, 30); for (let i = 1; i < 20; i++) at('pointermove', 20 + i * 10, 30 + (i % 5) * 10);
         at('pointerup', 210, 40); return true;"
    );
    browser.driver().execute(script, vec![]).await.expect("a signature");
}

/// What the phone keeps, as text: only what is in the clear can be read there.
pub(super) async fn lies_on(browser: &Browser) -> String {
    let script = "const done = arguments[0]; const out = [];
        const asked = indexedDB.open('gongyu');
        asked.onsuccess = async () => { const db = asked.result;
          for (const name of db.objectStoreNames) {
            const all = await new Promise((ok) => { const r = db.transaction(name).objectStore(name).getAll(); r.onsuccess = () => ok(r.result); });
            for (const one of all) for (const part of JSON.stringify(one, (k, v) => v instanceof ArrayBuffer
              ? new TextDecoder('utf-8', {fatal: false}).decode(v) : v instanceof CryptoKey ? 'key ' + v.extractable : v).split('\\n')) out.push(part); }
          db.close(); done(out.join('\\n')); };
        asked.onerror = () => done('none');";
    let told = browser.driver().execute_async(script, vec![]).await.expect("what lies there");
    told.json().as_str().unwrap_or_default().to_owned()
}

/// A picture larger than what is sent.
fn photo(folder: &std::path::Path) -> String {
    let path = folder.join("visit.png");
    std::fs::write(&path, include_bytes!("../../../../assets/brand/icon-512.png")).expect("a file");
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_visit_is_recorded_without_a_network_though_the_tab_dies_and_arrives_once() {
    let village = Village::open().await;
    let phone = village.phone().await;
    looked_at(&phone, "offline-list").await;
    village.no_network(&phone).await;
    // The shell comes from the phone itself; the plan's own page leads to it too.
    village.goto(&phone, "/visits").await;
    phone.see("没有网络").await;
    phone.see("陈语桐").await;
    phone.click_text("记这次家访").await;
    phone.fill("孩子的一个好", "会帮同桌收书包").await;
    phone.see("已存在手机里").await;
    looked_at(&phone, "offline-record").await;
    phone.kill_tab().await;
    phone.airplane(true).await;
    village.goto(&phone, "/visits/offline").await;
    phone.see("没写完").await;
    phone.click_text("接着写").await;
    wait(&phone, "[...document.querySelectorAll('textarea')].some((t) => t.value === '会帮同桌收书包')").await;
    phone.click_text("妈妈").await;
    let folder = tempfile::tempdir().expect("a folder");
    phone.fill("拍照或选照片", &photo(folder.path())).await;
    phone.see("存好了").await;
    sign(&phone, 0).await;
    phone.see("已存在手机里").await;
    looked_at(&phone, "offline-photo").await;
    phone.click_text("写好了，传到学校").await;
    phone.see("没有网络，3项存在手机里").await;
    looked_at(&phone, "offline-outbox").await;
    let there = lies_on(&phone).await;
    for word in ["陈语桐", "会帮同桌", "strokes"] {
        assert!(!there.contains(word), "{word} lies in the clear");
    }
    assert!(there.contains("key false"), "the key can be taken out");
    assert_eq!(village.counted().await, (0, 0));

    village.network(&phone).await;
    phone.see("手机里的3项，学校都收到了").await;
    phone.see("回执").await;
    phone.click_text("和学校核对").await;
    phone.see("传过的3项学校都有").await;
    looked_at(&phone, "offline-arrived").await;
    assert_eq!(village.counted().await, (1, 1));
    assert_eq!(village.record().await.good, "会帮同桌收书包");
    let (app, visit) = (village.product.house.app.clone(), village.visit);
    let signed = read(&village.product, move |r| store::signatures_of(r, &app.vault, visit)).await;
    assert_eq!(signed.len(), 1);
    let files = read(&village.product, move |r| gongyu_parts::attach::of(r, "visit", visit)).await;
    assert_eq!(files.len(), 1);
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_answer_lost_after_the_school_stored_the_record_doubles_nothing() {
    let village = Village::open().await;
    let phone = village.phone().await;
    village.line.lose_answers_to("POST /visits/offline/record.json");
    village.write_and_finish(&phone, "字写得好").await;
    // Nobody heard the answer; the phone asks what became of it instead of sending it again.
    phone.see("手机里的1项，学校都收到了").await;
    assert!(village.line.lost() > 0);
    assert_eq!(village.counted().await, (1, 1));
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_wrong_clock_and_a_session_that_ran_out_lose_and_move_nothing() {
    let village = Village::open().await;
    let phone = village.phone().await;
    // The phone believes it is 400 days later.
    phone.wrong_clock(400 * 86_400).await;
    village.goto(&phone, "/visits/offline").await;
    phone.see("陈语桐").await;
    village.no_network(&phone).await;
    village.product.house.clock.advance_seconds(2 * 3_600);
    village.write_and_finish(&phone, "爱笑").await;
    village.network(&phone).await;
    phone.see("登录过期了，1项还在手机里").await;
    looked_at(&phone, "offline-signed-out").await;
    assert_eq!(village.counted().await, (0, 0));
    let teacher = village.teacher().clone();
    let again = write(&village.product, move |tx| {
        let hat = session::hats(tx, teacher.account)?.remove(0);
        let device = session::Device { name: "test", client: "127.0.0.1" };
        session::open_with(tx, "walk-again", teacher.account, &hat, true, &device)?;
        Ok(Person { token: "walk-again".to_owned(), ..teacher.clone() })
    })
    .await;
    village.sign_in(&phone, &again).await;
    village.goto(&phone, "/visits/offline#/outbox").await;
    phone.see("手机里的1项，学校都收到了").await;
    assert_eq!(village.counted().await, (1, 1));
    let record = village.record().await;
    assert_eq!((record.day.map(|d| d.to_string()), record.good.as_str()), (Some("2026-11-23".to_owned()), "爱笑"));
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_two_people_wrote_in_one_record_and_one_of_them_chooses_field_by_field() {
    let village = Village::open().await;
    let phone = village.phone().await;
    village.no_network(&phone).await;
    village.write_and_finish(&phone, "会帮同桌收书包").await;
    village.director_writes("爱笑", "作业少一点").await;
    village.network(&phone).await;
    phone.click_text("选一选").await;
    phone.see("两个人都改了").await;
    phone.see("爱笑").await;
    looked_at(&phone, "offline-conflict").await;
    phone.click_text("就这样，传到学校").await;
    phone.see("还有1处没选").await;
    phone.click_text("两段都留").await;
    phone.click_text("就这样，传到学校").await;
    phone.see("手机里的1项，学校都收到了").await;
    let record = village.record().await;
    assert_eq!((record.good.as_str(), record.opinions.as_str()), ("爱笑\n会帮同桌收书包", "作业少一点"));
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_what_is_written_while_an_answer_is_out_builds_on_what_others_wrote_meanwhile() {
    let village = Village::open().await;
    let phone = village.phone().await;
    village.director_writes("", "作业少一点").await;
    for lost in ["POST /visits/offline/record.json", "GET /visits/offline/arrived.json"] {
        village.line.lose_answers_to(lost);
    }
    village.write_and_finish(&phone, "会帮同桌").await;
    phone.see("没等到回话").await;
    village.goto(&phone, "/visits/offline").await;
    phone.click_text("接着写").await;
    phone.fill("孩子的一个好", "会帮同桌收书包").await;
    phone.see("已存在手机里").await;
    phone.click_text("写好了，传到学校").await;
    phone.see("家访记录").await;
    village.network(&phone).await;
    phone.see("手机里的2项，学校都收到了").await;
    let record = village.record().await;
    assert_eq!((record.good.as_str(), record.opinions.as_str()), ("会帮同桌收书包", "作业少一点"));
    assert_eq!(village.counted().await, (3, 1));
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_signing_out_wipes_the_phone_and_asks_while_something_is_unsent() {
    let village = Village::open().await;
    let phone = village.phone().await;
    phone.click_text("记这次家访").await;
    phone.fill("孩子的一个好", "还没写完").await;
    phone.see("已存在手机里").await;
    village.goto(&phone, "/me").await;
    village.kept_by_worker(&phone).await;
    phone.click_text("退出登录").await;
    phone.see("手机里还有1项家访没传到学校").await;
    looked_at(&phone, "offline-leave").await;
    phone.click_text("先不退出").await;
    assert!(lies_on(&phone).await.contains("key false"));
    phone.click_text("退出登录").await;
    phone.see("退出，删掉").await;
    phone.click_text("退出，删掉").await;
    wait(&phone, "location.pathname.startsWith('/sign-in') && document.readyState === 'complete'").await;
    assert!(!lies_on(&phone).await.contains("key"));
    done(phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_session_ended_elsewhere_and_another_sign_in_leave_nothing_on_the_phone() {
    let village = Village::open().await;
    let phone = village.phone().await;
    let account = village.teacher().account;
    write(&village.product, move |tx| session::end_others(tx, account, None)).await;
    village.goto(&phone, "/visits/offline").await;
    phone.see("手机里的家访清掉了").await;
    looked_at(&phone, "offline-ended").await;
    assert!(!lies_on(&phone).await.contains("key"));
    phone.quit().await;

    let village = Village::open().await;
    let phone = village.phone().await;
    let other = village.product.world.other_teacher.clone();
    village.sign_in(&phone, &other).await;
    village.goto(&phone, "/visits/offline").await;
    phone.see("把家访存到这部手机").await;
    assert!(!lies_on(&phone).await.contains("key"));
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_how_to_install_is_told_on_every_device_and_wechat_is_told_plainly() {
    let village = Village::open().await;
    for browser in [Browser::phone().await, Browser::pc().await] {
        village.sign_in(&browser, village.teacher()).await;
        village.goto(&browser, "/app").await;
        browser.see("装好后从桌面一点就开").await;
        looked_at(&browser, "app").await;
        browser.assert_quiet_console().await;
        browser.quit().await;
    }
    let wechat = village.product.client(village.teacher()).with_agent("Mozilla/5.0 (iPhone) MicroMessenger/8.0");
    let seen = wechat.get("/app").await;
    assert!(seen.text().contains("微信里装不了") && seen.text().contains("复制网址"));
}
