//! Where releases of this program are told: one small answer, asked for without any session.

use crate::{
    api::{ApiResult, Client},
    model::Release,
};

impl Client {
    /// The newest release, from a file on this server.
    pub async fn newest_release(&self, path: &str) -> ApiResult<Release> {
        self.get_json("release", path, &[]).await
    }
}
