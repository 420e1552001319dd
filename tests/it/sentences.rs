//! Every way in which a download can fail has a sentence of its own, with a next step. They are listed in
//! `snapshots/it__sentences__failures.snap`, to be read as a chemist would; `INSTA_UPDATE=always` writes it again.

use std::{collections::BTreeSet, io, path::Path};

use fragalysis_desktop::{
    api::ApiError,
    downloads::DownloadError,
    model::{ErrorKind, Problem},
};

/// The name of a variant. A new one does not compile until it is listed here, and then [`all`] must have it.
fn name(error: &DownloadError) -> &'static str {
    use DownloadError as D;
    match error {
        D::Api(error) => api_name(error),
        D::SessionEnded(_) => "session ended meanwhile",
        D::UnknownCodes { .. } => "codes unknown",
        D::NoObservations { .. } => "no observations",
        D::CodeTooLong { .. } => "code too long",
        D::BuildFailed { .. } => "build failed",
        D::BuildTooLong { .. } => "build too long",
        D::BuildNotStarted { .. } => "build not begun",
        D::BuildProgressHidden { .. } => "build not told",
        D::Truncated { .. } => "truncated",
        D::ConnectionLost { .. } => "broken off",
        D::Stalled { .. } => "stalled",
        D::CutShort => "archive cut short",
        D::Corrupt { .. } => "corrupt",
        D::NotAnArchive { .. } => "no archive",
        D::Unsafe { .. } => "unsafe",
        D::Unsupported { .. } => "unsupported",
        D::PartsDiffer { .. } => "parts differ",
        D::DiskFull { .. } => "disk full",
        D::NotWritable { .. } => "not writable",
        D::NotReadable { .. } => "not readable",
        D::FolderChanged { .. } => "folder changed",
        D::Exists { .. } => "exists",
        D::GaveUp { .. } => "gave up",
        D::AlsoAlone { .. } => "also alone",
        D::InUse => "in use",
        D::Cancelled => "cancelled",
        D::NotRemoved { .. } => "not removed",
        D::Crashed => "crashed",
    }
}

fn api_name(error: &ApiError) -> &'static str {
    use ApiError as A;
    match error {
        A::Unreachable(_) => "api unreachable",
        A::NoAnswer(_) => "api no answer",
        A::Timeout(_) => "api timeout",
        A::Interrupted(_) => "api interrupted",
        A::CutShort => "api cut short",
        A::Tls(_) => "api tls",
        A::NotEncrypted(_) => "api not encrypted",
        A::NoCertificates(_) => "api no certificates",
        A::BadAnswer(_) => "api bad answer",
        A::Empty => "api empty",
        A::ProxyRefused => "api proxy refused",
        A::NetworkSignIn => "api network sign-in",
        A::Down { .. } => "api down",
        A::NotFragalysis => "api not fragalysis",
        A::Malformed { .. } => "api malformed",
        A::ServerError { .. } => "api server error",
        A::Unexpected { .. } => "api unexpected",
        A::ArchiveFailed { .. } => "api archive failed",
        A::Busy { .. } => "api busy",
        A::TooSlow { .. } => "api too slow",
        A::SignInNeeded { .. } => "api sign in needed",
        A::Ageing => "api ageing",
        A::SessionEnded => "api session ended",
        A::Redirected { .. } => "api elsewhere",
        A::Csrf { .. } => "api csrf",
        A::NoAccess { .. } => "api no access",
        A::NotFound { .. } => "api not found",
        A::NotOffered => "api not offered",
        A::UnknownCodes { .. } => "api unknown codes",
        A::InvalidRequest { .. } => "api invalid request",
        A::TooLarge { .. } => "api too large",
        A::HeadersTooLarge { .. } => "api headers too large",
        A::LinkExpired { .. } => "api link expired",
        A::Crashed => "api crashed",
    }
}

/// How many there are; counted once more, so that none is forgotten.
const COUNT: usize = 62;

fn transport(runtime: &tokio::runtime::Runtime) -> reqwest::Error {
    let refused = crate::harness::plain_http()
        .build()
        .unwrap()
        .get("http://127.0.0.1:1/")
        .send();
    runtime
        .block_on(refused)
        .expect_err("no server listens on this port")
}

/// What the servers say (server-api 3).
const BUSY: &str = "Fragalysis is serving too many download requests. Please try again later.";

fn of_the_transport(runtime: &tokio::runtime::Runtime) -> [ApiError; 8] {
    let source = || transport(runtime);
    [
        ApiError::Unreachable(source()),
        ApiError::Timeout(source()),
        ApiError::NoAnswer(source()),
        ApiError::Interrupted(source()),
        ApiError::Tls(source()),
        ApiError::NotEncrypted(source()),
        ApiError::NoCertificates(source()),
        ApiError::BadAnswer(source()),
    ]
}

