//! The experiments of some targets, in one table.

use crate::{
    api::Client,
    model::{Problem, Shortfall, Shortfalls, Target},
    table::SheetBuilder,
};

/// Loads the experiments of all targets. Those of one that cannot be read are missing from the table.
///
/// # Errors
/// What concerns every list, and if the experiments of no target can be read.
pub async fn read_experiments(
    client: &Client,
    targets: &[Target],
    builder: &mut SheetBuilder,
    shortfalls: &mut Shortfalls,
    mut on_rows: impl FnMut(&SheetBuilder),
) -> Result<(), Problem> {
    let mut failed = Shortfall::default();
    for (place, target) in targets.iter().enumerate() {
        builder.begin_target(place);
        let received = client.experiments(Some(target.id), builder, |builder, _| on_rows(builder));
        let mut shortfall = Shortfall::default();
        match received.await {
            Ok(received) => shortfall.add_read(received.complete, received.unreadable),
            Err(error) => {
                let name = format!("experiments of {}", target.key);
                shortfall.add_unread(name, error.problem())?;
                failed.add(shortfall.clone());
                shortfalls.add_unread_target(&target.key);
            }
        }
        shortfalls.add_of_target(&target.key, shortfall);
    }
    failed.problem_of_all(targets.len()).map_or(Ok(()), Err)
}
