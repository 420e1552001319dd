//! The last steps: merging parts, the report, and the final names.

pub(super) mod combine;
pub(super) mod derived;
pub(super) mod existing;
mod gain;
pub(super) mod merge;
pub(super) mod naming;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use self::derived::DerivedFiles;
use super::{
    DownloadError, Engine, Finished, Job, Stage,
    context::blocking,
    work_dir::{WorkDir, records::PartRecord},
};
use crate::{
    dataset::{
        self, ArchiveRecord, FailedParts, FileRecord, Found, Manifest, Record, Report, Tables,
    },
    disk::{self, sync_tree},
};

/// Records that a part is complete, on a thread that may block on the disk.
pub(super) async fn keep_part(
    engine: &Arc<Engine>,
    work: WorkDir,
    number: usize,
    record: PartRecord,
) -> Result<WorkDir, DownloadError> {
    let keeps_archive = engine.job.keeps_archive();
    blocking(engine, move || {
        work.finish_part(number, &record, keeps_archive)?;
        Ok(work)
    })
    .await
}

/// Gives the results their final names.
pub(super) async fn finish(
    engine: &Arc<Engine>,
    work: WorkDir,
    server_version: Option<String>,
) -> Result<Finished, DownloadError> {
    engine.stage(Stage::Reporting);
    let own = Arc::clone(engine);
    blocking(engine, move || finish_now(&own, work, server_version)).await
}

/// The files of all parts in one folder.
struct Assembled {
    folder: Option<PathBuf>,
    files: Vec<FileRecord>,
    tables: Tables,
}

/// Records the final name of a single file: a number may have been added to it.
fn record_final_name(files: &mut [FileRecord], archives: &[PathBuf]) {
    let name = archives.first().and_then(|path| path.file_name());
    if let (Some(name), [file]) = (name, files) {
        file.path = name.to_string_lossy().into_owned();
    }
}

fn finish_now(
    engine: &Engine,
    mut work: WorkDir,
    server_version: Option<String>,
) -> Result<Finished, DownloadError> {
    let job = &engine.job;
    let parts = work.finished(job)?;
    let mut whole = match assemble(engine, &work, &parts) {
        Err(error @ (DownloadError::PartsDiffer { .. } | DownloadError::FolderChanged { .. }))
            if job.renews.is_some() =>
        {
            // The plan no longer applies; the next attempt makes a new one.
            remove_work(engine, &mut work);
            return Err(error);
        }
        together => together?,
    };
    let mut report = report_of(job, &work, &parts, &mut whole)?;
    // The last point at which a request to stop takes effect.
    if engine.cancelled.load(Ordering::Relaxed) {
        return Err(DownloadError::Cancelled);
    }
    if let Some(place) = gain::folder_to_keep(job, work.plan(), &mut report)? {
        return Ok(tidied(engine, &mut work, (place, None), report));
    }
    let now = (engine.clock)();
    let date = now.strftime("%Y-%m-%d").to_string();
    let archives = place_archives(job, &mut work, &parts, &date)?;
    if job.file.is_some() {
        record_final_name(&mut whole.files, &archives);
    }
    let asked = work.plan().asked(&job.request);
    let plan = work.plan();
    let renewal = plan.renewal.as_ref();
    let is_ordered = job.link.is_none() && job.file.is_none();
    let manifest = Manifest {
        download: engine.id,
        server: engine.client.server().as_str(),
        server_version,
        finished: now.timestamp().to_string(),
        // What an earlier build was requested for is not known.
        request: is_ordered.then_some(&asked),
        file: job.file.as_ref(),
        report: &report,
        archives: archive_records(job, &parts, &archives),
        files: &whole.files,
        snapshot: plan.snapshot.as_ref(),
        replaces: match renewal {
            Some(renewal) => renewal.replaces,
            None => gain::download_in_the_way(job),
        },
    };
    let (place, before) = name_result(job, &work, &whole, &manifest, &archives, &date)?;
    Ok(tidied(engine, &mut work, (place, before), report))
}

