//! How generations travel, and what happens when something goes wrong on the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use halles_domain::ListingId;
use halles_search_index::{
    Base, Commit, IndexWriter, Kept, Manifest, ManifestFile, SCHEMA_VERSION, SnapshotError, Upkeep,
};
use uuid::Uuid;

use crate::corpus::{Place, WRITER, found, index_of, insert, listing, open, position};

/// The files below a directory of the store.
fn objects(place: &Place, kind: &str) -> Vec<PathBuf> {
    let directory = place.directory.path().join("store").join(format!("schema-{SCHEMA_VERSION}")).join(kind);
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

async fn publish(place: &Place, base: &Base, writer: &mut IndexWriter, row: i64) -> Manifest {
    let commit = writer.commit(position(row)).expect("a commit");
    place.snapshots.publish(base, &commit, Uuid::new_v4()).await.expect("a generation")
}

/// The newest generation, read back from the store.
async fn newest(place: &Place) -> Manifest {
    let generations = place.snapshots.list_generations_after(None).await.expect("a list");
    let newest = generations.last().expect("a generation");
    place.snapshots.fetch_manifest(*newest).await.expect("a manifest")
}

#[tokio::test]
async fn the_next_generation_brings_only_what_is_new() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let files_before = objects(&place, "files").len();

    insert(&mut writer, &listing(2, "Bol"));
    writer.delete(ListingId::new(1));
    let second = publish(&place, &Base::from(&first), &mut writer, 2).await;
    assert_eq!((second.generation, second.position, second.documents), (2, position(2), 1));
    assert_eq!(newest(&place).await, second);
    let fresh = second.files.iter().filter(|file| !first.files.contains(file)).count();
    assert_eq!(objects(&place, "files").len(), files_before + fresh, "known files are not sent again");

    assert_eq!(found(&open(&place, &first).await, "bol"), [1]);
    assert_eq!(found(&open(&place, &second).await, "bol"), [2]);
}

#[tokio::test]
async fn nothing_new_is_a_generation_with_the_same_files() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let second = publish(&place, &Base::from(&first), &mut writer, 9).await;
    assert!(second.has_same_files(&first));
    assert_eq!(second.position, position(9));
}

#[tokio::test]
async fn an_empty_index_can_be_published_and_searched() {
    let (_place, index) = index_of(&[]).await;
    assert_eq!(index.documents(), 0);
    assert_eq!(found(&index, "bol"), Vec::<i64>::new());
}

#[tokio::test]
async fn another_writer_continues_where_the_first_one_stopped() {
    let place = Place::new();
    let mut first_writer = place.writer("first");
    insert(&mut first_writer, &listing(1, "Assiette"));
    let first = publish(&place, &Base::default(), &mut first_writer, 5).await;
    drop(first_writer);

    let directory = place.directory.path().join("second");
    place.snapshots.fetch_for_writing(&first, &directory).await.unwrap();
    let mut second_writer = IndexWriter::resume(&directory, WRITER).unwrap();
    assert_eq!(second_writer.last_commit().unwrap().position, position(5));
    insert(&mut second_writer, &listing(2, "Tasse"));
    insert(&mut second_writer, &listing(1, "Vase"));
    let second = publish(&place, &Base::from(&first), &mut second_writer, 6).await;
    let index = open(&place, &second).await;
    assert_eq!((found(&index, "tasse"), found(&index, "vase")), (vec![2], vec![1]));
    assert_eq!(found(&index, "assiette"), Vec::<i64>::new(), "replaced");
}

#[tokio::test]
async fn of_two_writers_exactly_one_gets_the_generation() {
    let place = Place::new();
    let mut one = place.writer("one");
    let mut other = place.writer("other");
    insert(&mut one, &listing(1, "Bol"));
    insert(&mut other, &listing(2, "Vase"));
    let (one, other) = (one.commit(position(1)).unwrap(), other.commit(position(1)).unwrap());
    let nothing_yet = Base::default();
    let (one, other) = tokio::join!(
        place.snapshots.publish(&nothing_yet, &one, Uuid::new_v4()),
        place.snapshots.publish(&nothing_yet, &other, Uuid::new_v4()),
    );
    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    assert!(matches!(lost, Err(SnapshotError::Overtaken { generation: 1 })));
    assert_eq!(newest(&place).await, won.unwrap());
}

