//! Rounds: every side is measured once in each, and who begins changes.

use anyhow::Result;

/// Measures `sides` in turn, `rounds` times; returns the values of each side in the order of the rounds.
///
/// Each round begins with the next side and every second one goes backwards, so that nobody always finds the machine
/// warm, nor always follows the same neighbour.
pub async fn alternate(
    rounds: u32,
    sides: usize,
    mut measure: impl AsyncFnMut(usize) -> Result<f64>,
) -> Result<Vec<Vec<f64>>> {
    let mut values = vec![Vec::new(); sides];
    for round in 0..rounds as usize {
        for step in 0..sides {
            let forwards = (round / 2 + step) % sides;
            let side = if round % 2 == 0 { forwards } else { sides - 1 - forwards };
            values[side].push(measure(side).await?);
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn order(rounds: u32, sides: usize) -> String {
        let mut order = String::new();
        let values = alternate(rounds, sides, async |side| {
            order.push(['A', 'B', 'C'][side]);
            Ok(1.0)
        });
        assert!(values.await.expect("no side fails").iter().all(|values| values.len() == rounds as usize));
        order
    }

    #[tokio::test]
    async fn the_sides_take_turns_at_going_first() {
        assert_eq!(order(3, 2).await, "ABBABA");
        assert_eq!(order(4, 3).await, "ABCCBABCABAC");
    }
}
