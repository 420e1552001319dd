//! Asks a server what is new since folders were made. Draws no conclusions from an answer that may be incomplete.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tokio::task::JoinSet;

use crate::{
    api::{Client, SessionState},
    dataset::{
        Basis, CreatedBy, Dataset, Difference, Holds, LongCodes, Rows, Snapshot, UploadRecord,
        wants_crystals,
    },
    model::{Problem, Target, TargetId, Upload},
};

/// Maximum number of targets that are checked at the same time.
const CONCURRENCY: usize = 3;

/// What is known about a folder after checking the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateStatus {
    /// The server has nothing newer.
    UpToDate {
        /// The target's last upload.
        upload: Option<UploadRecord>,
    },
    /// The server has newer data.
    Newer {
        /// What is newer.
        difference: Difference,
        /// Whether changes within an observation cannot be detected, because the folder has no record of their state.
        is_rough: bool,
        /// The target's last upload.
        upload: Option<UploadRecord>,
    },
    /// It is unknown.
    Unknown {
        /// Why, in a sentence.
        why: String,
        /// Whether downloading everything again would settle it: the server's lists are fine, but the folder has no
        /// record of the state of its observations.
        anew_helps: bool,
    },
}

impl UpdateStatus {
    fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown {
            why: why.into(),
            anew_helps: false,
        }
    }

    /// Returns what the server has and the folder has not.
    pub fn difference(&self) -> Option<&Difference> {
        match self {
            Self::Newer { difference, .. } => Some(difference),
            Self::UpToDate { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// Compares folders with the server; the results are in the order of the folders.
///
/// # Errors
/// If the list of targets cannot be loaded.
pub async fn check_for_updates(
    client: &Client,
    folders: &[Arc<Dataset>],
) -> Result<Vec<UpdateStatus>, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    // Used only for display; a server without this list still has its observations.
    let uploads = client.uploads(None).await.ok();
    let uploads = uploads
        .filter(|answer| answer.complete)
        .map(|answer| Arc::new(answer.rows));
    let mut checked: Vec<Option<UpdateStatus>> = vec![None; folders.len()];
    let mut questions: BTreeMap<TargetId, Question> = BTreeMap::new();
    for ((place, held), checked) in folders.iter().enumerate().zip(&mut checked) {
        match target_of(held, &targets.rows, targets.complete) {
            Ok(target) => questions.entry(target.id).or_default().add(place, held),
            Err(unknown) => *checked = Some(unknown),
        }
    }
    let answers = check_targets(client, questions, uploads).await;
    // If the session has ended in the meantime, lists are shorter, and nothing else shows it.
    let ended = if client.has_token() {
        let check = client.check_session(true).await;
        (check.state != SessionState::SignedIn).then(|| {
            let why = check.problem.map(|problem| problem.message);
            why.unwrap_or_else(|| "The session may no longer be valid".to_owned())
        })
    } else {
        None
    };
    for (place, answer) in answers {
        if let Some(checked) = checked.get_mut(place) {
            *checked = Some(ended.clone().map_or(answer, UpdateStatus::unknown));
        }
    }
    let crashed = || UpdateStatus::unknown("Internal error while comparing. Check again");
    let all = checked.into_iter();
    Ok(all.map(|one| one.unwrap_or_else(crashed)).collect())
}

/// Checks the targets, a few at a time; each result comes with the index of its folder. Lists are dropped as soon as
/// they have been compared: those of many targets would fill the memory.
async fn check_targets(
    client: &Client,
    questions: BTreeMap<TargetId, Question>,
    uploads: Option<Arc<Vec<Upload>>>,
) -> Vec<(usize, UpdateStatus)> {
    let mut questions = questions.into_iter();
    let mut answers = Vec::new();
    // Dropping the set stops what is under way.
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < CONCURRENCY
            && let Some((target, question)) = questions.next()
        {
            let (client, uploads) = (client.clone(), uploads.clone());
            under_way.spawn(async move {
                question
                    .check_target(&client, target, uploads.as_deref())
                    .await
            });
        }
        match under_way.join_next().await {
            Some(Ok(answered)) => answers.extend(answered),
            Some(Err(error)) => tracing::error!(%error, "comparing ended unexpectedly"),
            None => return answers,
        }
    }
}

/// The check of one target, for all of its folders.
#[derive(Default)]
struct Question {
    folders: Vec<(usize, Arc<Dataset>)>,
    has_crystals: bool,
    guess: u64,
}

impl Question {
    fn add(&mut self, place: usize, held: &Arc<Dataset>) {
        self.has_crystals |= held.request.as_ref().is_some_and(wants_crystals);
        let count = match &held.known {
            Some(Basis::Snapshot(snapshot, _)) => snapshot.observations.len(),
            Some(Basis::Codes(codes)) => codes.len(),
            None => 0,
        };
        self.guess = self.guess.max(count as u64);
        self.folders.push((place, Arc::clone(held)));
    }

    async fn check_target(
        self,
        client: &Client,
        target: TargetId,
        uploads: Option<&Vec<Upload>>,
    ) -> Vec<(usize, UpdateStatus)> {
        let rows = Rows::fetch(client, target, self.has_crystals, Some(self.guess)).await;
        let folders = self.folders.into_iter();
        folders
            .map(|(place, held)| {
                let checked = match &rows {
                    Ok(Some(rows)) => compare(&held, target, rows, uploads.map(Vec::as_slice)),
                    Ok(None) => UpdateStatus::unknown(
                        "The server’s list of observations was incomplete. Check again later",
                    ),
                    Err(error) => UpdateStatus::unknown(error.problem().message),
                };
                (place, checked)
            })
            .collect()
    }
}

/// Returns the target of a folder. One that is missing from an incomplete list may be on the server all the same.
fn target_of<'a>(
    held: &Dataset,
    targets: &'a [Target],
    is_complete: bool,
) -> Result<&'a Target, UpdateStatus> {
    if held.created_by == CreatedBy::NewerVersion && held.known.is_none() {
        return Err(UpdateStatus::unknown(
            "The folder was made by a newer version of this program. Install that version to check for newer data",
        ));
    }
    if let Some(key) = &held.target {
        let found = targets.iter().find(|target| target.key == *key);
        return found.ok_or_else(|| {
            if !is_complete {
                return incomplete(&key.to_string());
            }
            UpdateStatus::unknown(format!(
                "{key} is not among the targets that you can see there. Sign in as a user who can see it"
            ))
        });
    }
    let Some(title) = &held.title else {
        return Err(UpdateStatus::unknown(
            "The folder does not say which target it belongs to",
        ));
    };
    let mut named = targets.iter().filter(|target| target.key.title == *title);
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(only),
        (None, _) if !is_complete => Err(incomplete(title)),
        (None, _) => Err(UpdateStatus::unknown(format!(
            "Its codes belong to a target “{title}”, which is not among those that you can see there"
        ))),
        (Some(_), Some(_)) => Err(UpdateStatus::unknown(format!(
            "There is more than one target “{title}”, and the folder does not say which one it belongs to"
        ))),
    }
}

