//! A guardian takes consent back for one child, sees it gone at once, and gives it again.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_registry::account::consent;
use gongyu_registry::people;
use gongyu_testkit::browser::Browser;

/// The mother of two has consented for both.
async fn consented(product: &Product) {
    let (mother, children) = (product.world.mother, [product.world.students[0], product.world.sibling]);
    product
        .house
        .db()
        .write(move |tx| {
            for child in children {
                let child = people::find_student(tx, child)?;
                consent::give(tx, mother, &child, "")?;
            }
            Ok(())
        })
        .await
        .expect("consent is given");
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_consent_taken_back_hides_the_child_until_it_is_given_again() {
    let product = Product::open().await;
    consented(&product).await;
    let child = product.world.students[0];
    let phone = product.signed_in(Browser::phone().await, product.world.role(Role::Guardian)).await;
    let mother = product.world.mother;
    let of_child = product.house.db().read(move |r| consent::of_guardian(r, mother)).await.expect("the consents");
    let id = of_child.iter().find(|c| c.student == child).expect("a consent").id;
    product.served.open(&phone, "/me/consent").await;
    phone.see("陈语桐").await;
    looked_at(&phone, "consent-list").await;
    product.served.open(&phone, &format!("/me/consent/{id}")).await;
    phone.see("孩子上学不受影响").await;
    looked_at(&phone, "consent-withdraw").await;
    phone.click_text("撤回同意").await;
    phone.see("您撤回了对陈语桐的同意").await;
    looked_at(&phone, "consent-held").await;

    product.served.open(&phone, "/home").await;
    phone.see("陈语桐的内容停在这里").await;
    phone.not_see("石桥中心校").await;
    looked_at(&phone, "home-held").await;
    phone.click_text("怎么再看到").await;
    phone.see("这里暂时看不到").await;
    looked_at(&phone, "child-held").await;
    phone.click_text("去看告知书").await;
    phone.click_text("看过了，同意").await;
    phone.see("记下了您的同意").await;
    product.served.open(&phone, "/home").await;
    phone.see("石桥中心校").await;
    done(phone).await;
}
