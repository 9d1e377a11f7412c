//! What the shop's people edit while searches run, synonyms and rules: built in, or a file that is read again when it
//! changes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use halles_search_index::{Rules, SearchQuery, Synonyms};
use tokio::time::sleep;

/// How often a file is looked at: soon enough for whoever edits it, seldom enough to cost nothing.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Everything that people edit, as it was last read.
#[derive(Clone)]
pub(crate) struct Edited(Arc<Files>);

struct Files {
    synonyms: EditedFile<Synonyms>,
    rules: EditedFile<Rules>,
    /// How often any of them has changed.
    edition: AtomicU64,
}

impl Edited {
    /// Reads these files; an empty path is for what is built in.
    pub(crate) fn new(synonyms: &Path, rules: &Path) -> Self {
        let synonyms = EditedFile::new("synonyms", synonyms, include_str!("../synonyms.txt"), |text| {
            Synonyms::parse(text).map_err(io::Error::other)
        });
        let rules = EditedFile::new("rules", rules, include_str!("../rules.txt"), |text| {
            Rules::parse(text).map_err(io::Error::other)
        });
        let edited = Self(Arc::new(Files { synonyms, rules, edition: AtomicU64::new(0) }));
        edited.look();
        edited
    }

    /// Puts what is valid now into a query.
    pub(crate) fn put_into(&self, query: &mut SearchQuery) {
        query.synonyms = self.0.synonyms.current();
        query.rules = self.0.rules.current();
    }

    /// Another number whenever something has changed: what was found before may not be found any more.
    pub(crate) fn edition(&self) -> u64 {
        self.0.edition.load(Ordering::Acquire)
    }

    /// Looks at the files again and again. Never returns; may be dropped at any moment.
    pub(crate) async fn follow(self) {
        loop {
            sleep(LOOK_AGAIN_AFTER).await;
            let edited = self.clone();
            // A panic in there is logged by its thread, and the next look may go better.
            let _ = tokio::task::spawn_blocking(move || edited.look()).await;
        }
    }

    fn look(&self) {
        let (synonyms, rules) = (self.0.synonyms.look(), self.0.rules.look());
        if synonyms || rules {
            self.0.edition.fetch_add(1, Ordering::Release);
        }
    }
}

/// One file, as it is now.
struct EditedFile<T> {
    /// What it is called in the log.
    name: &'static str,
    /// Where it is; empty for what is built in.
    path: PathBuf,
    parse: fn(&str) -> io::Result<T>,
    state: Mutex<State<T>>,
}

struct State<T> {
    content: T,
    /// When the file was last changed, as far as it was read.
    read_of: Option<SystemTime>,
}

impl<T: Clone + Default> EditedFile<T> {
    fn new(name: &'static str, path: &Path, built_in: &str, parse: fn(&str) -> io::Result<T>) -> Self {
        let content = parse(built_in).unwrap_or_else(|error| {
            tracing::error!(%error, name, "what is built in cannot be understood; searching without");
            T::default()
        });
        let state = State { content, read_of: None };
        Self { name, path: path.to_owned(), parse, state: Mutex::new(state) }
    }

    fn current(&self) -> T {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).content.clone()
    }

    /// Reads the file if it has changed, and says whether it has; what cannot be understood is not used.
    fn look(&self) -> bool {
        if self.path.as_os_str().is_empty() {
            return false;
        }
        let modified = fs::metadata(&self.path).and_then(|metadata| metadata.modified());
        let read_of = self.state.lock().unwrap_or_else(PoisonError::into_inner).read_of;
        if modified.as_ref().ok().is_some_and(|modified| Some(*modified) == read_of) {
            return false;
        }
        let read = modified.and_then(|modified| Ok((modified, fs::read_to_string(&self.path)?)));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let content = read.and_then(|(modified, text)| {
            state.read_of = Some(modified);
            (self.parse)(&text)
        });
        match content {
            Ok(content) => {
                tracing::info!(path = %self.path.display(), name = self.name, "an edited file was read");
                state.content = content;
                true
            }
            Err(error) => {
                tracing::warn!(
                    path = %self.path.display(), name = self.name, %error,
                    "an edited file cannot be read; keeping what was valid before"
                );
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::ListingId;

    use super::*;

    #[test]
    fn what_is_built_in_can_be_understood() {
        assert!(Synonyms::parse(include_str!("../synonyms.txt")).is_ok_and(|synonyms| !synonyms.is_empty()));
        assert!(Rules::parse(include_str!("../rules.txt")).is_ok(), "whether it has any is up to the shop");
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_bad_one_is_not_used() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("rules.txt");
        let file = EditedFile::new("rules", &path, "", |text| Rules::parse(text).map_err(io::Error::other));
        let read_again = |text: &str, changed: SystemTime| {
            fs::write(&path, text).expect("a file");
            let written = fs::File::options().write(true).open(&path).expect("the file");
            written.set_modified(changed).expect("a time");
            (file.look(), file.current().len())
        };
        assert!(!file.look() && file.current().is_empty(), "there is no file yet");
        let later = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(read_again("bol: hide 1\nbol: hide 2", later(1)), (true, 2));
        assert_eq!(read_again("bol: push 1", later(2)), (false, 2), "what was valid before stays");
        assert_eq!(read_again("bol: hide 1", later(2)), (false, 2), "as far as one can see it has not changed");
        assert_eq!(read_again("bol: hide 1", later(3)), (true, 1));
    }

    #[test]
    fn a_query_gets_both() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("rules.txt");
        fs::write(&path, format!("bol: pin {}", ListingId::new(7))).expect("a file");
        let mut query = SearchQuery::default();
        let edited = Edited::new(Path::new(""), &path);
        edited.put_into(&mut query);
        assert!(!query.synonyms.is_empty());
        assert_eq!(query.rules.len(), 1);

        let edition = edited.edition();
        edited.look();
        assert_eq!(edited.edition(), edition, "nothing has changed");
        fs::write(&path, "bol: pin 7\nbol: hide 8").expect("a file");
        let written = fs::File::options().write(true).open(&path).expect("the file");
        written.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        edited.look();
        assert_ne!(edited.edition(), edition);
    }
}
