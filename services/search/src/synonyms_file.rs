//! The list of synonyms: built in, or a file that is read again when it changes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use halles_search_index::Synonyms;

/// What is used until a file says otherwise.
const BUILT_IN: &str = include_str!("../synonyms.txt");

/// How often the file is looked at: soon enough for whoever edits it, seldom enough to cost nothing.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The synonyms that searches use now.
pub(crate) struct SynonymsFile {
    /// The file; empty for the built-in list.
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    synonyms: Synonyms,
    /// When the file was last changed, as far as it was read.
    read_of: Option<SystemTime>,
    looked_at: Option<Instant>,
}

impl SynonymsFile {
    /// Uses the file at `path`, or the built-in list when that is empty or cannot be read yet.
    pub(crate) fn new(path: &Path) -> Self {
        let synonyms = Synonyms::parse(BUILT_IN).unwrap_or_else(|error| {
            tracing::error!(%error, "the built-in synonyms cannot be understood; searching without");
            Synonyms::default()
        });
        Self { path: path.to_owned(), state: Mutex::new(State { synonyms, read_of: None, looked_at: None }) }
    }

    /// The list as it is now. May read the file, so it belongs on a thread that may wait.
    pub(crate) fn current(&self) -> Synonyms {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = state.looked_at.is_none_or(|looked_at| looked_at.elapsed() >= LOOK_AGAIN_AFTER);
        if is_due && !self.path.as_os_str().is_empty() {
            state.looked_at = Some(Instant::now());
            state.look(&self.path);
        }
        state.synonyms.clone()
    }
}

impl State {
    fn look(&mut self, path: &Path) {
        let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
        if modified.as_ref().ok().is_some_and(|modified| Some(*modified) == self.read_of) {
            return;
        }
        let read = modified.and_then(|modified| {
            let synonyms = Synonyms::parse(&fs::read_to_string(path)?).map_err(io::Error::other);
            self.read_of = Some(modified);
            synonyms
        });
        match read {
            Ok(synonyms) => {
                tracing::info!(path = %path.display(), phrases = synonyms.len(), "synonyms read");
                self.synonyms = synonyms;
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "synonyms cannot be read; keeping the list before")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_list_can_be_understood() {
        assert!(Synonyms::parse(BUILT_IN).is_ok_and(|synonyms| !synonyms.is_empty()));
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_bad_one_is_not_used() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("synonyms.txt");
        let mut state = State { synonyms: Synonyms::default(), read_of: None, looked_at: None };
        state.look(&path);
        assert!(state.synonyms.is_empty(), "there is no file yet");
        fs::write(&path, "bol, bowl").expect("a file");
        state.look(&path);
        assert_eq!(state.synonyms.len(), 2);
        let long_ago = fs::File::options().write(true).open(&path).expect("the file");
        fs::write(&path, "bol").expect("a file");
        long_ago.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        state.look(&path);
        assert_eq!(state.synonyms.len(), 2, "the list before stays");
    }
}
