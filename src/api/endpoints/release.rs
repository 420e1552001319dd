//! Where releases of this program are announced: one small answer, requested without any session.

use crate::{
    api::{ApiResult, Client},
    model::Release,
};

impl Client {
    /// Returns the latest release, from a file on this server.
    pub async fn newest_release(&self, path: &str) -> ApiResult<Release> {
        self.get_json("release", path, &[]).await
    }
}
