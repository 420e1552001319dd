//! `/media/…`: single files, as they are on the server's disk. These support `Range` and `ETag` (server-api 7).

use crate::{
    api::{
        ApiResult, Client,
        client::{
            resumable_body::{ResumableBody, Resume},
            wire::Session,
        },
    },
    model::MediaFile,
};

impl Client {
    /// Starts to fetch a file, or resumes an interrupted transfer if the server can prove that it is still the same
    /// file.
    ///
    /// # Errors
    /// [`crate::api::ApiError::NotFound`] also if the user may not have it: the servers give the same answer for
    /// both.
    pub async fn media(
        &self,
        file: &MediaFile,
        resume: Option<Resume<'_>>,
    ) -> ApiResult<ResumableBody> {
        self.bytes(file.path(), &[], Session::Yes, resume).await
    }
}
