//! Asks a server what is new since folders were made. Nothing is concluded from an answer that may not be whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tokio::task::JoinSet;

use crate::{
    api::{Client, SessionState},
    dataset::{
        CreatedBy, Dataset, Difference, Holds, Known, LongCodes, Rows, Snapshot, UploadMark,
        wants_crystals,
    },
    model::{Problem, Target, TargetId, Upload},
};

/// Targets that are asked about at the same time.
const AT_ONCE: usize = 3;

/// What is known of a folder after a look at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateStatus {
    /// The server has nothing else.
    UpToDate {
        /// The target's last upload.
        upload: Option<UploadMark>,
    },
    /// The server has something else.
    Newer {
        /// What.
        difference: Difference,
        /// Whether no one can say what has changed within an observation, because no one has written down what it
        /// was like.
        is_rough: bool,
        /// The target's last upload.
        upload: Option<UploadMark>,
    },
    /// It cannot be said.
    Unknown {
        /// Why, in a sentence.
        why: String,
        /// Whether fetching all of it again makes sure: nothing speaks against the server's lists, only no one has
        /// written down what the observations were like.
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

    /// What the server has that the folder has not.
    pub fn difference(&self) -> Option<&Difference> {
        match self {
            Self::Newer { difference, .. } => Some(difference),
            Self::UpToDate { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// Compares folders with the server, each with the answer at its place.
///
/// # Errors
/// When the server does not say which targets there are.
pub async fn check(
    client: &Client,
    folders: &[Arc<Dataset>],
) -> Result<Vec<UpdateStatus>, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    // Only words beside the answer; a server without this list still has its observations.
    let uploads = client.uploads(None).await.ok();
    let uploads = uploads
        .filter(|answer| answer.complete)
        .map(|answer| Arc::new(answer.rows));
    let mut checked: Vec<Option<UpdateStatus>> = vec![None; folders.len()];
    let mut questions: BTreeMap<TargetId, Question> = BTreeMap::new();
    for ((place, held), checked) in folders.iter().enumerate().zip(&mut checked) {
        match target_of(held, &targets.rows) {
            Ok(target) => questions.entry(target.id).or_default().add(place, held),
            Err(unknown) => *checked = Some(unknown),
        }
    }
    let answers = ask(client, questions, uploads).await;
    // A session that has ended meanwhile makes lists shorter, and nothing else tells.
    let ended = if client.has_token() {
        let check = client.check_session(true).await;
        (check.state != SessionState::SignedIn).then(|| {
            let why = check.problem.map(|problem| problem.message);
            why.unwrap_or_else(|| "It is not certain that the session is still good".to_owned())
        })
    } else {
        None
    };
    for (place, answer) in answers {
        if let Some(checked) = checked.get_mut(place) {
            *checked = Some(ended.clone().map_or(answer, UpdateStatus::unknown));
        }
    }
    let crashed =
        || UpdateStatus::unknown("This program made a mistake while comparing. Look again");
    let all = checked.into_iter();
    Ok(all.map(|one| one.unwrap_or_else(crashed)).collect())
}

/// Asks about one target after the other, a few at a time; each answer with the place of its folder. The lists are
/// let go as soon as they have been compared: those of many targets would fill the memory.
async fn ask(
    client: &Client,
    questions: BTreeMap<TargetId, Question>,
    uploads: Option<Arc<Vec<Upload>>>,
) -> Vec<(usize, UpdateStatus)> {
    let mut questions = questions.into_iter();
    let mut answers = Vec::new();
    // Anyone who loses interest drops the set, and what is under way ends.
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < AT_ONCE
            && let Some((target, question)) = questions.next()
        {
            let (client, uploads) = (client.clone(), uploads.clone());
            under_way
                .spawn(async move { question.answer(&client, target, uploads.as_deref()).await });
        }
        match under_way.join_next().await {
            Some(Ok(answered)) => answers.extend(answered),
            Some(Err(error)) => tracing::error!(%error, "comparing ended unexpectedly"),
            None => return answers,
        }
    }
}

/// What has to be asked about a target, for all folders of it.
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
            Some(Known::Snapshot(snapshot, _)) => snapshot.observations.len(),
            Some(Known::Codes(codes)) => codes.len(),
            None => 0,
        };
        self.guess = self.guess.max(count as u64);
        self.folders.push((place, Arc::clone(held)));
    }

    async fn answer(
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
                    Ok(Some(rows)) => judge(&held, target, rows, uploads.map(Vec::as_slice)),
                    Ok(None) => UpdateStatus::unknown(
                        "The server’s list of observations did not come whole. Look again later",
                    ),
                    Err(error) => UpdateStatus::unknown(error.problem().message),
                };
                (place, checked)
            })
            .collect()
    }
}

fn target_of<'a>(held: &Dataset, targets: &'a [Target]) -> Result<&'a Target, UpdateStatus> {
    if held.maker == CreatedBy::NewerUs && held.known.is_none() {
        return Err(UpdateStatus::unknown(
            "A newer version of this program has made the folder. Install that version to look for newer data",
        ));
    }
    if let Some(key) = &held.target {
        let found = targets.iter().find(|target| target.key == *key);
        return found.ok_or_else(|| {
            UpdateStatus::unknown(format!(
                "{key} is not among the targets that you can see there. Sign in as a user who can see it"
            ))
        });
    }
    let Some(title) = &held.title else {
        return Err(UpdateStatus::unknown(
            "Nothing in the folder says which target it is of",
        ));
    };
    let mut named = targets.iter().filter(|target| target.key.title == *title);
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(UpdateStatus::unknown(format!(
            "Its codes are those of a target “{title}”, which is not among those that you can see there"
        ))),
        (Some(_), Some(_)) => Err(UpdateStatus::unknown(format!(
            "There is more than one target “{title}”, and nothing in the folder says which one it is of"
        ))),
    }
}

fn judge(
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
        (Some(Known::Snapshot(before, holds)), Some(request)) => {
            let now = rows.snapshot(request, &of_target);
            if uploads.is_some() && now.uploads.len() < before.uploads.len() {
                return UpdateStatus::unknown(
                    "The server lists fewer uploads of this target than when it was downloaded, so nothing is concluded from its lists. Ask those who run the server",
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
        (Some(Known::Codes(codes)), request) => rough(
            codes,
            request.as_ref().map_or(&[][..], |it| &it.codes),
            rows,
        ),
        _ => {
            return UpdateStatus::unknown(
                "Nothing in the folder says which observations are in it",
            );
        }
    };
    match &result {
        UpdateStatus::Newer { difference, .. } if rows.codes().next().is_none() => {
            let gone = difference.superseded.len();
            UpdateStatus::unknown(format!(
                "The server lists no observation of this target any more, and the folder holds {gone}. Nothing is concluded from that"
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
    upload: Option<UploadMark>,
) -> UpdateStatus {
    let difference = Difference::between(holds, selected, now);
    if difference.is_empty() && !is_rough {
        return UpdateStatus::UpToDate { upload };
    }
    newer(difference, is_rough, upload)
}

fn newer(difference: Difference, is_rough: bool, upload: Option<UploadMark>) -> UpdateStatus {
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
fn rough(codes: &LongCodes, selected: &[String], rows: &Rows) -> UpdateStatus {
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
