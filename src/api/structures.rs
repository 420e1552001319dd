//! `/api/download_structures/`: order an archive, then fetch it.

use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    ApiError, ApiResult, Client,
    request::{Session, Want},
    tasks::TaskHandle,
};
use crate::model::{DownloadRequest, FileKind, Secret};

const PATH: &str = "/api/download_structures/";

/// Names an archive on the server. Whoever holds it can fetch the archive, so it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveHandle(Secret);

impl ArchiveHandle {
    /// A path that ends like an archive; anything else is a message for people.
    pub(super) fn from_message(text: &str) -> Option<Self> {
        let looks_right = text.starts_with('/')
            && [".zip", ".tar.gz", ".tgz"]
                .iter()
                .any(|ending| text.ends_with(ending));
        looks_right.then(|| Self(Secret::new(text)))
    }
}

/// What an order brought: decided by the answer, never by the server's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// The archive is there.
    Ready(ArchiveHandle),
    /// The server builds it.
    Building(TaskHandle),
}

/// An archive on its way.
#[derive(Debug)]
pub struct Archive {
    /// Its length in bytes, where the server says it.
    pub length: Option<u64>,
    response: reqwest::Response,
}

#[derive(Deserialize)]
struct OrderAnswer {
    #[serde(default)]
    file_url: Option<String>,
    #[serde(default)]
    task_status_url: Option<String>,
}

impl Client {
    /// Orders an archive. Old servers answer when it is built, new ones at once (server-api 1.11).
    pub async fn order(&self, request: &DownloadRequest) -> ApiResult<Order> {
        let (_, answer) = self.post_json(PATH, &body(request)).await?;
        let answer: OrderAnswer =
            serde_json::from_value(answer).map_err(|source| ApiError::Malformed {
                what: "download order",
                source,
            })?;
        match (answer.file_url, answer.task_status_url) {
            (Some(handle), _) if !handle.is_empty() => {
                Ok(Order::Ready(ArchiveHandle(Secret::new(handle))))
            }
            (_, Some(task)) if !task.is_empty() => {
                Ok(Order::Building(TaskHandle(Secret::new(task))))
            }
            _ => Err(ApiError::NotFragalysis),
        }
    }

    /// How long the archive is, where the server says it.
    pub async fn archive_length(&self, handle: &ArchiveHandle) -> ApiResult<Option<u64>> {
        let headers = self.head(PATH, &[("file_url", handle.0.expose())]).await?;
        Ok(length(&headers))
    }

    /// Begins to fetch the archive.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`] when it is no longer there: 404, and 500 where the server has forgotten
    /// to forget it.
    pub async fn fetch(&self, handle: &ArchiveHandle) -> ApiResult<Archive> {
        let query = [("file_url", handle.0.expose())];
        let answer = match self.get(PATH, &query, Session::Yes, Want::File).await {
            // The handle alone opens it, so a session that must be renewed is no obstacle.
            Err(ApiError::Ageing) => self.get(PATH, &query, Session::No, Want::File).await,
            answer => answer,
        };
        let response = answer.map_err(|error| match error {
            ApiError::NotFound { message } | ApiError::ServerError { message } => {
                ApiError::LinkExpired { message }
            }
            ApiError::NotOffered => ApiError::LinkExpired { message: None },
            other => other,
        })?;
        Ok(Archive {
            length: length(response.headers()),
            response,
        })
    }
}

impl Archive {
    /// The next piece, or nothing at the end.
    pub async fn chunk(&mut self) -> ApiResult<Option<impl AsRef<[u8]> + Send + use<>>> {
        self.response
            .chunk()
            .await
            .map_err(ApiError::from_transport)
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The body of an order: every switch with an explicit value, because defaults differ between the
/// documentation and each generation, and unknown keys harm nobody (server-api 2.1, 6.9).
pub(super) fn body(request: &DownloadRequest) -> Value {
    let mut body = Map::new();
    body.insert("target_name".to_owned(), json!(request.target.title));
    body.insert(
        "target_access_string".to_owned(),
        json!(request.target.tas.as_str()),
    );
    body.insert("proteins".to_owned(), json!(request.proteins()));
    // Old servers fail when this key is missing.
    body.insert("file_url".to_owned(), json!(""));
    body.insert("static_link".to_owned(), json!(request.static_link));
    // tar.gz can be checked while it arrives; the answer decides what came.
    body.insert("use_zip".to_owned(), json!(false));
    for kind in FileKind::ALL {
        // The servers put the laboratory's database among the extra files, and only there.
        let comes_with_it =
            kind == FileKind::ExtraFiles && request.files.has(FileKind::SoakdbFiles);
        let is_on = request.files.has(kind) || comes_with_it;
        body.insert(kind.parameter().to_owned(), json!(is_on));
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Preset, TargetKey, Tas};

    #[test]
    fn every_switch_is_sent_and_none_is_null() {
        let request = DownloadRequest {
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: vec!["a1".to_owned(), "a2".to_owned()],
            files: Preset::Structures.files(),
            static_link: false,
        };
        let body = body(&request);
        for key in [
            "file_url",
            "proteins",
            "static_link",
            "use_zip",
            "compound_sets",
            "soakdb_files",
            "yaml_files",
        ] {
            assert!(body.get(key).is_some_and(|value| !value.is_null()), "{key}");
        }
        assert_eq!(body["all_aligned_structures"], true);
        assert_eq!(body["event_file"], false);
        assert_eq!(body["proteins"], "a1,a2");
    }
}