#[tokio::test]
async fn files_of_two_writers_with_the_same_names_stay_apart() {
    // Both continue the same generation and delete different listings: the engine names both lists of deletions alike.
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    insert(&mut writer, &listing(2, "Bol"));
    insert(&mut writer, &listing(3, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let mut manifests = Vec::new();
    for (name, deleted) in [("one", 1), ("other", 2)] {
        let directory = place.directory.path().join(name);
        place.snapshots.fetch_for_writing(&first, &directory).await.unwrap();
        let mut writer = IndexWriter::resume(&directory, WRITER).unwrap();
        writer.delete(ListingId::new(deleted));
        let commit = writer.commit(position(2)).unwrap();
        manifests.push(place.snapshots.publish(&Base::from(&first), &commit, Uuid::new_v4()).await);
    }
    assert!(matches!(manifests[1], Err(SnapshotError::Overtaken { .. })));
    let index = open(&place, manifests[0].as_ref().unwrap()).await;
    assert_eq!(found(&index, "bol"), [3, 2], "the winner's deletion counts, not the loser's");
}

#[tokio::test]
async fn a_changed_byte_is_noticed_and_the_old_generation_stays() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let mut reader = place.reader().await;
    let index = reader.open_generation(&place.snapshots, &first).await.unwrap();
    let known = objects(&place, "files");

    insert(&mut writer, &listing(2, "Bol"));
    let second = publish(&place, &Base::from(&first), &mut writer, 2).await;
    let fresh = objects(&place, "files").into_iter().find(|path| !known.contains(path)).unwrap();
    let original = fs::read(&fresh).unwrap();
    for damage in [flip_last_byte(&original), original[..original.len() / 2].to_vec(), Vec::new()] {
        fs::write(&fresh, damage).unwrap();
        let refused = reader.open_generation(&place.snapshots, &second).await;
        assert!(matches!(refused, Err(SnapshotError::Damaged { .. })));
        assert_eq!(found(&index, "bol"), [1]);
    }
    fs::write(&fresh, original).unwrap();
    let index = reader.open_generation(&place.snapshots, &second).await.unwrap();
    assert_eq!(found(&index, "bol"), [2, 1], "the same generation once it is whole");
}

fn flip_last_byte(bytes: &[u8]) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    *flipped.last_mut().expect("a byte") ^= 1;
    flipped
}

#[tokio::test]
async fn a_file_that_is_gone_is_an_error_and_not_a_crash() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    fs::remove_file(&objects(&place, "files")[0]).unwrap();
    let refused = place.reader().await.open_generation(&place.snapshots, &first).await;
    assert!(refused.is_err_and(|error| error.is_absent()));
}

#[tokio::test]
async fn what_an_earlier_process_left_behind_is_checked_before_it_is_used() {
    let (place, index) = index_of(&[listing(1, "Bol")]).await;
    drop(index);
    let local = place.directory.path().join("reader");
    let damaged = first_file(&local);
    fs::write(&damaged, flip_last_byte(&fs::read(&damaged).unwrap())).unwrap();
    let manifest = newest(&place).await;
    assert_eq!(found(&open(&place, &manifest).await, "bol"), [1], "fetched again");
}

fn first_file(directory: &Path) -> PathBuf {
    let mut entries = fs::read_dir(directory).expect("a directory");
    entries.next().expect("a file").expect("an entry").path()
}

#[tokio::test]
async fn half_written_uploads_are_invisible() {
    let (place, _index) = index_of(&[listing(1, "Bol")]).await;
    let manifests = place.directory.path().join(format!("store/schema-{SCHEMA_VERSION}/manifests"));
    // What a process that died in the middle of creating the next manifest leaves behind.
    let published = fs::read(first_file(&manifests)).unwrap();
    fs::write(manifests.join("manifest-00000000000000000002.json#1"), &published[..20]).unwrap();
    assert_eq!(newest(&place).await.generation, 1);
}

#[tokio::test]
async fn a_damaged_manifest_is_refused_and_can_be_continued_past() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let manifests = place.directory.path().join(format!("store/schema-{SCHEMA_VERSION}/manifests"));
    fs::write(manifests.join("manifest-00000000000000000002.json"), "{\"generation\": 2").unwrap();
    assert!(matches!(place.snapshots.fetch_manifest(2).await, Err(SnapshotError::Damaged { .. })));

    let past_the_damage = Base { generation: 2, ..Base::from(&first) };
    let third = publish(&place, &past_the_damage, &mut writer, 2).await;
    assert_eq!(third.generation, 3);
    assert_eq!(newest(&place).await, third);
}

