//! A browser without a window, at two sizes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use halles_dev::programs::find_in_path;
use halles_testkit::eventually;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a page may take to show what is expected on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the driver may take for one command: one that hangs is then told by its name.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// How long a browser may take to start, which on a busy machine is far longer than any command to it.
const START_LIMIT: Duration = Duration::from_secs(180);

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
    /// Where the driver listens.
    address: String,
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
        let address = format!("http://127.0.0.1:{port}");
        let client = timeout(START_LIMIT, builder.connect(&address)).await.expect("the driver answers");
        Self { client: client.expect("a browser opens"), address, _driver: driver }
    }

    /// From the next page on no script runs, as for a shopper who has switched them off.
    pub async fn switch_scripts_off(&self) {
        let session = timely("the session", self.client.session_id()).await.expect("the browser has a session");
        let command = json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } });
        let request = reqwest::Client::new().post(format!("{}/session/{session}/goog/cdp/execute", self.address));
        let answer = timeout(COMMAND_LIMIT, request.json(&command).send()).await.expect("the driver answers in time");
        assert_eq!(answer.expect("the driver answers").status(), 200, "the browser can switch scripts off");
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        timely(url, self.client.goto(url)).await;
    }

    /// Waits until something is on the page.
    pub async fn sees(&self, css: &str) {
        self.sees_within(css, PATIENCE).await;
    }

    /// Waits for so long until something is on the page.
    pub async fn sees_within(&self, css: &str, patience: Duration) {
        self.element(css, patience).await;
    }

    /// Whether something is on the page now.
    pub async fn has(&self, css: &str) -> bool {
        let found = timeout(COMMAND_LIMIT, self.client.find(Locator::Css(css))).await;
        found.unwrap_or_else(|_| panic!("looking for {css}: no answer within {COMMAND_LIMIT:?}")).is_ok()
    }

    /// Presses a button or a link.
    pub async fn press(&self, css: &str) {
        let element = self.element(css, PATIENCE).await;
        timely(&format!("pressing {css}"), element.click()).await;
    }

    /// Presses a button twice, faster than any page could change.
    pub async fn press_twice(&self, css: &str) {
        self.sees(css).await;
        let script = "const button = document.querySelector(arguments[0]); button.click(); button.click();";
        timely(&format!("pressing {css} twice"), self.client.execute(script, vec![json!(css)])).await;
    }

    /// Goes back to the page before.
    pub async fn back(&self) {
        timely("going back", self.client.back()).await;
    }

    /// Fills in a field.
    pub async fn write(&self, css: &str, text: &str) {
        let field = self.element(css, PATIENCE).await;
        timely(&format!("filling in {css}"), field.send_keys(text)).await;
    }

    /// The text of the first such element.
    pub async fn read(&self, css: &str) -> String {
        let element = self.element(css, PATIENCE).await;
        timely(&format!("reading {css}"), element.text()).await
    }

    /// Where all such links lead.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let mut links = Vec::new();
        for element in timely(css, self.client.find_all(Locator::Css(css))).await {
            links.extend(timely(&format!("the address of {css}"), element.attr("href")).await);
        }
        links
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        timely("the page's address", self.client.current_url()).await.to_string()
    }

    /// Keeps a picture of what is visible.
    pub async fn picture(&self, directory: &Path, name: &str) {
        std::fs::create_dir_all(directory).expect("the directory of pictures can be made");
        let picture = timely(&format!("a picture of {name}"), self.client.screenshot()).await;
        std::fs::write(directory.join(format!("{name}.png")), picture).expect("the picture can be kept");
    }

    /// Closes the window.
    pub async fn close(self) {
        timely("closing the browser", self.client.close()).await;
    }

    async fn element(&self, css: &str, patience: Duration) -> Element {
        let waited = self.client.wait().at_most(patience).for_element(Locator::Css(css));
        if let Ok(Ok(element)) = timeout(patience + COMMAND_LIMIT, waited).await {
            return element;
        }
        let address = self.address().await;
        let page = timely("the page's source", self.client.source()).await;
        panic!("{css} does not appear on {address} within {patience:?}\n{page}");
    }
}

/// What the driver answers in time; an error and a silence both name the step.
async fn timely<T>(step: &str, command: impl Future<Output = Result<T, CmdError>>) -> T {
    match timeout(COMMAND_LIMIT, command).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => panic!("{step}: {error}"),
        Err(_) => panic!("{step}: the browser did not answer within {COMMAND_LIMIT:?}"),
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
