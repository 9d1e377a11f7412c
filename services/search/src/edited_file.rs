//! What the shop's people edit while searches run, synonyms and rules: built in, or a file that is read again when it
//! changes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use halles_search_index::{Rules, SearchQuery, Synonyms};

/// How often a file is looked at: soon enough for whoever edits it, seldom enough to cost nothing.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Everything that people edit.
#[derive(Clone)]
pub(crate) struct Edited {
    synonyms: Arc<EditedFile<Synonyms>>,
    rules: Arc<EditedFile<Rules>>,
}

impl Edited {
    /// Uses these files; an empty path is for what is built in.
    pub(crate) fn new(synonyms: &Path, rules: &Path) -> Self {
        let synonyms = EditedFile::new("synonyms", synonyms, include_str!("../synonyms.txt"), |text| {
            Synonyms::parse(text).map_err(io::Error::other)
        });
        let rules = EditedFile::new("rules", rules, include_str!("../rules.txt"), |text| {
            Rules::parse(text).map_err(io::Error::other)
        });
        Self { synonyms: Arc::new(synonyms), rules: Arc::new(rules) }
    }

    /// Puts what is valid now into a query. May read the files, so it belongs on a thread that may wait.
    pub(crate) fn put_into(&self, query: &mut SearchQuery) {
        query.synonyms = self.synonyms.current();
        query.rules = self.rules.current();
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
    looked_at: Option<Instant>,
}

impl<T: Clone + Default> EditedFile<T> {
    fn new(name: &'static str, path: &Path, built_in: &str, parse: fn(&str) -> io::Result<T>) -> Self {
        let content = parse(built_in).unwrap_or_else(|error| {
            tracing::error!(%error, name, "what is built in cannot be understood; searching without");
            T::default()
        });
        let state = State { content, read_of: None, looked_at: None };
        Self { name, path: path.to_owned(), parse, state: Mutex::new(state) }
    }

    fn current(&self) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = state.looked_at.is_none_or(|looked_at| looked_at.elapsed() >= LOOK_AGAIN_AFTER);
        if is_due && !self.path.as_os_str().is_empty() {
            state.looked_at = Some(Instant::now());
            self.look(&mut state);
        }
        state.content.clone()
    }

    /// Reads the file if it has changed; what cannot be understood is not used.
    fn look(&self, state: &mut State<T>) {
        let modified = fs::metadata(&self.path).and_then(|metadata| metadata.modified());
        if modified.as_ref().ok().is_some_and(|modified| Some(*modified) == state.read_of) {
            return;
        }
        let read = modified.and_then(|modified| {
            let text = fs::read_to_string(&self.path)?;
            state.read_of = Some(modified);
            (self.parse)(&text)
        });
        match read {
            Ok(content) => {
                tracing::info!(path = %self.path.display(), name = self.name, "an edited file was read");
                state.content = content;
            }
            Err(error) => tracing::warn!(
                path = %self.path.display(), name = self.name, %error,
                "an edited file cannot be read; keeping what was valid before"
            ),
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
            let mut state = file.state.lock().expect("nobody else");
            file.look(&mut state);
            state.content.len()
        };
        assert!(file.current().is_empty(), "there is no file yet");
        let later = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(read_again("bol: hide 1\nbol: hide 2", later(1)), 2);
        assert_eq!(read_again("bol: push 1", later(2)), 2, "what was valid before stays");
        assert_eq!(read_again("bol: hide 1", later(2)), 2, "as far as one can see it has not changed");
        assert_eq!(read_again("bol: hide 1", later(3)), 1);
    }

    #[test]
    fn a_query_gets_both() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("rules.txt");
        fs::write(&path, format!("bol: pin {}", ListingId::new(7))).expect("a file");
        let mut query = SearchQuery::default();
        Edited::new(Path::new(""), &path).put_into(&mut query);
        assert!(!query.synonyms.is_empty());
        assert_eq!(query.rules.len(), 1);
    }
}