/// Removes what only the download needed, and returns its result.
fn tidied(
    engine: &Engine,
    work: &mut WorkDir,
    (place, before): (PathBuf, Option<PathBuf>),
    mut report: Report,
) -> Finished {
    report.notes.extend(remove_work(engine, work));
    naming::remove_marker(&engine.job.parent, engine.id);
    disk::sync_folder(&engine.job.parent);
    Finished {
        place,
        before,
        report,
    }
}

fn archive_records<'a>(
    job: &Job,
    parts: &'a [(usize, PartRecord)],
    archives: &[PathBuf],
) -> Vec<ArchiveRecord<'a>> {
    parts
        .iter()
        .filter(|_| job.file.is_none())
        .enumerate()
        .map(|(at, (_, part))| ArchiveRecord::new(part.bytes, &part.sha256, archives.get(at)))
        .collect()
}

/// Returns the report, including derived files.
fn report_of(
    job: &Job,
    work: &WorkDir,
    parts: &[(usize, PartRecord)],
    whole: &mut Assembled,
) -> Result<Report, DownloadError> {
    let made = make_derived(job, work, whole)?;
    let mut report = judge(job, work, parts, whole)?;
    report.notes.extend(work.plan().notes.iter().cloned());
    report.notes.extend(made.notes);
    report.made_here = made.paths;
    Ok(report)
}

/// Gives the folder its final name or, if nothing was unpacked, puts the record beside the archive.
fn name_result(
    job: &Job,
    work: &WorkDir,
    whole: &Assembled,
    manifest: &Manifest<'_>,
    archives: &[PathBuf],
    date: &str,
) -> Result<(PathBuf, Option<PathBuf>), DownloadError> {
    let Some(folder) = &whole.folder else {
        let archive = archives.first().ok_or(DownloadError::Crashed)?;
        manifest.write_beside(archive)?;
        return Ok((archive.clone(), None));
    };
    manifest.write(folder)?;
    sync_tree(folder)?;
    let placing = gain::destination(job, work.plan().renewal.as_ref())?;
    naming::name_folder(folder, &job.parent, job.name().as_str(), placing, date)
}

/// Removes the hidden folder. If that fails, the result does not change; the failure is returned as a sentence.
fn remove_work(engine: &Engine, work: &mut WorkDir) -> Option<String> {
    work.release();
    let error = WorkDir::remove(&engine.job, engine.id).err()?;
    tracing::warn!(%error, "the hidden folder of a download could not be removed");
    let folder = WorkDir::folder_of(&engine.job, engine.id);
    Some(format!(
        "The working folder of this download could not be removed. You can delete it: {}",
        folder.display()
    ))
}

/// Compares what was requested with what is there. Every part must be there, or known to be unavailable.
fn judge(
    job: &Job,
    work: &WorkDir,
    parts: &[(usize, PartRecord)],
    whole: &Assembled,
) -> Result<Report, DownloadError> {
    if job.link.is_some() || job.file.is_some() {
        return Ok(Report::of_received_files(&whole.files, &whole.tables));
    }
    let plan = work.plan();
    let mut lost: Option<FailedParts> = None;
    for (number, codes) in plan.parts.iter().enumerate() {
        if parts.iter().any(|(whole, _)| *whole == number) {
            continue;
        }
        // A part about which nothing is known must not be forgotten.
        let why = work.unavailable(number)?.ok_or(DownloadError::Crashed)?;
        let loss = lost.get_or_insert(FailedParts {
            codes: Vec::new(),
            why,
        });
        loss.codes.extend(codes.iter().cloned());
    }
    let mut asked = plan.asked(&job.request);
    if asked.codes.is_empty() {
        asked.codes = match (&plan.renewal, &plan.snapshot) {
            (Some(_), Some(now)) => now.codes().into_iter().map(str::to_owned).collect(),
            _ => plan.parts.concat(),
        };
    }
    let found = Found {
        listed: plan.snapshot.as_ref().map(|now| &now.observations[..]),
        unknown: &plan.unknown,
        is_unchecked: plan.is_unchecked,
        lost,
    };
    let mut report = Report::judge(&asked, &whole.files, &whole.tables, found);
    report.renewed = plan
        .renewal
        .as_ref()
        .map(|renewal| Box::new(gain::summary(renewal, &report)));
    Ok(report)
}

