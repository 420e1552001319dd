//! Bytes of archives and files, from the beginning or from where a transfer broke off.

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

/// Where to continue, and the proof that it still is the same data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume<'a> {
    /// Bytes that are there already.
    pub offset: u64,
    /// The server's mark of the data ([`Arriving::etag`]).
    pub etag: &'a str,
}

/// Data on their way.
#[derive(Debug)]
pub struct Arriving {
    /// Where they begin: 0, unless the server proved that it continues with the same data.
    pub offset: u64,
    /// Bytes in all, from the very beginning, where the server says it.
    pub length: Option<u64>,
    /// The server's mark of the data, where it vouches for every byte.
    pub etag: Option<String>,
    /// Whether a line that breaks can be told from the end of the data.
    pub has_certain_end: bool,
    response: Response,
}

impl Arriving {
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

    /// What begins at the beginning.
    fn anew(response: Response) -> Self {
        let length = length(response.headers());
        Self::new(0, length, response)
    }

    /// The next piece, or nothing at the end.
    pub async fn chunk(&mut self) -> ApiResult<Option<Bytes>> {
        self.response
            .chunk()
            .await
            .map_err(ApiError::from_transport)
    }
}

impl Client {
    /// GET of bytes. What does not prove that it continues with the same data starts over, at 0.
    pub(in crate::api) async fn bytes(
        &self,
        path: &str,
        query: &[(&str, &str)],
        session: Session,
        resume: Option<Resume<'_>>,
    ) -> ApiResult<Arriving> {
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
            // Nothing is left to send, or it is other data now: from the beginning.
            Err(ApiError::InvalidRequest { .. }) if resume.is_some() => {
                let headers = self.headers(session, Want::File);
                self.get_with(path, query, headers).await?
            }
            answer => answer?,
        };
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Ok(Arriving::anew(response));
        }
        let proven = resume.and_then(|resume| proven_range(response.headers(), resume));
        let Some((offset, length)) = proven else {
            // A piece of something else: two different files must never become one.
            let headers = self.headers(session, Want::File);
            let response = self.get_with(path, query, headers).await?;
            if response.status() == StatusCode::PARTIAL_CONTENT {
                return Err(ApiError::NotFragalysis);
            }
            return Ok(Arriving::anew(response));
        };
        Ok(Arriving::new(offset, length, response))
    }
}

/// Offset and whole length of a partial answer, if it is the piece that was asked for of the same data.
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

/// The mark of the data, unless it is a weak one: that promises no equal bytes.
fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let etag = headers.get(ETAG)?.to_str().ok()?.trim();
    (etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"')).then(|| etag.to_owned())
}

/// The announced length.
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
    fn only_the_very_piece_of_the_very_data_goes_on() {
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
