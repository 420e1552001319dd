//! Every kind of network fault at random positions: never a bad file under a final name, never a false
//! "complete", never a wait without end; and what happens once is recovered from.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use fastrand::Rng;
use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::{JobId, Outcome, Report},
    demo::{ALICE, DemoOptions, DemoServer, Generation},
    downloads::{Engine, Timeouts, run},
    model::{DownloadRequest, FileKind, SessionToken, TargetKey, Tas},
};
use futures_util::StreamExt as _;

use crate::{
    downloads::job,
    fixtures::assert_same_content,
    harness::{assert_folder_is, files},
    proxy::{AnswerKind, Corruption, Plan, Proxy},
};

/// Two of each kind of fault at each spot. `.ci/long` tries thousands of each.
const RUNS: u64 = 240;
/// Lines that are tried at the same time.
const AT_ONCE: usize = 12;
/// Longer than any wait that is meant to end.
const BOUND: Duration = Duration::from_secs(30);

const SPOTS: [AnswerKind; 4] = [
    AnswerKind::Order,
    AnswerKind::Status,
    AnswerKind::Archive,
    AnswerKind::Codes,
];

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// Returns `true` if a retry recovers from a fault that occurs once.
fn passes(plan: &Plan) -> bool {
    use Corruption as S;
    match plan.spot {
        // Damage that shows, and everything that breaks the line.
        AnswerKind::Archive => !matches!(plan.spoil, S::Away | S::Status(403)),
        AnswerKind::Order
        | AnswerKind::Status
        | AnswerKind::Codes
        | AnswerKind::Media
        | AnswerKind::Any => {
            matches!(
                plan.spoil,
                S::Cut
                    | S::CloseAtOnce
                    | S::Drip
                    | S::NoLength
                    | S::LengthTooLong
                    | S::Status(429 | 500 | 502 | 503 | 504)
            ) && !(plan.spot == AnswerKind::Codes
                && matches!(
                    plan.spoil,
                    S::Status(_) | S::Cut | S::CloseAtOnce | S::LengthTooLong
                ))
        }
    }
}

/// Whether an archive that is spoilt in this way can still be whole.
fn is_harmless(spoil: Corruption) -> bool {
    use Corruption as S;
    matches!(
        spoil,
        // Bytes that nothing depends on, such as a time in a header, or a swap of equal blocks.
        S::Drip
            | S::NoLength
            | S::Trailing
            | S::FlipBit
            | S::ZeroBlock
            | S::SwapBlocks
            | S::RepeatBlock
            | S::RepeatByte
            | S::DropByte
    )
}

struct Trial<'a> {
    demo: &'a DemoServer,
    plan: Plan,
}

/// Returns the codes that the report of an incomplete download says are missing; it must say so.
fn left_out(report: &Report, plan: &Plan, what: &str) -> Vec<String> {
    let left_out = match &report.lost {
        Some(lost) => lost.codes.clone(),
        // In a list of codes nothing tells that a letter of a code was changed on the way: that code
        // is then unknown, and said to be.
        None if plan.spot == AnswerKind::Codes => report.unknown_codes.clone(),
        None => panic!("{what}: incomplete, and nothing says what is missing"),
    };
    // A changed letter may also make the list contradict the table that came with the files; then all files
    // are there, and it is said which of the two says something else.
    let contradicts = plan.spot == AnswerKind::Codes && !report.mismatches.is_empty();
    assert!(!left_out.is_empty() || contradicts, "{what}: {report:?}");
    left_out
}

