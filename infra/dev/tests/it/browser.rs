//! A browser without a window, at two sizes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use halles_dev::programs::find_in_path;
use halles_testkit::eventually;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};

/// How long a page may take to show what is expected on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the shopper holds in their hands.
#[derive(Debug, Clone, Copy)]
pub enum Screen {
    /// 390 × 844.
    Phone,
    /// 1280 × 800.
    Desk,
}

impl Screen {
    /// Its name in the names of pictures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
        }
    }

    fn options(self) -> serde_json::Value {
        let (width, height, ratio, is_phone) = match self {
            Self::Phone => (390, 844, 2.0, true),
            Self::Desk => (1280, 800, 1.0, false),
        };
        // Emulated for the desk too: a window of that size would lose some of it to its own frame.
        let metrics =
            json!({ "width": width, "height": height, "pixelRatio": ratio, "mobile": is_phone, "touch": is_phone });
        json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
            "mobileEmulation": { "deviceMetrics": metrics },
        })
    }
}

/// The browser and the driver that steers it.
pub struct Browser {
    client: Client,
    _driver: Child,
}

impl Browser {
    /// Opens a window that nobody sees.
    pub async fn open(screen: Screen) -> Self {
        let (driver, port) = start_driver().await;
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), screen.options());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.expect("a browser opens");
        Self { client, _driver: driver }
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Waits until something is on the page.
    pub async fn sees(&self, css: &str) {
        let waited = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        if let Err(error) = waited {
            let address = self.address().await;
            let page = self.client.source().await.unwrap_or_default();
            panic!("{css} does not appear on {address}: {error}\n{page}");
        }
    }

    /// Whether something is on the page now.
    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Presses a button or a link.
    pub async fn press(&self, css: &str) {
        self.sees(css).await;
        let element = self.client.find(Locator::Css(css)).await.expect("it was seen");
        element.click().await.unwrap_or_else(|error| panic!("{css} cannot be pressed: {error}"));
    }

    /// Fills in a field.
    pub async fn write(&self, css: &str, text: &str) {
        self.sees(css).await;
        let field = self.client.find(Locator::Css(css)).await.expect("it was seen");
        field.send_keys(text).await.unwrap_or_else(|error| panic!("{css} cannot be filled in: {error}"));
    }

    /// The text of the first such element.
    pub async fn read(&self, css: &str) -> String {
        self.sees(css).await;
        let element = self.client.find(Locator::Css(css)).await.expect("it was seen");
        element.text().await.expect("it has text")
    }

    /// Where all such links lead.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let elements = self.client.find_all(Locator::Css(css)).await.expect("the page can be searched");
        let mut links = Vec::new();
        for element in elements {
            links.extend(element.attr("href").await.expect("it has attributes"));
        }
        links
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        self.client.current_url().await.map_or_else(|error| error.to_string(), |url| url.to_string())
    }

    /// Keeps a picture of what is visible.
    pub async fn picture(&self, directory: &Path, name: &str) {
        std::fs::create_dir_all(directory).expect("the directory of pictures can be made");
        let picture = self.client.screenshot().await.expect("a picture can be taken");
        std::fs::write(directory.join(format!("{name}.png")), picture).expect("the picture can be kept");
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.expect("the browser closes");
    }
}

async fn start_driver() -> (Child, u16) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    drop(listener);
    let program = find_in_path("chromedriver").expect("`cargo dev test` installs chromedriver");
    let mut command = Command::new(program);
    command.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let driver = command.kill_on_drop(true).spawn().expect("chromedriver starts");
    eventually("the browser's driver is ready", PATIENCE, || async {
        reqwest::get(format!("http://127.0.0.1:{port}/status")).await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    (driver, port)
}
