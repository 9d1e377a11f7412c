//! Who asks: the language to speak, the basket they carry, the page they are on, and how long they wait.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::time::Duration;

use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use halles_domain::{Basket, Language};
use halles_resilience::Deadline;
use jiff::Timestamp;

use crate::arrival::is_secure;
use crate::language_switch::COOKIE_NAME as LANGUAGE_COOKIE;
use crate::{Signer, basket_cookie, cookies};

/// Whoever looks at a page. Take it as a handler's argument.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The language that they chose, or that their browser asks for.
    pub language: Language,
    /// What they have put into their basket.
    pub basket: Basket,
    /// The page that they are on, for links that come back to it.
    pub path_and_query: String,
    /// Whether their connection is encrypted.
    pub is_secure: bool,
    signer: Option<Signer>,
}

impl Visitor {
    /// A visitor with an empty basket, for pages drawn outside a request.
    pub fn new(language: Language, path_and_query: impl Into<String>) -> Self {
        let path_and_query = path_and_query.into();
        Self { language, basket: Basket::default(), path_and_query, is_secure: false, signer: None }
    }

    /// The cookie that makes this basket theirs from now on; add it to the answer.
    pub fn basket_cookie(&self, basket: &Basket) -> Cookie<'static> {
        match &self.signer {
            Some(signer) => basket_cookie::write(signer, basket, self.is_secure, Timestamp::now()),
            // Nobody will send it back: a visitor without a signer comes from no request.
            None => Cookie::new(basket_cookie::NAME, ""),
        }
    }

    pub(crate) fn read(
        signer: &Signer,
        uri: &Uri,
        cookie_header: Option<&HeaderValue>,
        accept_language: Option<&HeaderValue>,
        is_secure: bool,
    ) -> Self {
        let chosen = cookies::find(cookie_header, LANGUAGE_COOKIE).and_then(|code| code.parse().ok());
        let preferred = || {
            let header = accept_language.and_then(|header| header.to_str().ok()).unwrap_or_default();
            Language::negotiate(header)
        };
        let basket = cookies::find(cookie_header, basket_cookie::NAME)
            .map(|value| basket_cookie::read(signer, value, Timestamp::now()));
        Self {
            language: chosen.unwrap_or_else(preferred),
            basket: basket.unwrap_or_default(),
            path_and_query: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            is_secure,
            signer: Some(signer.clone()),
        }
    }
}

impl FromRequest for Visitor {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signer = request.app_data::<web::Data<Signer>>().expect("the server gives every app its signer");
        let headers = request.headers();
        let visitor = Self::read(
            signer,
            request.uri(),
            headers.get(header::COOKIE),
            headers.get(header::ACCEPT_LANGUAGE),
            is_secure(headers),
        );
        ready(Ok(visitor))
    }
}

/// The deadline of the request being answered. Take it as a handler's argument and pass it on to every call.
#[derive(Debug, Clone, Copy)]
pub struct RequestDeadline(pub Deadline);

impl Deref for RequestDeadline {
    type Target = Deadline;

    fn deref(&self) -> &Deadline {
        &self.0
    }
}

impl FromRequest for RequestDeadline {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Only a handler called without the door, in its own test, has none.
        let deadline = request.extensions().get::<Deadline>().copied();
        ready(Ok(Self(deadline.unwrap_or_else(|| Deadline::after(Duration::from_secs(5))))))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::SigningSettings;

    fn language_of(cookie: &str, accept_language: &str) -> Language {
        let signer = Signer::new(&SigningSettings { secret: "x".repeat(32).into(), ..SigningSettings::default() });
        let request = TestRequest::with_uri("/l/1?a=b")
            .insert_header(("cookie", cookie))
            .insert_header(("accept-language", accept_language))
            .app_data(web::Data::new(signer))
            .to_http_request();
        let visitor = Visitor::from_request(&request, &mut Payload::None).into_inner().unwrap();
        assert_eq!(visitor.path_and_query, "/l/1?a=b");
        visitor.language
    }

    #[test]
    fn a_choice_beats_the_browser_and_french_is_the_default() {
        assert_eq!(language_of("a=b; language=en", "fr"), Language::En);
        assert_eq!(language_of("language=klingon", "en-GB"), Language::En);
        assert_eq!(language_of("", "de"), Language::Fr);
    }
}