/// Makes what the server does not offer, and removes what was sent without being requested.
fn make_derived(
    job: &Job,
    work: &WorkDir,
    whole: &mut Assembled,
) -> Result<DerivedFiles, DownloadError> {
    let Some(folder) = &whole.folder else {
        return Ok(DerivedFiles::default());
    };
    if job.link.is_some() || job.file.is_some() {
        return Ok(DerivedFiles::default());
    }
    let asked = work.plan().asked(&job.request);
    let mut left_out = None;
    if work.plan().is_together {
        derived::leave_out(&asked, folder, &mut whole.files)?;
        left_out = Some(
            "this server sends the structure files only as a set; those that were not requested were removed"
                .to_owned(),
        );
    }
    let mut made = DerivedFiles::make(&asked, folder, &mut whole.files, &whole.tables)?;
    made.notes.extend(left_out);
    Ok(made)
}

fn assemble(
    engine: &Engine,
    work: &WorkDir,
    parts: &[(usize, PartRecord)],
) -> Result<Assembled, DownloadError> {
    let job = &engine.job;
    if let (Some(renewal), Some(folder)) = (&work.plan().renewal, &job.renews)
        && !renewal.keep.is_empty()
    {
        let whole = work.assembled()?;
        let fetched = merge::merge(work, parts, &whole)?;
        // Another download may have taken that name in the meantime.
        let old = Record::of(folder)?.filter(|old| old.download == renewal.replaces);
        let old = old.ok_or_else(|| DownloadError::FolderChanged {
            path: folder.join(dataset::MANIFEST),
        })?;
        let cancelled = &engine.cancelled;
        let (files, tables) = combine::combine(renewal, &old, folder, &whole, fetched, cancelled)?;
        return Ok(Assembled {
            folder: Some(whole),
            files,
            tables,
        });
    }
    match parts {
        [] => Err(DownloadError::Crashed),
        // What is removed here must stay in the part, which may be needed again.
        [(number, only)] if !(job.unpacks() && work.plan().is_together) => Ok(Assembled {
            folder: job.unpacks().then(|| work.tree(*number)),
            files: only.files.clone(),
            tables: only.tables.clone(),
        }),
        several if job.unpacks() => {
            let folder = work.assembled()?;
            let (files, tables) = merge::merge(work, several, &folder)?;
            Ok(Assembled {
                folder: Some(folder),
                files,
                tables,
            })
        }
        // Several archives, and nothing unpacked: each is on its own, so the report covers all of them.
        several => Ok(Assembled {
            folder: None,
            files: several
                .iter()
                .flat_map(|(_, part)| part.files.clone())
                .collect(),
            tables: merge::tables_of(several)?,
        }),
    }
}

/// Gives the kept archives their final names. The hidden folder keeps them too until the very end, so that this can
/// be repeated.
fn place_archives(
    job: &Job,
    work: &mut WorkDir,
    parts: &[(usize, PartRecord)],
    date: &str,
) -> Result<Vec<PathBuf>, DownloadError> {
    if !job.keeps_archive() {
        return Ok(Vec::new());
    }
    let name = job.name();
    let mut placed = Vec::new();
    for (at, (number, part)) in parts.iter().enumerate() {
        let from = work.kept_archive(*number, part.format);
        if let Some(done) = work.plan().placed.get(at)
            && disk::has_digest(done, part.bytes, &part.sha256, &AtomicBool::new(false))?
        {
            placed.push(done.clone());
            continue;
        }
        let dated = if parts.len() > 1 {
            format!("{name}_{date} part {} of {}", at + 1, parts.len())
        } else {
            format!("{name}_{date}")
        };
        let to = if job.file.is_some() {
            naming::name_file(&from, &job.parent, name.as_str(), &job.ending())?
        } else {
            naming::name_file(&from, &job.parent, &dated, part.format.ending())?
        };
        placed.push(to);
        work.note_places(&placed)?;
    }
    Ok(placed)
}
