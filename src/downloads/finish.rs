//! The last steps: parts together, the report, and the final names.

use std::{fs, path::PathBuf, sync::Arc};

use super::{
    DownloadError, Engine, FileRecord, Finished, Job, JobId, Report, Stage,
    manifest::{ArchiveRecord, Manifest, Written},
    merge, place,
    unpack::{Tables, sync_tree},
    work::{PartRecord, Work},
};

/// Notes that a part is whole, on a thread that may wait for the disk.
pub(super) async fn keep_part(
    engine: &Arc<Engine>,
    work: Work,
    number: usize,
    record: PartRecord,
) -> Result<Work, DownloadError> {
    let keeps_archive = engine.job.keeps_archive();
    blocking(move || {
        work.finish_part(number, &record, keeps_archive)?;
        Ok(work)
    })
    .await
}

/// Gives the results their names.
pub(super) async fn finish(
    engine: &Arc<Engine>,
    work: Work,
    server_version: Option<String>,
) -> Result<Finished, DownloadError> {
    engine.stage(Stage::Reporting);
    let engine = Arc::clone(engine);
    blocking(move || finish_now(&engine, work, server_version)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DownloadError> + Send + 'static,
) -> Result<T, DownloadError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the last step ended unexpectedly");
            Err(DownloadError::Crashed)
        })
}

/// The files of all parts in one folder.
struct Whole {
    folder: Option<PathBuf>,
    files: Vec<FileRecord>,
    tables: Tables,
}

fn finish_now(
    engine: &Engine,
    mut work: Work,
    server_version: Option<String>,
) -> Result<Finished, DownloadError> {
    let job = &engine.job;
    let parts = work.finished(job);
    let whole = put_together(job, &work, &parts)?;
    let unknown = work.plan().unknown.clone();
    let report = Report::judge(&job.request, &whole.files, &whole.tables, &unknown);
    let now = (engine.clock)();
    let date = now.strftime("%Y-%m-%d").to_string();
    let archives = place_archives(job, &mut work, &parts, &date)?;
    let manifest = Manifest {
        download: engine.id,
        server: engine.client.server().as_str(),
        server_version,
        finished: now.timestamp().to_string(),
        request: &job.request,
        report: &report,
        archives: parts
            .iter()
            .enumerate()
            .map(|(number, part)| ArchiveRecord::new(part, archives.get(number)))
            .collect(),
        files: &whole.files,
    };
    let name = place::folder_name(&job.request.target);
    let (place, before) = if let Some(folder) = &whole.folder {
        manifest.write(folder)?;
        sync_tree(folder)?;
        place::name_folder(folder, &job.parent, name.as_str(), job.placing, &date)?
    } else {
        let archive = archives.first().ok_or(DownloadError::Crashed)?;
        manifest.write_beside(archive)?;
        (archive.clone(), None)
    };
    Work::remove(job, engine.id)?;
    place::forget_mark(&job.parent, engine.id);
    place::sync_folder(&job.parent);
    Ok(Finished {
        place,
        before,
        report,
    })
}

fn put_together(job: &Job, work: &Work, parts: &[PartRecord]) -> Result<Whole, DownloadError> {
    match parts {
        [] => Err(DownloadError::Crashed),
        [only] => Ok(Whole {
            folder: job.unpack.then(|| work.tree(0)),
            files: only.files.clone(),
            tables: only.tables.clone(),
        }),
        several if job.unpack => {
            let folder = work.whole()?;
            let (files, tables) = merge::merge(work, several, &folder)?;
            Ok(Whole {
                folder: Some(folder),
                files,
                tables,
            })
        }
        // Several archives, and nothing unpacked: each stands for itself, so the report looks at all of them.
        several => Ok(Whole {
            folder: None,
            files: several.iter().flat_map(|part| part.files.clone()).collect(),
            tables: merge::tables_of(several)?,
        }),
    }
}

/// Gives the archives that are kept their names. The hidden folder keeps them too until the very end, so that
/// this can be done again.
fn place_archives(
    job: &Job,
    work: &mut Work,
    parts: &[PartRecord],
    date: &str,
) -> Result<Vec<PathBuf>, DownloadError> {
    if !job.keeps_archive() {
        return Ok(Vec::new());
    }
    let name = place::folder_name(&job.request.target);
    let mut placed = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let from = work.kept_archive(number, part.format);
        if let Some(done) = work.plan().placed.get(number) {
            let is_it = fs::metadata(done).is_ok_and(|data| data.len() == part.bytes);
            if is_it {
                placed.push(done.clone());
                continue;
            }
        }
        let dated = if parts.len() > 1 {
            format!("{name}_{date} part {} of {}", number + 1, parts.len())
        } else {
            format!("{name}_{date}")
        };
        let to = place::name_file(&from, &job.parent, &dated, part.format.ending())?;
        placed.push(to);
        work.note_places(&placed)?;
    }
    Ok(placed)
}

/// What an earlier run of this download has finished without having been able to say so.
pub(super) fn found(job: &Job, id: JobId) -> Option<Finished> {
    let name = place::folder_name(&job.request.target);
    let entries = fs::read_dir(&job.parent).ok()?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(name.as_str())
        })
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths.into_iter().find_map(|place| {
        let written = Written::of(&place)?;
        (written.download == Some(id)).then_some(Finished {
            place,
            before: None,
            report: written.report,
        })
    })
}
