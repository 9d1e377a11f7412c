//! Pages as a shopper meets them: opened, looked at, and full of links.

use crate::journeys::trail_mut;
use goose::goose::{GooseMethod, GooseRequest, GooseResponse, GooseUser, TransactionError, TransactionResult};
use halles_loadtest::html;

/// Answers are counted under a step's name, not under each address, and must hold a sign that the page is the right one.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What the report calls it.
    pub name: &'static str,
    /// What a right answer contains.
    pub sign: &'static str,
}

/// A page that was right.
#[derive(Debug)]
pub struct Page {
    html: String,
    /// The path where it was found in the end, redirects followed.
    pub path: String,
}

impl Step {
    /// Opens a page, with all that a browser shows of it.
    pub async fn open(self, user: &mut GooseUser, path: &str) -> Result<Page, Box<TransactionError>> {
        let page = self.read(user, path).await?;
        page.complete(user).await?;
        Ok(page)
    }

    /// Opens a page and nothing beside it, as a machine does.
    pub async fn read(self, user: &mut GooseUser, path: &str) -> Result<Page, Box<TransactionError>> {
        let answer = user.get_named(path, self.name).await?;
        self.look(user, answer).await
    }

    /// Sends a form, as a browser would, and follows where it leads.
    pub async fn send(
        self,
        user: &mut GooseUser,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<Page, Box<TransactionError>> {
        let builder = user.get_request_builder(&GooseMethod::Post, path)?.form(form);
        let request = GooseRequest::builder().method(GooseMethod::Post).name(self.name).set_request_builder(builder);
        let answer = user.request(request.build()).await?;
        let page = self.look(user, answer).await?;
        page.complete(user).await?;
        Ok(page)
    }

    async fn look(self, user: &mut GooseUser, mut answer: GooseResponse) -> Result<Page, Box<TransactionError>> {
        let Ok(response) = answer.response else {
            // Goose has counted it; the journey ends here.
            return Err(failed(user, &mut answer.request, "no answer"));
        };
        let (status, path) = (response.status(), response.url().path().to_owned());
        let Ok(html) = response.text().await else {
            return Err(failed(user, &mut answer.request, "the answer broke off"));
        };
        if !status.is_success() {
            return Err(failed(user, &mut answer.request, &format!("{}: status {status}", self.name)));
        }
        if !html.contains(self.sign) {
            return Err(failed(user, &mut answer.request, &format!("{}: lacks {}", self.name, self.sign)));
        }
        Ok(Page { html, path })
    }
}

fn failed(
    user: &mut GooseUser,
    request: &mut goose::metrics::GooseRequestMetric,
    reason: &str,
) -> Box<TransactionError> {
    match user.set_failure(reason, request, None, None) {
        Err(error) => error,
        // Goose always gives an error here; if it ever did not, the journey must end all the same.
        Ok(()) => Box::new(TransactionError::Custom(reason.to_owned())),
    }
}

/// A step that has nothing to go on with, such as a shop without listings, ends its round without being a failure.
pub const NOTHING_TO_DO: TransactionResult = Ok(());

impl Page {
    /// Fetches what a browser shows of it; what it keeps, it keeps for the shopper's next pages.
    async fn complete(&self, user: &mut GooseUser) -> Result<(), Box<TransactionError>> {
        let mut kept = std::mem::take(&mut trail_mut(user).kept);
        let completed = kept.complete(user, &self.html).await;
        trail_mut(user).kept = kept;
        completed
    }

    /// The paths of the page's links that begin with `start`, each once.
    pub fn links(&self, start: &str) -> Vec<String> {
        html::links(&self.html, start)
    }

    /// The paths that the page's forms send to and that begin with `start`, each once.
    pub fn forms(&self, start: &str) -> Vec<String> {
        html::forms(&self.html, start)
    }

    /// The value of the form field with this name, if the page has one.
    pub fn field(&self, name: &str) -> Option<String> {
        html::field(&self.html, name)
    }
}