fn of_the_api() -> Vec<ApiError> {
    let said = |text: &str| Some(text.to_owned());
    vec![
        ApiError::CutShort,
        ApiError::Empty,
        ApiError::ProxyRefused,
        ApiError::NetworkSignIn,
        ApiError::Down {
            message: None,
            after: Some(std::time::Duration::from_mins(90)),
        },
        ApiError::NotFragalysis,
        ApiError::Malformed {
            what: "targets",
            source: serde_json::from_str::<u8>("x").expect_err("no number"),
        },
        ApiError::ServerError { message: None },
        ApiError::Unexpected { message: None },
        ApiError::ArchiveFailed { message: None },
        ApiError::Busy {
            message: said(BUSY),
            after: Some(std::time::Duration::from_mins(2)),
        },
        ApiError::TooSlow { message: None },
        ApiError::SignInNeeded {
            message: said("Authentication credentials were not provided."),
        },
        ApiError::Ageing,
        ApiError::SessionEnded,
        ApiError::Redirected {
            address: "https://fragalysis.example.org".to_owned(),
        },
        ApiError::Csrf { message: None },
        ApiError::NoAccess {
            message: said("You are not a member of the proposal lb32627-66"),
            is_signed_in: true,
        },
        ApiError::NoAccess {
            message: None,
            is_signed_in: false,
        },
        ApiError::NotFound { message: None },
        ApiError::NotOffered,
        ApiError::UnknownCodes { message: None },
        ApiError::InvalidRequest {
            message: said("proteins: Ensure this field has no more than 5000 characters."),
        },
        ApiError::TooLarge { message: None },
        ApiError::HeadersTooLarge { message: None },
        ApiError::LinkExpired { message: None },
        ApiError::Crashed,
    ]
}

fn of_builds() -> [DownloadError; 5] {
    use DownloadError as D;
    [
        D::BuildFailed {
            message: Some("The download task ended unexpectedly (FAILURE)".to_owned()),
        },
        D::BuildFailed { message: None },
        D::BuildTooLong { minutes: 70 },
        D::BuildNotStarted { minutes: 10 },
        D::BuildProgressHidden { minutes: 29 },
    ]
}

fn of_what_arrives() -> [DownloadError; 12] {
    use DownloadError as D;
    let received = 1_000_000;
    [
        D::Truncated {
            received,
            expected: 2_500_000_000,
        },
        D::ConnectionLost {
            received,
            source: ApiError::CutShort,
        },
        D::Stalled {
            received,
            seconds: 60,
        },
        D::CutShort,
        D::Corrupt {
            what: "The archive is damaged: a checksum does not match".to_owned(),
        },
        D::NotAnArchive {
            what: "The server sent a web page instead of the archive".into(),
        },
        D::Unsafe {
            what: "a name that leads out of its folder (“../evil”)".to_owned(),
        },
        D::Unsupported {
            what: "its files are encrypted".to_owned(),
        },
        D::PartsDiffer {
            path: "aligned_files/a/a.pdb".to_owned(),
        },
        D::DiskFull {
            need: Some(3_000_000_000),
            free: Some(1_000_000_000),
        },
        D::DiskFull {
            need: None,
            free: None,
        },
        D::NotWritable {
            path: Path::new("/data/Mpro_lb18145-1").to_owned(),
            source: io::Error::from(io::ErrorKind::PermissionDenied),
        },
    ]
}

fn all() -> Vec<DownloadError> {
    use DownloadError as D;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let of_the_api = of_the_transport(&runtime).into_iter().chain(of_the_api());
    let mut all: Vec<D> = of_the_api.map(D::Api).collect();
    all.extend([
        D::SessionEnded(Problem::new(ErrorKind::Expired, "Your session has ended")),
        D::UnknownCodes {
            target: "Mpro (lb18145-1)".to_owned(),
            codes: vec!["x0001a".to_owned(), "x0002a".to_owned()],
        },
        D::NoObservations {
            target: "Mpro (lb18145-1)".to_owned(),
        },
        D::CodeTooLong {
            length: 6000,
            limit: 5000,
        },
    ]);
    all.extend(of_builds());
    all.extend(of_what_arrives());
    all.extend(of_the_disk());
    all
}

/// Errors about existing data on the disk.
fn of_the_disk() -> [DownloadError; 9] {
    use DownloadError as D;
    let place = || Path::new("/data/Mpro_lb18145-1").to_owned();
    [
        D::NotReadable {
            path: place(),
            source: io::Error::from(io::ErrorKind::PermissionDenied),
        },
        D::FolderChanged { path: place() },
        D::Exists { path: place() },
        D::InUse,
        D::GaveUp {
            error: Box::new(D::from(ApiError::Down {
                message: None,
                after: None,
            })),
            times: 9,
            time: std::time::Duration::from_mins(27),
        },
        D::AlsoAlone {
            error: Box::new(D::CutShort),
        },
        D::Cancelled,
        D::NotRemoved {
            folder: Path::new("/data").to_owned(),
            reason: "/data/.Mpro_lb18145-1-1.part cannot be written to".to_owned(),
        },
        D::Crashed,
    ]
}

#[test]
fn every_failure_has_a_sentence_of_its_own_and_a_next_step() {
    let all = all();
    let names: BTreeSet<&str> = all.iter().map(name).collect();
    assert_eq!(names.len(), COUNT, "{names:?}");
    let list = all.iter().fold(String::new(), |list, error| {
        let problem = error.problem();
        list + &format!("{} ({:?})\n    {problem}\n", name(error), problem.kind)
    });
    insta::assert_snapshot!("failures", list);
    let mut sentences = BTreeSet::new();
    for error in &all {
        let problem = error.problem();
        let text = problem.to_string();
        // One cause, one sentence; a session that ended is the same however it was found out.
        let is_new = sentences.insert(text.clone());
        assert!(
            is_new || problem.kind == ErrorKind::Expired || problem.kind == ErrorKind::Crashed,
            "{text}"
        );
        assert!(!problem.next_step().is_empty());
        for jargon in [
            "HTTP",
            "JSON",
            "cookie",
            "thread",
            "API",
            "socket",
            "status code",
        ] {
            assert!(!text.contains(jargon), "“{jargon}” in: {text}");
        }
    }
}
