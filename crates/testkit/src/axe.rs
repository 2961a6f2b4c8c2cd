//! Accessibility: axe-core run on the page in the browser (WCAG 2.0 to 2.2, levels A and AA, and its
//! best practices), the product's aim being that it finds nothing.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;

/// A rule the page breaks.
#[derive(Debug, Clone, Deserialize)]
pub struct Violation {
    /// axe's name of the rule, `color-contrast`.
    pub id: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: Option<String>,
    /// What the rule asks for.
    pub help: String,
    /// Where it is broken.
    pub nodes: Vec<Place>,
}

/// An element that breaks a rule.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    /// The element as HTML.
    pub html: String,
    /// What is wrong with it.
    #[serde(rename = "failureSummary")]
    pub summary: Option<String>,
}

/// What the page on screen breaks.
///
/// # Panics
/// When axe cannot be run.
pub async fn violations(browser: &Browser) -> Vec<Violation> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/test/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("axe-core is not vendored (cargo xtask vendor): {error}"));
    let driver = browser.driver();
    // By the driver, not by a script element: the product's content security policy refuses those.
    driver.execute(axe, vec![]).await.unwrap_or_else(|error| panic!("axe does not load: {error}"));
    let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
    let found = driver
        .execute_async(
            "const [tags, done] = arguments;
             axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
                .then((result) => done({ violations: result.violations }), (error) => done({ error: String(error) }));",
            vec![json!(tags)],
        )
        .await
        .unwrap_or_else(|error| panic!("axe does not run: {error}"));
    assert!(found.json().get("error").is_none(), "axe failed: {}", found.json());
    serde_json::from_value(found.json()["violations"].clone())
        .unwrap_or_else(|error| panic!("axe answers in another shape: {error}"))
}

/// # Panics
/// When axe finds anything on the page, with every place; `page` names it in the message and in the
/// picture kept of it.
pub async fn assert_clean(browser: &Browser, page: &str) {
    let found = violations(browser).await;
    if found.is_empty() {
        return;
    }
    browser.screenshot(&format!("axe-{page}")).await;
    let told: Vec<String> = found
        .iter()
        .map(|violation| {
            let impact = violation.impact.as_deref().unwrap_or("unrated");
            let places: Vec<String> = violation
                .nodes
                .iter()
                .map(|place| format!("    {}\n      {}", place.html, place.summary.as_deref().unwrap_or_default()))
                .collect();
            format!("  {} ({impact}): {}\n{}", violation.id, violation.help, places.join("\n"))
        })
        .collect();
    panic!("axe on {page}, {}:\n{}", browser.url().await, told.join("\n"));
}