async fn trial(trial: Trial<'_>, seed: u64) {
    let Trial { demo, plan } = trial;
    let what = format!("seed {seed}: {plan:?}");
    let proxy = Proxy::start(demo.address(), plan).await;
    let home = tempfile::tempdir().unwrap();
    let codes = demo.world().codes("PHIPA", "lb18145-1");
    let request = DownloadRequest {
        target: TargetKey {
            title: "PHIPA".to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: codes[..2].to_vec(),
        files: [FileKind::AllAlignedStructures, FileKind::MetadataInfo]
            .into_iter()
            .collect(),
        static_link: false,
    };
    let job = job(request.clone(), home.path());
    let token = SessionToken::from_pasted(ALICE).unwrap();
    let options = ClientOptions {
        read_timeout: Duration::from_secs(4),
        order_timeout: Duration::from_secs(4),
        ..ClientOptions::default()
    };
    let client = Client::new(proxy.address().clone(), Some(token), options).unwrap();
    let mut patience = Timeouts::shortened(0.0005);
    patience.stall = Duration::from_secs(1);
    let engine = Engine::new(JobId(seed), client, job.clone(), patience);
    let ended = tokio::time::timeout(BOUND, run(engine)).await;
    let result = ended.unwrap_or_else(|_| panic!("{what}: no end after {BOUND:?}"));
    let folder = job.parent.join("PHIPA_lb18145-1");
    match result {
        Ok(done) if done.report.outcome == Outcome::Incomplete => {
            // Only what the line spoils again and again may be left out.
            assert!(plan.times > 1, "{what}");
            let left_out = left_out(&done.report, &plan, &what);
            let mut rest = request.clone();
            rest.codes.retain(|code| !left_out.contains(code));
            assert_eq!(rest.codes.len() + left_out.len(), request.codes.len());
            assert_same_content(demo, &folder, &rest);
        }
        Ok(done) => {
            assert_eq!(done.report.outcome, Outcome::Complete, "{what}");
            assert_folder_is(demo, &folder, &request);
            let is_spoilt = plan.times > 100 && proxy.spoilt() > 0;
            let is_damaged = plan.spot == AnswerKind::Archive && is_spoilt;
            assert!(
                !is_damaged || is_harmless(plan.spoil),
                "{what}: a false “complete”"
            );
        }
        Err(error) => {
            assert!(!folder.exists(), "{what}: {error}");
            let left = files(home.path());
            assert!(left.is_empty(), "{what}: {error} left {left:?}");
            let is_transient = plan.times == 1 && passes(&plan);
            assert!(!is_transient, "{what} was not recovered from: {error}");
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn no_network_fault_leaves_a_wrong_result() {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let first = number("FAULT_SEED", now * 1_000_000);
    let runs = number("FAULT_RUNS", RUNS);
    println!("FAULT_SEED={first} FAULT_RUNS={runs}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let demos: Vec<DemoServer> = Generation::ALL
        .into_iter()
        .map(|generation| {
            let options = DemoOptions {
                generation,
                rows: Some(300),
                build_time: Duration::from_millis(2),
                ..DemoOptions::default()
            };
            runtime.block_on(DemoServer::start(options)).unwrap()
        })
        .collect();
    let mut kinds = BTreeSet::new();
    let trials = (first..first + runs).map(|seed| {
        let mut rng = Rng::with_seed(seed);
        // Every kind has its turn; everything else is left to chance.
        let kind = usize::try_from(seed - first).unwrap() % (SPOTS.len() * Corruption::ALL.len());
        let plan = Plan {
            spot: SPOTS[kind % SPOTS.len()],
            spoil: Corruption::ALL[kind / SPOTS.len()],
            times: *rng.choice([1, 1, 1, usize::MAX].iter()).unwrap(),
            seed: rng.u64(..),
        };
        kinds.insert(format!("{:?} {:?}", plan.spot, plan.spoil));
        let demo = rng.choice(demos.iter()).unwrap();
        trial(Trial { demo, plan }, seed)
    });
    // Most of the time is waiting, so several lines are tried at once.
    let all = futures_util::stream::iter(trials).buffer_unordered(AT_ONCE);
    // A long run reports its progress, so that stopping it by hand loses nothing.
    let counted = all.enumerate().inspect(|(done, ())| {
        if (done + 1) % 1000 == 0 {
            println!("{} of {runs}", done + 1);
        }
    });
    runtime.block_on(counted.collect::<Vec<_>>());
    println!("{} kinds of fault, {runs} runs", kinds.len());
    assert!(runs < 116 || kinds.len() >= 60);
}