fn incomplete(target: &str) -> UpdateStatus {
    UpdateStatus::unknown(format!(
        "{target} is not in the server’s list of targets, but that was incomplete. Check again later"
    ))
}

fn compare(
    held: &Dataset,
    target: TargetId,
    rows: &Rows,
    uploads: Option<&[Upload]>,
) -> UpdateStatus {
    let of_target: Vec<Upload> = uploads
        .unwrap_or_default()
        .iter()
        .filter(|upload| upload.target == target)
        .cloned()
        .collect();
    let result = match (&held.known, &held.request) {
        (Some(Basis::Snapshot(before, holds)), Some(request)) => {
            let now = rows.snapshot(request, &of_target);
            if uploads.is_some() && now.uploads.len() < before.uploads.len() {
                return UpdateStatus::unknown(
                    "The server lists fewer uploads of this target than when it was downloaded, so its lists cannot be relied on. Contact the Fragalysis team",
                );
            }
            let upload = now.last_upload().cloned();
            if before.is_like(&now) {
                compared(holds, &request.codes, &now, false, upload)
            } else {
                let rough = holds.keys().map(|code| (code.clone(), None)).collect();
                compared(&rough, &request.codes, &now, true, upload)
            }
        }
        (Some(Basis::Codes(codes)), request) => compare_codes(
            codes,
            request.as_ref().map_or(&[][..], |it| &it.codes),
            rows,
        ),
        _ => {
            return UpdateStatus::unknown("The folder does not say which observations are in it");
        }
    };
    match &result {
        UpdateStatus::Newer { difference, .. } if rows.codes().next().is_none() => {
            let gone = difference.superseded.len();
            UpdateStatus::unknown(format!(
                "The server no longer lists any observation of this target, although the folder contains {gone}. Check again later"
            ))
        }
        _ => result,
    }
}

fn compared(
    holds: &Holds,
    selected: &[String],
    now: &Snapshot,
    is_rough: bool,
    upload: Option<UploadRecord>,
) -> UpdateStatus {
    let difference = Difference::between(holds, selected, now);
    if difference.is_empty() && !is_rough {
        return UpdateStatus::UpToDate { upload };
    }
    newer(difference, is_rough, upload)
}

fn newer(difference: Difference, is_rough: bool, upload: Option<UploadRecord>) -> UpdateStatus {
    if difference.is_empty() {
        let why = "The same observations are on the server, but this folder has no record of their state, so changes within them cannot be detected";
        return UpdateStatus::Unknown {
            why: why.to_owned(),
            anew_helps: true,
        };
    }
    UpdateStatus::Newer {
        difference,
        is_rough,
        upload,
    }
}

/// Compares short and long codes: the long one ends in the version of the model.
fn compare_codes(codes: &LongCodes, selected: &[String], rows: &Rows) -> UpdateStatus {
    let mut difference = Difference::default();
    // A code may be listed in more than one version.
    let mut on_server: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (code, longcode) in rows.codes() {
        on_server.entry(code).or_default().insert(longcode);
    }
    for (&code, now) in &on_server {
        let is_selected = selected.is_empty() || selected.iter().any(|it| it == code);
        match codes.get(code) {
            Some(before)
                if !before.is_empty()
                    && !before.iter().map(String::as_str).eq(now.iter().copied()) =>
            {
                difference.changed.push(code.to_owned());
            }
            Some(_) => {}
            None if is_selected => difference.new.push(code.to_owned()),
            None => difference.unselected += 1,
        }
    }
    let gone = codes
        .keys()
        .filter(|code| !on_server.contains_key(code.as_str()));
    difference.superseded = gone.cloned().collect();
    difference.new.sort();
    difference.changed.sort();
    newer(difference, true, None)
}
