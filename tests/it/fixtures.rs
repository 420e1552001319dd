//! An engine with a demo server and a folder of its own, for tests that need no window.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use fragalysis_desktop::{
    api::{ApiResult, Client, ClientOptions, ListSummary},
    dataset::{JobId, MANIFEST, Outcome},
    demo::{ALICE, DemoOptions, DemoServer, Generation},
    downloads::{DownloadError, Engine, Finished, Job, Part, Timeouts, run},
    model::{DownloadRequest, FileSelection, Lookups, SessionToken, TargetId, TargetKey, Tas},
    table::{Sheet, SheetBuilder},
};
use tempfile::TempDir;

use crate::{
    downloads::job,
    harness::{assert_folder_is, files},
};

pub(crate) fn request(title: &str, codes: &[String], kinds: FileSelection) -> DownloadRequest {
    DownloadRequest {
        target: TargetKey {
            title: title.to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: codes.to_vec(),
        files: kinds,
        static_link: false,
    }
}

pub(crate) struct Bench {
    pub(crate) demo: DemoServer,
    pub(crate) home: TempDir,
    pub(crate) job: Job,
    pub(crate) id: JobId,
    pub(crate) parts: Arc<Mutex<Vec<Part>>>,
}

impl Bench {
    pub(crate) async fn new(options: DemoOptions, request: DownloadRequest) -> Self {
        let home = tempfile::tempdir().unwrap();
        let job = job(request, home.path());
        Self {
            demo: DemoServer::start(options).await.unwrap(),
            home,
            job,
            id: JobId::random(),
            parts: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> Client {
        let token = SessionToken::from_pasted(ALICE).unwrap();
        let options = ClientOptions::default();
        Client::new(self.demo.address().clone(), Some(token), options).unwrap()
    }

    pub(crate) fn engine(&self) -> Engine {
        let patience = Timeouts::shortened(0.001);
        let mut engine = Engine::new(self.id, self.client(), self.job.clone(), patience);
        let parts = Arc::clone(&self.parts);
        engine.on_part = Arc::new(move |part| parts.lock().unwrap().push(part));
        engine
    }

    pub(crate) async fn run(&self) -> Result<Finished, DownloadError> {
        run(self.engine()).await
    }

    pub(crate) fn assert_whole(&self, done: &Finished) {
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{}",
            done.report.summary()
        );
        assert_folder_is(&self.demo, &done.place, &self.job.request);
        let hidden: Vec<String> = files(self.home.path())
            .into_iter()
            .filter(|path| path.contains(".part"))
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }
}

pub(crate) fn options(generation: Generation) -> DemoOptions {
    DemoOptions {
        generation,
        rows: Some(300),
        build_time: Duration::from_millis(5),
        ..DemoOptions::default()
    }
}

/// Returns the pieces in order, without spaces around them and without empty ones.
fn sorted<'a>(pieces: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut pieces: Vec<&str> = pieces.map(str::trim).collect();
    pieces.retain(|piece| !piece.is_empty());
    pieces.sort_unstable();
    pieces
}

/// Compares a folder that came in parts with what one archive would have held. Tables and joined files are
/// compared by what is in them.
pub(crate) fn assert_same_content(demo: &DemoServer, folder: &Path, request: &DownloadRequest) {
    let meant: BTreeMap<String, Vec<u8>> = demo
        .members(request)
        .into_iter()
        .map(|member| (member.path, member.bytes))
        .collect();
    let found: Vec<String> = files(folder)
        .into_iter()
        .filter(|path| path != MANIFEST && !crate::harness::made_here(folder).contains(path))
        .collect();
    let found: BTreeSet<&String> = found.iter().collect();
    let names: BTreeSet<&String> = meant.keys().collect();
    let (lacks, extra) = (names.difference(&found), found.difference(&names));
    let (lacks, extra): (Vec<_>, Vec<_>) = (lacks.collect(), extra.collect());
    assert!(
        lacks.is_empty() && extra.is_empty(),
        "lacks {lacks:?}, has {extra:?}"
    );
    for (path, bytes) in &meant {
        let on_disk = fs::read(folder.join(path)).unwrap();
        let texts = [&on_disk, bytes].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        if path.ends_with("_combined.sdf") {
            // The servers write no ends between the structures; put together they have them.
            // The order is that of the parts.
            let ours = sorted(texts[0].split("M  END\n$$$$\n"));
            let is_same = on_disk == *bytes || ours == sorted(texts[1].split("M  END\n"));
            assert!(is_same, "{path} differs");
        } else if path == "errors.csv" && !meant.contains_key("metadata.csv") {
            // Only the table of observations says in which order the server lists them.
            let [ours, meant] = texts.each_ref().map(|text| sorted(text.lines()));
            assert_eq!(ours, meant);
        } else if path == "smiles.smi" {
            let [mut ours, mut meant] = texts.each_ref().map(|text| sorted(text.split(',')));
            ours.dedup();
            meant.dedup();
            assert_eq!(ours, meant);
        } else {
            assert!(
                on_disk == *bytes,
                "{path} differs{}",
                first_difference(&on_disk, bytes)
            );
        }
    }
}

/// In which line two texts differ, and how.
fn first_difference(is: &[u8], was_meant: &[u8]) -> String {
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        text.lines().map(str::to_owned).collect()
    };
    let (is, meant) = (lines(is), lines(was_meant));
    let other = is.iter().zip(&meant).position(|(is, meant)| is != meant);
    let other = other.unwrap_or(is.len().min(meant.len()));
    format!(
        " in line {other} of {} and {}: {:?} instead of {:?}",
        is.len(),
        meant.len(),
        is.get(other),
        meant.get(other)
    )
}

/// The experiments of a target, or of all, as a table.
pub(crate) async fn experiments(
    client: &Client,
    target: Option<TargetId>,
) -> ApiResult<(Sheet, ListSummary)> {
    let targets = client
        .targets()
        .await
        .map_or_else(|_| Vec::new(), |answer| answer.rows);
    let mut builder = SheetBuilder::new(targets);
    builder.begin_target(0);
    let received = client.experiments(target, &mut builder, |_, _| {}).await?;
    Ok((builder.finish(&Lookups::default()), received))
}

/// Waits until a condition holds, with a timeout.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting)
        .await
        .expect("waited in vain");
}
