//! The express lane: who may take it, and that nobody can tell by the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix_web::dev::RequestHead;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use halles_http::{
    Readiness, Rendered, RunningServer, Server, Signer, SigningSettings, Terms, Visitor, offer_shortcut,
    with_provenance,
};

use crate::stall::{client, settings, telemetry};

/// A page that is ready or not, and how often its handler was asked.
struct Shelf {
    page: Rendered,
    is_ready: AtomicBool,
    asked: AtomicUsize,
}

impl Shelf {
    fn new() -> Arc<Self> {
        let page = Rendered::new("text/css", &Terms::fixed("public, max-age=60"), "body { color: black }".repeat(100));
        Arc::new(Self { page, is_ready: AtomicBool::new(true), asked: AtomicUsize::new(0) })
    }

    fn answer(&self, request: &RequestHead) -> HttpResponse {
        with_provenance(self.page.answer(request), "halles; hit", std::time::Duration::ZERO)
    }

    /// How often the handler was asked since the last time.
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

async fn page(shelf: web::Data<Shelf>, visitor: Visitor, request: HttpRequest) -> HttpResponse {
    shelf.asked.fetch_add(1, Ordering::SeqCst);
    offer_shortcut(&request, || {
        let shelf = Arc::clone(&shelf);
        move |request: &RequestHead| shelf.is_ready.load(Ordering::SeqCst).then(|| shelf.answer(request))
    });
    let mut answer = shelf.answer(request.head());
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, header::HeaderValue::from_static(visitor.language.code()));
    answer
}

fn open(shelf: &Arc<Shelf>) -> RunningServer {
    let signing = SigningSettings { secret: "0123456789abcdef0123456789abcdef".into(), ..SigningSettings::default() };
    let shelf = web::Data::from(Arc::clone(shelf));
    Server::new("halles-test", settings(), Signer::new(&signing), Readiness::new(), telemetry())
        .start(move |app| {
            app.app_data(shelf.clone()).route("/express/{name}", web::get().to(page));
        })
        .expect("a server on free ports")
}

#[tokio::test]
async fn the_second_request_is_answered_at_once_and_alike() {
    let shelf = Shelf::new();
    let server = open(&shelf);
    let ask = async |encoding: &str| {
        let request = client().get(server.url("/express/a?b=c")).header("x-request-id", "x");
        request.header("accept-encoding", encoding).header("x-forwarded-proto", "https").send().await.unwrap()
    };
    let first = ask("gzip").await;
    assert_eq!(shelf.asked(), 1);
    for encoding in ["gzip", "br", "identity"] {
        let second = ask(encoding).await;
        assert_eq!((second.status().as_u16(), shelf.asked()), (200, 0), "{encoding}");
        let expected = if encoding == "identity" { None } else { Some(encoding) };
        let got = second.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(got.as_deref(), expected);
    }
    // All but the language, which only the handler of this test writes down, and the clock.
    let mut heads = [first, ask("gzip").await].map(|answer| answer.headers().clone());
    for head in &mut heads {
        head.remove("content-language");
        head.remove("date");
    }
    assert_eq!(heads[0], heads[1]);
    assert!(heads[1].contains_key("strict-transport-security") && heads[1].contains_key("content-security-policy"));
    server.stop().await;
}

#[tokio::test]
async fn whatever_could_make_a_difference_goes_the_usual_way() {
    let shelf = Shelf::new();
    let server = open(&shelf);
    let get = || client().get(server.url("/express/a")).header("accept-language", "fr");
    get().send().await.unwrap();
    get().send().await.unwrap();
    assert_eq!(shelf.asked(), 1, "the second was answered at once");
    let others = [
        get().header("cookie", "basket=1"),
        get().header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        get().body("with a body"),
        client().get(server.url("/express/a")).header("accept-language", "en"),
        client().get(server.url("/express/a?x")).header("accept-language", "fr"),
        client().head(server.url("/express/a")).header("accept-language", "fr"),
    ];
    for (number, request) in others.into_iter().enumerate() {
        assert_eq!(request.send().await.unwrap().status(), 200);
        assert_eq!(shelf.asked(), 1, "request {number}");
    }
    shelf.is_ready.store(false, Ordering::SeqCst);
    get().send().await.unwrap();
    assert_eq!(shelf.asked(), 1, "what is not ready is made");
    server.stop().await;
}

#[tokio::test]
async fn whoever_has_it_hears_so_and_both_ways_are_counted_together() {
    let shelf = Shelf::new();
    let server = open(&shelf);
    let url = server.url("/express/counted");
    let tag = client().get(&url).send().await.unwrap().headers()["etag"].clone();
    for _ in 0..3 {
        let again = client().get(&url).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
    }
    client().get(&url).send().await.unwrap();
    assert_eq!(shelf.asked(), 1);
    let metrics = client().get(server.admin_url("/metrics")).send().await.unwrap().text().await.unwrap();
    let count = |status: &str| {
        let counted = metrics.lines().filter(|line| line.starts_with("http_server_request_duration_seconds_count"));
        let of_page = counted.filter(|line| line.contains("/express/{name}") && line.contains(status));
        of_page.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum::<u64>()
    };
    // Other tests of this process are counted by the same meters.
    assert!(count("\"200\"") >= 2 && count("\"304\"") >= 3, "{metrics}");
    server.stop().await;
}
