//! The mails that came beside the moves of orders: one for each that was told, and none besides.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result};
use uuid::Uuid;

use super::checker::EXAMPLES;
use crate::psql::Psql;

/// A mail by what it is about: the number of the move, and the order.
type About = (i64, Uuid);

/// Compares the names of the mails that came with the moves that were told. Returns how many came, repeats left out, and
/// what is wrong.
pub async fn compare(psql: &Psql, register: &Path) -> Result<(u64, Vec<String>)> {
    let (came, mut wrong) = read(register)?;
    let mut is_told = vec![false; came.len()];
    let told = "SELECT id, order_id FROM order_transition WHERE mailed_at IS NOT NULL;";
    psql.each(told, |row| {
        let about: About = (row[0].parse()?, row[1].parse()?);
        match came.binary_search(&about) {
            Ok(place) => is_told[place] = true,
            Err(_) if wrong.len() < EXAMPLES => {
                wrong.push(format!("the mail about move {} of order {} was sent and did not come", about.0, about.1));
            }
            Err(_) => {}
        }
        Ok(())
    })
    .await?;
    let invented = came.iter().zip(is_told).filter(|(_, is_told)| !is_told).take(EXAMPLES);
    wrong.extend(
        invented
            .map(|((number, order), _)| format!("a mail about move {number} of order {order} came and was not sent")),
    );
    Ok((came.len() as u64, wrong))
}

/// What came, in order and each once; and names that mean nothing.
fn read(register: &Path) -> Result<(Vec<About>, Vec<String>)> {
    let file = File::open(register).context("the mailbox has left no register")?;
    let (mut came, mut wrong) = (Vec::new(), Vec::new());
    for line in BufReader::new(file).lines() {
        let line = line?;
        match about(&line) {
            Some(about) => came.push(about),
            None => wrong.push(format!("a mail called {line} came")),
        }
    }
    came.sort_unstable();
    came.dedup();
    wrong.truncate(EXAMPLES);
    Ok((came, wrong))
}

/// `<order-ORDER-MOVE@host>`
fn about(name: &str) -> Option<About> {
    let name = name.trim_start_matches('<').split('@').next()?.strip_prefix("order-")?;
    let (order, number) = name.rsplit_once('-')?;
    Some((number.parse().ok()?, order.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_what_it_is_about_and_counts_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("register");
        let name = "<order-0190c7a2-1b2c-8d3e-8f40-112233445566-17@halles.invalid>";
        std::fs::write(&path, format!("{name}\n{name}\n<7@elsewhere>\n")).expect("written");
        let (came, wrong) = read(&path).expect("readable");
        let order = "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID");
        assert_eq!(came, [(17, order)]);
        assert_eq!(wrong, ["a mail called <7@elsewhere> came"]);
    }
}
