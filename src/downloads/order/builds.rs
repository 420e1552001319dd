//! Builds on the server to which a download can come back, after a pause or in the next run of the program. Older
//! servers start a second build when they are asked twice.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::{
    api::{ArchiveHandle, TaskHandle},
    downloads::Engine,
    model::{DownloadRequest, Secret},
};

/// A build that was requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// The build may still be running.
    Task(TaskHandle),
    /// Done.
    Archive(ArchiveHandle),
}

/// Returns a fingerprint of a request, so that a build for another request is never fetched.
fn fingerprint(engine: &Engine, request: &DownloadRequest) -> String {
    let text = format!("{} {}", engine.client.server(), request.body());
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Returns the build that was requested for exactly this request, if one is kept.
pub(super) async fn recall(engine: &Engine, request: &DownloadRequest) -> Option<Build> {
    let (builds, id) = (Arc::clone(&engine.kept_builds), engine.id);
    let kept = tokio::task::spawn_blocking(move || builds.get(id));
    let kept = kept.await.ok()??;
    let rest = kept.expose().strip_prefix(&fingerprint(engine, request))?;
    read(rest)
}

fn read(text: &str) -> Option<Build> {
    let (kind, path) = text.strip_prefix(' ')?.split_once(' ')?;
    match kind {
        "task" => TaskHandle::from_kept(path).map(Build::Task),
        "archive" => ArchiveHandle::from_pasted(path).map(Build::Archive),
        _ => None,
    }
}

/// Keeps a build until its part has arrived.
pub(super) async fn remember(engine: &Engine, request: &DownloadRequest, build: &Build) {
    let (kind, path) = match build {
        Build::Task(task) => ("task", task.expose()),
        Build::Archive(handle) => ("archive", handle.expose()),
    };
    let kept = Secret::new(format!("{} {kind} {path}", fingerprint(engine, request)));
    let (builds, id) = (Arc::clone(&engine.kept_builds), engine.id);
    in_background(move || builds.set(id, kept)).await;
}

/// Forgets the build of a download.
pub(in crate::downloads) async fn forget(engine: &Engine) {
    let (builds, id) = (Arc::clone(&engine.kept_builds), engine.id);
    in_background(move || builds.forget(id)).await;
}

async fn in_background(work: impl FnOnce() + Send + 'static) {
    if let Err(error) = tokio::task::spawn_blocking(work).await {
        tracing::error!(%error, "a build could not be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_as_what_it_was_and_nothing_else() {
        let task = TaskHandle::from_kept("/viewer/task_status/1-2/").unwrap();
        assert_eq!(
            read(" task /viewer/task_status/1-2/"),
            Some(Build::Task(task))
        );
        let archive = ArchiveHandle::from_pasted("/code/media/x/A.tar.gz").unwrap();
        assert_eq!(
            read(" archive /code/media/x/A.tar.gz"),
            Some(Build::Archive(archive))
        );
        for text in [
            "",
            " ",
            " task",
            " task //other.example/x",
            " archive https://other.example/A.zip",
            " x /y",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
