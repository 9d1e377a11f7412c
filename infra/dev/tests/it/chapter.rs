//! A chapter in a browser: what fails in it is told under its name, with a picture of what the shopper saw.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use crate::browser::{Browser, Screen};
use crate::scene::Scene;

/// Tells one chapter with a browser of its own. A step that fails has said so itself by then; this adds the name of the
/// chapter, and where the picture is.
pub async fn chapter(scene: &Scene, name: &str, screen: Screen, story: impl AsyncFnOnce(&Browser)) {
    let browser = Browser::open(screen).await;
    if AssertUnwindSafe(story(&browser)).catch_unwind().await.is_err() {
        let picture = format!("failed-{name}");
        let taken = AssertUnwindSafe(browser.picture(&scene.screenshots, &picture)).catch_unwind().await;
        let place = scene.screenshots.join(format!("{picture}.png"));
        let seen = if taken.is_ok() { place.display().to_string() } else { "no picture could be taken".to_owned() };
        panic!("the chapter {name:?} failed, as said above; what the shopper saw: {seen}");
    }
    browser.close().await;
}
