//! How fast queries are answered: the way the service answers them, and by the engine alone.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use halles_search_index::yardstick::BareSearch;
use halles_search_index::{
    FacetsWanted, IndexSettings, LocalFiles, SearchIndex, SearchQuery, SearchText, Snapshots, Synonyms,
};
use serde::Serialize;

use crate::sides::{Side, order};

/// Longer than any query may ever take; what it takes is in the figures.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many requests each side answers before the next one does: what slows the machine down for a second slows all of
/// them.
const A_TURN: usize = 50;
/// What the service asks for, by default: one page, its price bands, and so many properties, values of each and shops.
const PAGE_SIZE: usize = 24;
const PRICE_EDGES_CENTS: [i64; 4] = [1_000, 2_500, 5_000, 10_000];
const PROPERTIES: usize = 6;
const VALUES: usize = 12;
const SHOPS: usize = 10;

/// What to ask of which index.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// The object store; its newest generation is asked
    #[arg(long)]
    store_url: String,
    /// Where to keep its files
    #[arg(long)]
    work_dir: PathBuf,
    /// The requests of one round, one a line, in their order
    #[arg(long)]
    queries: PathBuf,
    /// What else words may be called
    #[arg(long)]
    synonyms: PathBuf,
    /// How often each side is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Asked {
    documents: u64,
    /// From nothing but files in the object store to an index that answers.
    fetch_seconds: f64,
    /// The same with the files here already.
    open_seconds: f64,
    index_bytes: u64,
    requests: usize,
    different: usize,
    without_hits: usize,
    sides: Vec<Side>,
}

/// The sides, in the order of their names.
const OURS: usize = 0;
const OURS_PLAIN: usize = 1;
const BARE: usize = 2;
const BARE_TOP: usize = 3;
const BARE_FACETS: usize = 4;
const NAMES: [&str; 5] = ["ours", "ours_without_facets", "bare_count", "bare_top", "bare_facets"];

/// One query as each side asks it.
struct Question<'a> {
    with_facets: SearchQuery,
    plain: SearchQuery,
    bare: BareSearch<'a>,
}

/// Measures.
pub async fn run(args: &AskArgs) -> Result<Asked> {
    let snapshots = Snapshots::open(&IndexSettings { store_url: args.store_url.clone(), ..IndexSettings::default() })?;
    let newest = snapshots.list_generations_after(None).await?.pop().context("there is no index")?;
    let manifest = snapshots.fetch_manifest(newest).await?;
    let started = Instant::now();
    LocalFiles::open(&args.work_dir).await?.open_generation(&snapshots, &manifest).await?;
    let fetch_seconds = started.elapsed().as_secs_f64();
    // Another time, as a process does that finds the files of an earlier one.
    let started = Instant::now();
    let index = LocalFiles::open(&args.work_dir).await?.open_generation(&snapshots, &manifest).await?;
    let open_seconds = started.elapsed().as_secs_f64();

    let synonyms = Synonyms::parse(&fs::read_to_string(&args.synonyms)?)?;
    let requests = fs::read_to_string(&args.queries).context("the requests cannot be read")?;
    let (questions, asked) = questions(&requests, &index, &synonyms)?;
    ensure!(!asked.is_empty(), "there are no requests");
    let mut sides: Vec<Side> = NAMES.into_iter().map(Side::new).collect();
    for side in 0..sides.len() {
        // Once over everything, so that nobody pays for the others' first touch of a file.
        questions.iter().try_for_each(|question| answer(&index, question, side).map(drop))?;
    }
    for _ in 0..args.rounds {
        for (turn, from) in (0..asked.len()).step_by(A_TURN).enumerate() {
            let requests = from..asked.len().min(from + A_TURN);
            for side in order(turn, NAMES.len()) {
                let ask = |request: usize| answer(&index, &questions[asked[request]], side).map(drop);
                sides[side].take_turn(requests.clone(), ask)?;
            }
        }
        sides.iter_mut().for_each(Side::end_round);
    }
    let hits: Vec<usize> =
        questions.iter().map(|question| answer(&index, question, OURS)).collect::<Result<Vec<usize>>>()?;
    Ok(Asked {
        documents: index.documents(),
        fetch_seconds,
        open_seconds,
        index_bytes: manifest.files.iter().map(|file| file.size).sum(),
        requests: asked.len(),
        different: questions.len(),
        without_hits: hits.iter().filter(|hits| **hits == 0).count(),
        sides,
    })
}

/// Different questions, and the order in which they are asked.
fn questions<'a>(
    requests: &str,
    index: &'a SearchIndex,
    synonyms: &Synonyms,
) -> Result<(Vec<Question<'a>>, Vec<usize>)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut questions = Vec::new();
    let mut asked = Vec::new();
    for text in requests.lines() {
        let place = match places.get(text) {
            Some(place) => *place,
            None => {
                questions.push(question(text, index, synonyms)?);
                places.insert(text, questions.len() - 1);
                questions.len() - 1
            }
        };
        asked.push(place);
    }
    Ok((questions, asked))
}

fn question<'a>(text: &str, index: &'a SearchIndex, synonyms: &Synonyms) -> Result<Question<'a>> {
    let plain = SearchQuery {
        text: SearchText::new(text)?,
        limit: PAGE_SIZE,
        synonyms: synonyms.clone(),
        ..SearchQuery::default()
    };
    let price_edges_cents = PRICE_EDGES_CENTS.to_vec();
    let wanted = FacetsWanted { price_edges_cents, properties: PROPERTIES, values: VALUES, shops: SHOPS };
    let with_facets = SearchQuery { facets: Some(wanted), ..plain.clone() };
    let bare = index.bare(&with_facets, Instant::now() + PATIENCE)?;
    Ok(Question { with_facets, plain, bare })
}

/// Asks one question of one side; returns how many hits it has, as far as that side tells.
fn answer(index: &SearchIndex, question: &Question<'_>, side: usize) -> Result<usize> {
    let ours = |query: &SearchQuery| -> Result<usize> {
        Ok(usize::try_from(index.search(query, Instant::now() + PATIENCE)?.total)?)
    };
    match side {
        OURS => ours(&question.with_facets),
        OURS_PLAIN => ours(&question.plain),
        BARE => Ok(question.bare.count()?),
        BARE_TOP => Ok(question.bare.top()?),
        BARE_FACETS => Ok(question.bare.count_facets()?),
        _ => Ok(0),
    }
}
