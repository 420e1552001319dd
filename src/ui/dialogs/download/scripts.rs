//! The request as a script: for this program, for curl and for Python. Never contains a token.

use serde_json::Value;

use super::DownloadDialog;
use crate::{model::Preset, state::State};

/// A language that scripts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Script {
    #[default]
    Command,
    Curl,
    Python,
}

impl Script {
    pub(super) const ALL: [Self; 3] = [Self::Command, Self::Curl, Self::Python];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Command => "This program",
            Self::Curl => "curl",
            Self::Python => "Python",
        }
    }
}

impl DownloadDialog {
    /// Returns the request as a script.
    pub(super) fn script(&self, script: Script, state: &State) -> String {
        let server = state
            .session()
            .map(|session| session.server.as_str().to_owned())
            .unwrap_or_default();
        let body = self.request(state).body();
        match script {
            Script::Command => self.command_line(state),
            Script::Curl => curl(&server, &body),
            Script::Python => python(&server, &body),
        }
    }

    fn command_line(&self, state: &State) -> String {
        let request = self.request(state);
        let mut words = vec!["fragalysis-desktop".to_owned(), "download".to_owned()];
        let mut add =
            |name: &str, value: &str| words.extend([name.to_owned(), shell_quoted(value)]);
        if let Some(session) = state.session() {
            add("--server", session.server.as_str());
        }
        add("--target", &request.target.title);
        add("--tas", request.target.tas.as_str());
        add("--to", self.folder.trim());
        if !request.codes.is_empty() {
            add("--codes", &request.codes.join(","));
        }
        if let Some(preset) = Preset::ALL
            .into_iter()
            .find(|preset| preset.files() == request.files)
        {
            add("--preset", preset.name());
        } else {
            let kinds: Vec<&str> = request.files.kinds().map(|kind| kind.parameter()).collect();
            add("--files", &kinds.join(","));
        }
        for (is_set, word) in [
            (self.keep_archive || !self.unpack, "--keep-archive"),
            (self.in_parts, "--in-parts"),
            (self.updates, "--update"),
        ] {
            if is_set {
                words.push(word.to_owned());
            }
        }
        words.join(" ")
    }
}

/// Quotes an argument for the shell. A zero byte cannot be passed to a program at all.
fn shell_quoted(word: &str) -> String {
    let word = word.replace('\0', "");
    shlex::try_quote(&word).unwrap_or_default().into_owned()
}

fn curl(server: &str, body: &Value) -> String {
    let body = shell_quoted(&body.to_string());
    format!(
        r#"SERVER={server}
BODY={body}
PAGE="$SERVER/viewer/react/landing/"
CSRF=$(curl -sS -o /dev/null -c - "$PAGE" | awk '$6 == "csrftoken" {{ print $7 }}')
# For private data: export FRAGALYSIS_TOKEN first. For public data leave it out.
# The token goes through a pipe: command arguments are visible to all users of this computer.
ask() {{ printf 'Cookie: csrftoken=%s%s\n' "$CSRF" "${{FRAGALYSIS_TOKEN:+; sessionid=$FRAGALYSIS_TOKEN}}" | curl -sS -H @- -H "Accept: application/json" -H "X-Requested-With: XMLHttpRequest" "$@"; }}
ask -X POST -H "X-CSRFToken: $CSRF" -H "Referer: $PAGE" -H "Content-Type: application/json" -d "$BODY" "$SERVER/api/download_structures/"
# It answers with file_url, or with task_status_url. Poll the latter every few seconds until it reports SUCCESS:
# ask "$SERVER/${{TASK_STATUS_URL#/}}"
# Its message, or file_url, is what to fetch. curl does not detect a damaged archive: check it before you use it.
# ask -G --fail --data-urlencode "file_url=$FILE_URL" -H "Accept: */*" -o archive "$SERVER/api/download_structures/"
"#
    )
}

fn python(server: &str, body: &Value) -> String {
    let body = serde_json::to_string(&body.to_string()).unwrap_or_default();
    format!(
        r#"import json, os, time, urllib.parse, urllib.request

SERVER = "{server}"
BODY = {body}
PAGE = SERVER + "/viewer/react/landing/"
PATH = "/api/download_structures/"
# For private data set the environment variable FRAGALYSIS_TOKEN. For public data leave it out.
TOKEN = os.environ.get("FRAGALYSIS_TOKEN")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect may lead to another computer, which must not receive the token."""

    def redirect_request(self, *_):
        return None


net = urllib.request.build_opener(NoRedirect)
with net.open(PAGE) as page:
    csrf = page.headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
headers = {{
    "Accept": "application/json", "Content-Type": "application/json", "Referer": PAGE, "X-CSRFToken": csrf,
    "X-Requested-With": "XMLHttpRequest",
    "Cookie": "csrftoken=" + csrf + ("; sessionid=" + TOKEN if TOKEN else ""),
}}


def ask(path, data=None):
    url = urllib.parse.urljoin(SERVER + "/", path)
    # Whatever address the server names, the token goes to the server itself and nowhere else.
    if urllib.parse.urlsplit(url)[:2] != urllib.parse.urlsplit(SERVER)[:2]:
        raise SystemExit("The server named another address; nothing was sent there.")
    request = urllib.request.Request(url, data, headers)
    with net.open(request) as answer:
        return json.load(answer)


answer = ask(PATH, BODY.encode())
while "file_url" not in answer:
    time.sleep(5)
    status = ask(answer["task_status_url"])
    if status["status"] == "FAILED":
        raise SystemExit(status["messages"])
    if status["status"] == "SUCCESS":
        answer = ask(PATH, BODY.encode())
query = urllib.parse.urlencode({{"file_url": answer["file_url"]}})
request = urllib.request.Request(SERVER + PATH + "?" + query, headers={{**headers, "Accept": "*/*"}})
# "x": an existing file is not overwritten.
with net.open(request) as archive, open(os.path.basename(answer["file_url"]), "xb") as file:
    while piece := archive.read(1 << 20):
        file.write(piece)
# Neither the server nor this script verifies the archive: check it before you use it.
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_for_the_shell() {
        assert_eq!(shell_quoted("Mpro"), "Mpro");
        assert_eq!(shell_quoted("my data"), "'my data'");
        assert_eq!(shell_quoted("it's"), r#""it's""#);
        assert_eq!(shell_quoted(""), "''");
    }
}
