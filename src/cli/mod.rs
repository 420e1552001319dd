//! The program without a window, for scripts, clusters and remote checks: it uses the same lower layers.
//!
//! Names, JSON shapes and exit codes are fixed; scripts depend on them.

mod args;
mod connect;
mod console;
mod demo;
mod download;
mod experiments;
mod hits;
mod library;
mod outcome;
mod paths;
mod progress;
mod queue;
mod sdf;
mod statistics;
mod status;
mod tables;
mod targets;
mod update;
mod values;

pub use args::{Cli, Command, RendererChoice};
pub use connect::TokenSource;
pub use console::{Console, Exit};
pub use download::Records;

/// Runs one command to its end.
///
/// Downloads and folders are recorded, so that a later run can resume them.
pub async fn run(
    cli: &Cli,
    command: &Command,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Exit {
    let result = match command {
        Command::Targets(args) => targets::run(cli, args, token, console).await,
        Command::Experiments(args) => experiments::run(cli, args, token, noting, console).await,
        Command::Hits(args) => hits::run(cli, args, token, noting, console).await,
        Command::Statistics(args) => statistics::run(args, console).await,
        Command::Status(args) => status::run(cli, args, token, console).await,
        Command::Download(args) => download::run(cli, args, token, noting, console).await,
        Command::Resume(args) => queue::resume(cli, args, token, noting, console).await,
        Command::Queue(args) => queue::list(args, noting, console),
        Command::Library(args) => library::list(cli, args, token, noting, console).await,
        Command::Update(args) => update::run(cli, args, token, noting, console).await,
        Command::Demo(args) => demo::run(cli, args, console).await,
    };
    result.unwrap_or_else(|failure| console.fail(&failure))
}
