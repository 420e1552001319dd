//! Single-file downloads: complete, resumed, and never a web page in place of a structure.

use std::{collections::BTreeMap, fs, io::Write as _, sync::Arc};

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::{JobId, MANIFEST},
    demo::{ALICE, DemoServer, Faults, Generation},
    downloads::{DownloadError, Engine, Finished, Job, Stage, Timeouts, run},
    model::{
        DownloadRequest, Experiment, FileKind, FileSelection, MediaFile, Observation, SessionToken,
        Target, Tas,
    },
};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{downloads, fixtures, harness::files};

/// A server, one of its targets with a modelled crystal, and a folder.
struct Fixture {
    demo: DemoServer,
    home: TempDir,
    target: Target,
    experiment: Experiment,
    observation: Observation,
}

impl Fixture {
    async fn new(generation: Generation, tas: &str) -> Self {
        let demo = DemoServer::start(fixtures::options(generation))
            .await
            .unwrap();
        let client = client(&demo, true);
        let targets = client.targets().await.unwrap().rows;
        let is_meant =
            |target: &&Target| target.key.title == "A71EV2A" && target.key.tas == Tas::new(tas);
        let target = targets.iter().find(is_meant).unwrap().clone();
        let observations = client.observations(target.id).await.unwrap().rows;
        let observation = observations.first().unwrap().clone();
        let experiment = client.experiment(observation.experiment.unwrap()).await;
        Self {
            demo,
            home: tempfile::tempdir().unwrap(),
            target,
            experiment: experiment.unwrap(),
            observation,
        }
    }

    fn job(&self, file: MediaFile) -> Job {
        let request = DownloadRequest {
            target: self.target.key.clone(),
            codes: Vec::new(),
            files: FileSelection::default(),
            static_link: false,
        };
        Job {
            file: Some(file),
            ..downloads::job(request, self.home.path())
        }
    }

    fn reflections(&self) -> MediaFile {
        MediaFile::of_link(self.experiment.mtz_info.get().unwrap()).unwrap()
    }

    fn engine(&self, job: Job, is_member: bool) -> Engine {
        let client = client(&self.demo, is_member);
        Engine::new(JobId::random(), client, job, Timeouts::shortened(0.001))
    }

    async fn fetch(&self, file: MediaFile) -> Result<Finished, DownloadError> {
        run(self.engine(self.job(file), true)).await
    }

    /// What an archive with everything of the observation holds in a folder, by the file's name.
    fn in_the_archive(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut everything = FileSelection::default();
        for kind in FileKind::ALL {
            everything.set(kind, true);
        }
        let request = DownloadRequest {
            target: self.target.key.clone(),
            codes: vec![self.observation.code.or_empty().to_owned()],
            files: everything,
            static_link: false,
        };
        let members = self.demo.members(&request).into_iter();
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        members
            .filter(|member| member.path.starts_with(folder))
            .map(|member| (name(&member.path), member.bytes))
            .collect()
    }
}

