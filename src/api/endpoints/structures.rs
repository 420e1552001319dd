//! `/api/download_structures/`: order an archive, then fetch it.

use serde::Deserialize;

use super::handles::{ArchiveHandle, TaskHandle};
use crate::{
    api::{
        ApiError, ApiResult, Client,
        client::{
            refusal::named_sentence,
            resumable_body::{ResumableBody, Resume},
            wire::Session,
        },
    },
    model::{DownloadRequest, Secret, or_none},
};

const PATH: &str = "/api/download_structures/";
/// Longest address of an archive, in bytes; real ones have about 100.
const LONGEST_HANDLE: usize = 8 * 1024;

/// The answer to an order: decided by its contents, never by the server's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderOutcome {
    /// The archive is there.
    Ready(ArchiveHandle),
    /// The server is building it.
    Building(TaskHandle),
}

#[derive(Deserialize)]
struct OrderAnswer {
    #[serde(default, deserialize_with = "or_none")]
    file_url: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    task_status_url: Option<String>,
}

impl Client {
    /// Orders an archive. Old servers answer when it is built, new ones at once (server-api 1.11).
    pub async fn order(&self, request: &DownloadRequest) -> ApiResult<OrderOutcome> {
        let (_, json) = self.post_json(PATH, &request.body()).await?;
        let malformed = |source| ApiError::Malformed {
            what: "download order",
            source,
        };
        let answer = OrderAnswer::deserialize(&json).map_err(malformed)?;
        let odd = |what| malformed(serde::de::Error::custom(what));
        match (answer.file_url, answer.task_status_url) {
            (Some(handle), _) if handle.len() > LONGEST_HANDLE => {
                Err(odd("the address of the archive is too long"))
            }
            (Some(handle), _) if !handle.is_empty() => {
                Ok(OrderOutcome::Ready(ArchiveHandle(Secret::new(handle))))
            }
            (_, Some(task)) if !task.is_empty() => {
                let url = self.server().on_this_origin(&task);
                let task = url.and_then(|url| TaskHandle::from_path(url.path()));
                let task = task.ok_or_else(|| odd("no address of a task"))?;
                Ok(OrderOutcome::Building(task))
            }
            // What it says, if it says something.
            _ if named_sentence(&json).is_some() => Err(ApiError::Unexpected {
                message: self.message_in(&json),
            }),
            _ => Err(odd("neither an archive nor a task")),
        }
    }

    /// Starts to fetch the archive, or resumes an interrupted transfer if the server can prove that it is still the
    /// same archive.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`] if it no longer exists (404), [`ApiError::ArchiveFailed`] if the server fails instead
    /// (500), as it does while it has a link to a removed file.
    pub async fn fetch(
        &self,
        handle: &ArchiveHandle,
        resume: Option<Resume<'_>>,
    ) -> ApiResult<ResumableBody> {
        let query = [("file_url", handle.0.expose())];
        let answer = match self.bytes(PATH, &query, Session::Yes, resume).await {
            // The handle alone gives access, so a session that has ended is not an obstacle.
            Err(ApiError::Ageing | ApiError::SessionEnded) => {
                self.bytes(PATH, &query, Session::No, resume).await
            }
            answer => answer,
        };
        answer.map_err(|error| match error {
            ApiError::NotFound { message } => ApiError::LinkExpired { message },
            ApiError::ServerError { message } => ApiError::ArchiveFailed { message },
            ApiError::NotOffered => ApiError::LinkExpired { message: None },
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {

    use crate::api::endpoints::handles::ArchiveHandle;

    #[test]
    fn the_link_of_an_earlier_build_is_read_however_it_is_pasted() {
        let path = "/code/media/downloads/u-u/A.tar.gz";
        for text in [
            path,
            "  /code/media/downloads/u-u/A.tar.gz\n",
            "https://h.example/api/download_structures/?file_url=/code/media/downloads/u-u/A.tar.gz&x=1",
            "https://h.example/api/download_structures/?file_url=%2Fcode%2Fmedia%2Fdownloads%2Fu-u%2FA.tar.gz",
        ] {
            let handle = ArchiveHandle::from_pasted(text).unwrap();
            assert_eq!(handle.0.expose(), path);
        }
        for text in ["", "Mpro", "https://h.example/", "file_url=", "../x.zip"] {
            assert_eq!(ArchiveHandle::from_pasted(text), None, "{text}");
        }
    }
}
