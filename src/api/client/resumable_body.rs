//! The bytes of archives and files, from the beginning or from where a transfer was interrupted.

use bytes::Bytes;
use reqwest::{
    Response, StatusCode, Version,
    header::{
        CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
        TRANSFER_ENCODING,
    },
};

use super::wire::{Session, Want};
use crate::api::{ApiError, ApiResult, Client};

/// Where to resume, and the proof that it is still the same data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume<'a> {
    /// The number of bytes already received.
    pub offset: u64,
    /// The server's ETag of the data ([`ResumableBody::etag`]).
    pub etag: &'a str,
}

/// Data that is arriving.
#[derive(Debug)]
pub struct ResumableBody {
    /// Its offset: 0, unless the server proved that it continues with the same data.
    pub offset: u64,
    /// Total length, including the bytes before the offset, if the server reports it.
    pub length: Option<u64>,
    /// The server's ETag of the data, if it is a strong one.
    pub etag: Option<String>,
    /// Whether a lost connection can be distinguished from the end of the data.
    pub has_certain_end: bool,
    response: Response,
}

impl ResumableBody {
    fn new(offset: u64, length: Option<u64>, response: Response) -> Self {
        let is_framed = response.version() >= Version::HTTP_2;
        let is_chunked = response.headers().contains_key(TRANSFER_ENCODING);
        Self {
            offset,
            length,
            etag: strong_etag(response.headers()),
            has_certain_end: length.is_some() || is_framed || is_chunked,
            response,
        }
    }

    /// Returns data from its beginning.
    fn from_start(response: Response) -> Self {
        let length = length(response.headers());
        Self::new(0, length, response)
    }

    /// Returns the next chunk; `None` at the end.
    pub async fn chunk(&mut self) -> ApiResult<Option<Bytes>> {
        self.response
            .chunk()
            .await
            .map_err(ApiError::from_transport)
    }
}

impl Client {
    /// Sends GET for bytes. Without proof that it continues with the same data, it starts over at 0.
    pub(in crate::api) async fn bytes(
        &self,
        path: &str,
        query: &[(&str, &str)],
        session: Session,
        resume: Option<Resume<'_>>,
    ) -> ApiResult<ResumableBody> {
        let mut headers = self.headers(session, Want::File);
        if let Some(resume) = resume
            && let (Ok(range), Ok(etag)) = (
                HeaderValue::from_str(&format!("bytes={}-", resume.offset)),
                HeaderValue::from_str(resume.etag),
            )
        {
            headers.insert(RANGE, range);
            headers.insert(IF_RANGE, etag);
        }
        let response = match self.get_with(path, query, headers).await {
            // There is nothing left to send, or the data has changed: start from the beginning.
            Err(ApiError::InvalidRequest { .. } | ApiError::Unexpected { .. })
                if resume.is_some() =>
            {
                let headers = self.headers(session, Want::File);
                self.get_with(path, query, headers).await?
            }
            answer => answer?,
        };
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Ok(ResumableBody::from_start(response));
        }
        let proven = resume.and_then(|resume| proven_range(response.headers(), resume));
        let Some((offset, length)) = proven else {
            // A range of other data: two different files must never be joined.
            let headers = self.headers(session, Want::File);
            let response = self.get_with(path, query, headers).await?;
            if response.status() == StatusCode::PARTIAL_CONTENT {
                return Err(ApiError::NotFragalysis);
            }
            return Ok(ResumableBody::from_start(response));
        };
        Ok(ResumableBody::new(offset, length, response))
    }
}

/// Returns offset and total length of a partial answer, if it is the requested piece of the same data.
fn proven_range(headers: &HeaderMap, resume: Resume<'_>) -> Option<(u64, Option<u64>)> {
    if strong_etag(headers).as_deref() != Some(resume.etag) {
        return None;
    }
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (place, whole) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = place.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let whole: Option<u64> = whole.trim().parse().ok();
    let reaches_end = whole.is_none_or(|whole| last.checked_add(1) == Some(whole));
    (first == resume.offset && reaches_end).then_some((first, whole))
}

/// Returns the ETag, unless it is a weak one: that does not promise equal bytes.
fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let etag = headers.get(ETAG)?.to_str().ok()?.trim();
    (etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"')).then(|| etag.to_owned())
}

/// Returns the value of `Content-Length`, or `None` without one.
pub(in crate::api) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(etag: &str, range: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_str(etag).unwrap());
        headers.insert(CONTENT_RANGE, HeaderValue::from_str(range).unwrap());
        headers
    }

    #[test]
    fn only_the_requested_range_of_the_same_data_is_resumed() {
        let resume = Resume {
            offset: 5,
            etag: "\"a\"",
        };
        let proven = |etag, range| proven_range(&headers(etag, range), resume);
        assert_eq!(proven("\"a\"", "bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(proven("\"a\"", "bytes 5-9/*"), Some((5, None)));
        for (etag, range) in [
            ("\"b\"", "bytes 5-9/10"),
            ("W/\"a\"", "bytes 5-9/10"),
            ("\"a\"", "bytes 4-9/10"),
            ("\"a\"", "bytes 0-9/10"),
            ("\"a\"", "bytes 5-7/10"),
            ("\"a\"", "5-9/10"),
            ("\"a\"", "bytes */10"),
        ] {
            assert_eq!(proven(etag, range), None, "{etag} {range}");
        }
    }
}