fn client(demo: &DemoServer, is_member: bool) -> Client {
    let token = is_member.then(|| SessionToken::from_pasted(ALICE).unwrap());
    Client::new(demo.address().clone(), token, ClientOptions::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_a_crystal_can_be_downloaded_on_its_own_in_all_generations() {
    for generation in Generation::ALL {
        let shelf = Fixture::new(generation, "lb32627-66").await;
        let crystal = shelf.in_the_archive("crystallographic_files");
        let aligned = shelf.in_the_archive("aligned_files");
        let links = [&shelf.experiment.pdb_info, &shelf.experiment.mtz_info];
        let of_crystal = links
            .into_iter()
            .filter_map(|link| MediaFile::of_link(link.get()?));
        let of_ligand = shelf.observation.files.all().map(|(_, file)| file);
        let mut count = 0;
        let of_crystal = of_crystal.map(|file| (file, &crystal));
        for (file, meant) in of_crystal.chain(of_ligand.map(|file| (file, &aligned))) {
            let name = file.name();
            let done = shelf.fetch(file).await.unwrap();
            assert_eq!(
                done.place,
                shelf.home.path().join("data").join(name.as_str())
            );
            assert_eq!((done.report.files, done.report.missing.len()), (1, 0));
            // In an archive it bears the short code, and in 2024 the crystal's files bear it too.
            let short = name
                .as_str()
                .replace(
                    shelf.observation.longcode.or_empty(),
                    shelf.observation.code.or_empty(),
                )
                .replace("_ligand.mol", "_ligand.sdf");
            let old = short
                .replace(
                    shelf.experiment.code.or_empty(),
                    shelf.observation.code.or_empty(),
                )
                .replace("_ligand.sdf", "_ligand.mol");
            let bytes = meant.get(&short).or_else(|| meant.get(&old)).unwrap();
            assert!(fs::read(&done.place).unwrap() == *bytes, "{name}");
            let beside = format!("{}.{MANIFEST}", done.place.display());
            let words = fs::read_to_string(beside).unwrap();
            assert!(words.contains("\"file\": \"/media/"), "{words}");
            count += 1;
        }
        assert!(count > 8, "{count}");
        assert!(
            files(shelf.home.path())
                .iter()
                .all(|path| !path.contains(".part"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_resumes_after_a_lost_connection_and_a_restart() {
    let shelf = Fixture::new(Generation::G2026, "lb32627-66").await;
    shelf.demo.set_faults(Faults {
        cut_archive: true,
        ..Faults::default()
    });
    let file = shelf.reflections();
    let job = shelf.job(file.clone());
    let mut engine = shelf.engine(job.clone(), true);
    let id = engine.id;
    let (sender, mut broken) = watch::channel(false);
    engine.on_stage = Arc::new(move |stage| {
        if matches!(stage, Stage::WaitingForServer { .. }) {
            sender.send(true).ok();
        }
    });
    tokio::select! {
        ended = run(engine) => panic!("{ended:?}"),
        _ = broken.wait_for(|is_broken| *is_broken) => {}
    }
    // It has ended for good when it has noted how far it came.
    let folder = shelf.home.path().to_owned();
    let noted = move || {
        files(&folder)
            .into_iter()
            .find(|path| path.ends_with(".certain"))
    };
    fixtures::until(|| noted().is_some()).await;
    // As after a power cut: the file is longer than what had reached the disk, and its end is nothing.
    let part = shelf
        .home
        .path()
        .join(noted().unwrap())
        .with_extension("part");
    let mut torn = fs::OpenOptions::new().append(true).open(&part).unwrap();
    torn.write_all(&[0; 500]).unwrap();
    drop(torn);
    shelf.demo.set_faults(Faults::default());
    let mut engine = shelf.engine(job, true);
    engine.id = id;
    let (sender, begun) = watch::channel(None);
    engine.on_stage = Arc::new(move |stage| {
        if let Stage::Receiving { received, .. } = stage {
            sender.send_if_modified(|first| {
                first.is_none() && {
                    *first = Some(received);
                    true
                }
            });
        }
    });
    let done = run(engine).await.unwrap();
    let first = begun.borrow().unwrap();
    assert!(first > 1024, "went on at {first}");
    let meant = shelf.in_the_archive("crystallographic_files");
    assert!(fs::read(&done.place).unwrap() == meant[file.name().as_str()]);
    let left = files(shelf.home.path());
    assert_eq!(left.len(), 2, "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_web_pages_and_changed_files_leave_no_wrong_file() {
    for generation in [Generation::G2025, Generation::G2026] {
        let shelf = Fixture::new(generation, "lb32627-66").await;
        let job = shelf.job(shelf.reflections());
        let refused = run(shelf.engine(job, false)).await.unwrap_err();
        // Not there, or not for you: the server does not say which, and so neither do we.
        assert_eq!(
            refused.kind(),
            fragalysis_desktop::model::ErrorKind::NotFound
        );
        shelf.demo.set_faults(Faults {
            page_for_archive: true,
            ..Faults::default()
        });
        let page = shelf.fetch(shelf.reflections()).await.unwrap_err();
        assert!(page.to_string().contains("web page"), "{page}");
        shelf.demo.set_faults(Faults {
            changed_archive: true,
            cut_once: true,
            ..Faults::default()
        });
        // What comes after the break is another file: it starts over, and is no such file.
        let changed = shelf.fetch(shelf.reflections()).await.unwrap_err();
        assert!(
            changed.to_string().contains("does not match its type"),
            "{changed}"
        );
        assert_eq!(files(shelf.home.path()), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_not_overwritten() {
    let shelf = Fixture::new(Generation::G2026, "lb18145-1").await;
    let first = shelf.fetch(shelf.reflections()).await.unwrap().place;
    fs::write(&first, "my own notes").unwrap();
    let second = shelf.fetch(shelf.reflections()).await.unwrap().place;
    assert_eq!(fs::read(&first).unwrap(), b"my own notes");
    let name = second.file_name().unwrap().to_str().unwrap();
    assert!(name.ends_with(" (2).mtz"), "{name}");
    let words = fs::read_to_string(format!("{}.{MANIFEST}", second.display())).unwrap();
    assert!(words.contains(&format!("\"path\": \"{name}\"")), "{words}");
}
