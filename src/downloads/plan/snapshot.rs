//! What the server holds of the target when the plan is made.

use crate::{
    api::ApiResult,
    dataset::{Rows, Snapshot, wants_crystals},
    downloads::{context::Engine, error::DownloadError, retry::patiently},
};

/// What the server holds of the target; `None` where it would not say. Then the download continues without: what
/// is wrong shows in the order, and only later no one can say what has changed since.
pub(in crate::downloads) async fn snapshot(
    engine: &Engine,
) -> Result<Option<Snapshot>, DownloadError> {
    let found = patiently(engine, || snapshot_now(engine)).await;
    match found {
        Ok(snapshot) => Ok(snapshot),
        Err(error) if is_fatal(engine, &error) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "what the server holds could not be noted");
            Ok(None)
        }
    }
}

/// Codes have to be compared; anything else would only be good to know.
fn is_fatal(engine: &Engine, error: &DownloadError) -> bool {
    let job = &engine.job;
    let needs_it = !job.request.codes.is_empty() || job.in_parts || job.renews.is_some();
    needs_it || error.is_of_the_line()
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
    // Only for comparing later: a server without this list still has its observations.
    let uploads = uploads.map_or_else(|_| Vec::new(), |uploads| uploads.rows);
    Ok(rows?.map(|rows| rows.snapshot(request, &uploads)))
}