/// Publishes six generations in each of which the one listing was changed; returns the last with its commit.
async fn publish_six(place: &Place) -> (Manifest, Commit) {
    let mut writer = place.writer("writer");
    let mut base = Base::default();
    let mut last = None;
    for round in 1..=6 {
        insert(&mut writer, &listing(1, "Bol"));
        let commit = writer.commit(position(round)).expect("a commit");
        let manifest = place.snapshots.publish(&base, &commit, Uuid::new_v4()).await.expect("a generation");
        base = Base::from(&manifest);
        last = Some((manifest, commit));
    }
    last.expect("six generations")
}

#[tokio::test]
async fn garbage_goes_and_what_is_needed_stays() {
    let place = Place::new();
    let (newest, commit) = publish_six(&place).await;
    let files = objects(&place, "files").len();

    let mut patient = Upkeep::new(place.snapshots.clone(), Duration::from_secs(3_600));
    for _ in 0..2 {
        assert_eq!(patient.round(&newest, &commit).await.unwrap(), Kept::default(), "within the grace period");
    }
    let mut impatient = Upkeep::new(place.snapshots.clone(), Duration::ZERO);
    let first = impatient.round(&newest, &commit).await.unwrap();
    assert_eq!((first.manifests, first.files), (5, 0), "a file is not deleted when it is seen for the first time");
    let second = impatient.round(&newest, &commit).await.unwrap();
    assert_eq!((second.manifests, second.files), (0, files - newest.files.len()));
    assert_eq!(place.snapshots.list_generations_after(None).await.unwrap(), [6]);
    assert_eq!(found(&open(&place, &newest).await, "bol"), [1]);
}

#[tokio::test]
async fn upkeep_needs_no_manifest_to_be_readable() {
    let place = Place::new();
    let (newest, commit) = publish_six(&place).await;
    for manifest in objects(&place, "manifests") {
        fs::write(manifest, "not what it was").unwrap();
    }
    let mut upkeep = Upkeep::new(place.snapshots.clone(), Duration::ZERO);
    assert_eq!(upkeep.round(&newest, &commit).await.unwrap().manifests, 5);
    assert!(upkeep.round(&newest, &commit).await.unwrap().files > 0);
    assert_eq!(objects(&place, "files").len(), newest.files.len());
}

#[tokio::test]
async fn what_is_lost_or_damaged_in_the_store_is_uploaded_again() {
    let place = Place::new();
    let (newest, commit) = publish_six(&place).await;
    let object = |number: usize| {
        let ManifestFile { name, size, crc32 } = &newest.files[number];
        let directory = place.directory.path().join("store").join(format!("schema-{SCHEMA_VERSION}"));
        directory.join("files").join(format!("{name}.{size}.{crc32:08x}"))
    };
    let mut upkeep = Upkeep::new(place.snapshots.clone(), Duration::from_secs(3_600));
    fs::remove_file(object(0)).unwrap();
    fs::write(object(1), b"").unwrap();
    assert_eq!(upkeep.round(&newest, &commit).await.unwrap().restored, 2, "seen at once, by name and size");

    // A flipped bit is seen when the file's turn comes to be read back.
    let whole = fs::read(object(2)).unwrap();
    fs::write(object(2), flip_last_byte(&whole)).unwrap();
    let mut restored = 0;
    for _ in 0..newest.files.len() {
        restored += upkeep.round(&newest, &commit).await.unwrap().restored;
    }
    assert_eq!(restored, 1);
    assert_eq!(fs::read(object(2)).unwrap(), whole);
    assert_eq!(found(&open(&place, &newest).await, "bol"), [1]);
}

#[tokio::test]
async fn a_reader_keeps_only_what_it_needs() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol"));
    let first = publish(&place, &Base::default(), &mut writer, 1).await;
    let mut reader = place.reader().await;
    let old = reader.open_generation(&place.snapshots, &first).await.unwrap();
    insert(&mut writer, &listing(1, "Vase"));
    let second = publish(&place, &Base::from(&first), &mut writer, 2).await;
    let new = reader.open_generation(&place.snapshots, &second).await.unwrap();

    reader.keep_only(&[&second]).await.unwrap();
    let left = fs::read_dir(place.directory.path().join("reader")).unwrap().count();
    assert_eq!(left, second.files.len());
    assert_eq!(found(&old, "bol"), [1], "queries on the old generation are not disturbed");
    assert_eq!(found(&new, "vase"), [1]);
}
