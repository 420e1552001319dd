//! `/media/…`: single files, as they lie on the server's disk. These answer `Range` with `ETag`
//! (server-api 7).

use crate::{
    api::{
        ApiResult, Client,
        client::{
            resumable_body::{Arriving, Resume},
            wire::Session,
        },
    },
    model::MediaFile,
};

impl Client {
    /// Begins to fetch a file, or continues where a transfer broke off if the server can prove that it still is
    /// the same file.
    ///
    /// # Errors
    /// [`crate::api::ApiError::NotFound`] also where the user may not have it: the servers give one answer for both.
    pub async fn media(&self, file: &MediaFile, resume: Option<Resume<'_>>) -> ApiResult<Arriving> {
        self.bytes(file.path(), &[], Session::Yes, resume).await
    }
}
