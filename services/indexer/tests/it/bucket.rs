//! A bucket on a local server that speaks S3, and doors to it that a test can shut.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use halles_search_index::{IndexSettings, S3Settings};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, HttpResponse};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};

const NAME: &str = "halles";
const KEY: (&str, &str) = ("an-id", "a-secret");

/// The bucket.
pub struct Bucket {
    directory: TempDir,
    service: S3Service,
    /// S3 promises that of two that create an object one wins; this server looks first and writes afterwards.
    creating: Arc<Mutex<()>>,
}

/// A way to the bucket, for one process of several.
pub struct Door {
    endpoint: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    requests: AtomicUsize,
    /// The number of the request at which the door falls shut; 0 for never.
    shut_at: AtomicUsize,
    /// Whether that request is still carried out, and only its answer lost.
    answer_only: AtomicBool,
    is_shut: watch::Sender<bool>,
}

impl Bucket {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(directory.path().join(NAME)).expect("a bucket");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(directory.path()).expect("a file system"));
        builder.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        Self { directory, service: builder.build(), creating: Arc::default() }
    }

    /// Where its objects are, by their names.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join(NAME)
    }

    /// Another door to it.
    pub async fn door(&self) -> Door {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(State::default());
        let (service, creating, entered) = (self.service.clone(), Arc::clone(&self.creating), Arc::clone(&state));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, service.clone(), Arc::clone(&creating), Arc::clone(&entered)));
            }
        });
        Door { endpoint, state }
    }
}

impl Door {
    /// How an indexer or a reader reaches the bucket through it.
    pub fn settings(&self, work_dir: PathBuf) -> IndexSettings {
        let s3 = S3Settings {
            endpoint: self.endpoint.clone(),
            access_key_id: KEY.0.into(),
            secret_access_key: KEY.1.into(),
            ..S3Settings::default()
        };
        IndexSettings { store_url: format!("s3://{NAME}/an/index"), s3, work_dir }
    }

    /// Lets it fall shut at the n-th request from now on: either that one is not carried out any more, or it is and
    /// nobody learns of it.
    pub fn shut_at(&self, request: usize, answer_only: bool) {
        self.state.answer_only.store(answer_only, Ordering::SeqCst);
        self.state.shut_at.store(self.requests() + request, Ordering::SeqCst);
    }

    /// Opens it again.
    pub fn open(&self) {
        self.state.shut_at.store(0, Ordering::SeqCst);
        self.state.is_shut.send_replace(false);
    }

    pub fn is_shut(&self) -> bool {
        *self.state.is_shut.borrow()
    }

    /// How many requests came to it.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::SeqCst)
    }
}

impl State {
    /// Shuts the door. Who still waits when it is opened again is told that something went wrong.
    async fn nobody_answers(&self) -> Result<HttpResponse, HttpError> {
        self.is_shut.send_replace(true);
        let _ = self.is_shut.subscribe().wait_for(|is_shut| !is_shut).await;
        let mut answer = HttpResponse::new(Body::from(Bytes::new()));
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        Ok(answer)
    }
}

async fn serve(stream: TcpStream, service: S3Service, creating: Arc<Mutex<()>>, state: Arc<State>) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let (service, creating, state) = (service.clone(), Arc::clone(&creating), Arc::clone(&state));
        async move { pass(request, &service, &creating, &state).await }
    });
    // Whoever is killed breaks off in the middle.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn pass(
    request: Request<Incoming>,
    service: &S3Service,
    creating: &Mutex<()>,
    state: &State,
) -> Result<HttpResponse, HttpError> {
    let number = state.requests.fetch_add(1, Ordering::SeqCst) + 1;
    let shut_at = state.shut_at.load(Ordering::SeqCst);
    let is_last = shut_at > 0 && number == shut_at && state.answer_only.load(Ordering::SeqCst);
    let comes_too_late = shut_at > 0 && number >= shut_at && !is_last;
    if comes_too_late {
        return state.nobody_answers().await;
    }
    let answer = {
        let _one_at_a_time =
            if request.headers().contains_key("if-none-match") { Some(creating.lock().await) } else { None };
        service.call(request.map(Body::from)).await
    };
    if is_last {
        return state.nobody_answers().await;
    }
    answer
}
