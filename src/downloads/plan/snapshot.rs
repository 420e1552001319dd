//! What the server has for the target when the plan is made.

use crate::{
    api::ApiResult,
    dataset::{Rows, Snapshot, wants_crystals},
    downloads::{context::Engine, error::DownloadError, retry::with_retries},
};

/// Returns what the server holds of the target; `None` if it does not say. The download then continues without:
/// errors show in the order, and only later changes cannot be detected.
pub(in crate::downloads) async fn snapshot(
    engine: &Engine,
) -> Result<Option<Snapshot>, DownloadError> {
    let found = with_retries(engine, || snapshot_now(engine)).await;
    match found {
        Ok(snapshot) => Ok(snapshot),
        Err(error) if is_fatal(engine, &error) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "the snapshot of the server could not be taken");
            Ok(None)
        }
    }
}

/// Codes have to be compared; anything else is only nice to have.
fn is_fatal(engine: &Engine, error: &DownloadError) -> bool {
    let job = &engine.job;
    let needs_it = !job.request.codes.is_empty() || job.in_parts || job.renews.is_some();
    needs_it || error.is_connection_loss()
}

async fn snapshot_now(engine: &Engine) -> ApiResult<Option<Snapshot>> {
    let (client, request) = (&engine.client, &engine.job.request);
    let targets = client.targets().await?;
    let target = targets.rows.iter().find(|row| row.key == request.target);
    let Some(target) = target.map(|target| target.id) else {
        return Ok(None);
    };
    let (uploads, rows) = tokio::join!(
        client.uploads(Some(target)),
        Rows::fetch(client, target, wants_crystals(request), None)
    );
    // Only for later comparison: a server without this list still has its observations.
    let uploads = uploads.map_or_else(|_| Vec::new(), |uploads| uploads.rows);
    Ok(rows?.map(|rows| rows.snapshot(request, &uploads)))
}
