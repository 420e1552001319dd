//! The command line arguments.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{
    paths,
    values::{code, generation, kind, preset, server, text},
};
use crate::{
    demo::Generation,
    model::{FileKind, Preset, ServerAddress},
};

/// Heading of the options that every command has, listed below its own.
const EVERYWHERE: &str = "Options of every command";

/// Browse crystallographic fragment screens of a Fragalysis server and download them, checked.
///
/// Without a command the window opens. A session token is read from the environment variable
/// `FRAGALYSIS_TOKEN` or with --token-stdin, never from an argument; without one, public data are used.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    /// Use the built-in demo server, of the given generation (2024, 2025 or 2026)
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "GENERATION", num_args = 0..=1, require_equals = true, default_missing_value = "2026", value_parser = generation)]
    pub demo: Option<Generation>,

    /// Use this server instead of the production one
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "URL", value_parser = server)]
    pub server: Option<ServerAddress>,

    /// How many experiments the demo generates
    #[arg(long, value_name = "N", requires = "demo")]
    pub rows: Option<usize>,

    /// Show the demo as it was this many days ago
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DAYS", default_value_t = 0)]
    pub days_ago: u32,

    /// Read the session token from standard input
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub token_stdin: bool,

    /// Keep everything that the program remembers in this folder instead of the user's own
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", value_parser = paths::typed())]
    pub data_dir: Option<PathBuf>,

    /// Draw the window with this renderer, and no other
    #[arg(long, value_enum)]
    pub renderer: Option<RendererChoice>,

    /// What to do; without a command the window opens
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Parses the arguments, including the program's own name. `--demo` may be followed by a generation, or by the
    /// command: a number is the former, a word the latter.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut joined: Vec<OsString> = Vec::new();
        for argument in arguments {
            let is_number = argument
                .to_str()
                .is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
            match joined.last_mut() {
                Some(last) if last == "--demo" && is_number => {
                    last.push("=");
                    last.push(argument);
                }
                _ => joined.push(argument),
            }
        }
        Self::try_parse_from(joined)
    }
}

/// The renderers that can draw the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RendererChoice {
    /// OpenGL
    Glow,
    /// Vulkan, Metal, Direct3D
    Wgpu,
}

/// The commands that need no window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the targets
    Targets(TargetsArgs),
    /// Print or save the table of experiments
    Experiments(ExperimentsArgs),
    /// List the observations, with the codes that `download` accepts
    Hits(HitsArgs),
    /// Show your session, your user and your access, as the server reports them
    Status(StatusArgs),
    /// Print the authenticator's statistics, for administrators with a key
    Statistics(StatisticsArgs),
    /// Download structures and data of a target
    Download(DownloadArgs),
    /// Resume interrupted downloads
    Resume(ResumeArgs),
    /// List the downloads that are running, were interrupted or failed
    Queue(QueueArgs),
    /// List the folders with data on this disk
    Library(LibraryArgs),
    /// Update the folder of a target: only what is new or changed is downloaded
    Update(UpdateArgs),
    /// Run the demo server alone
    Demo(DemoArgs),
}

/// `targets`
#[derive(Debug, Args)]
pub struct TargetsArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `experiments`
#[derive(Debug, Args)]
pub struct ExperimentsArgs {
    /// Only this target, by its title
    #[arg(value_parser = text, long)]
    pub target: Option<String>,
    /// Only targets under this target access string
    #[arg(value_parser = text, long)]
    pub tas: Option<String>,
    // Not a doc comment: Clippy would ask for backticks around what users type.
    #[arg(
        value_parser = text,
        long = "where",
        value_name = "CONDITION",
        help = "Only rows that match, for example \"refinement_resolution<=1.5\" or \"pdb_code:present\"; may be repeated"
    )]
    pub conditions: Vec<String>,
    /// Sort by these fields, the first one first; a leading minus reverses the order
    #[arg(
        value_parser = text,
        long,
        value_name = "[-]FIELD,...",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub sort: Vec<String>,
    /// Only these columns, by the server's field names, in this order
    #[arg(value_parser = text, long, value_name = "FIELD,...", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// How many experiments the demo generates
    #[arg(long)]
    pub rows: Option<usize>,
    /// Save as CSV, with the server's field names and unchanged values (even a cell that begins with “=”); `-` is
    /// standard output
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub csv: Option<PathBuf>,
    /// Save as an Excel workbook, with the headings and units of the window
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub xlsx: Option<PathBuf>,
    /// Draw the structures in the workbook
    #[arg(long, requires = "xlsx")]
    pub structures: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `hits`
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub struct HitsArgs {
    /// Only this target, by its title
    #[arg(value_parser = text, long)]
    pub target: Option<String>,
    /// Only targets under this target access string
    #[arg(value_parser = text, long)]
    pub tas: Option<String>,
    /// Only hits at this site, by its name or number; may be repeated
    #[arg(value_parser = text, long = "site", value_name = "SITE")]
    pub sites: Vec<String>,
    /// Only hits with this tag; with several tags, any one of them is enough
    #[arg(value_parser = text, long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Only hits with all of the tags
    #[arg(long)]
    pub all_tags: bool,
    /// Only one hit per pose: the main one
    #[arg(long)]
    pub poses: bool,
    /// Only hits whose compound contains this substructure, as SMARTS
    #[arg(value_parser = text, long, value_name = "SMARTS", conflicts_with = "smiles")]
    pub smarts: Option<String>,
    /// Only hits whose compound contains this substructure, as SMILES
    #[arg(value_parser = text, long, value_name = "SMILES")]
    pub smiles: Option<String>,
    /// Only hits whose compound is similar to this one: Tanimoto similarity of Morgan fingerprints, at least 0.5
    /// unless another value is given
    #[arg(value_parser = text, long, value_name = "SMILES[:SIMILARITY]")]
    pub like: Option<String>,
    #[arg(
        value_parser = text,
        long = "where",
        value_name = "CONDITION",
        help = "Only hits that match, for example \"refinement_resolution<=1.5\" or \"heavy_atoms<=12\"; may be repeated"
    )]
    pub conditions: Vec<String>,
    /// Sort by these fields, the first one first; a leading minus reverses the order
    #[arg(
        value_parser = text,
        long,
        value_name = "[-]FIELD,...",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub sort: Vec<String>,
    /// Print only the codes, one per line, as `download --codes-file -` accepts them
    #[arg(long, conflicts_with = "json")]
    pub codes_only: bool,
    /// Save as CSV, with the server's field names and unchanged values (even a cell that begins with “=”); `-` is
    /// standard output
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub csv: Option<PathBuf>,
    /// Save as an Excel workbook, with the headings and units of the window
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub xlsx: Option<PathBuf>,
    /// Draw the structures in the workbook
    #[arg(long, requires = "xlsx")]
    pub structures: bool,
    /// Save the ligands as one SDF, in the coordinates of the aligned structures, with the columns as fields
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub sdf: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `statistics`
#[derive(Debug, Args)]
pub struct StatisticsArgs {
    /// The address of the statistics service
    #[arg(long, value_name = "URL", value_parser = server)]
    pub address: ServerAddress,
    /// Read the key from standard input
    #[arg(long)]
    pub key_stdin: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Explain why this target or target access string cannot be seen
    #[arg(value_parser = text, long, value_name = "TARGET|TAS")]
    pub why: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `download`
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub struct DownloadArgs {
    /// The target, by its title
    #[arg(value_parser = text, long)]
    pub target: String,
    /// Its target access string
    #[arg(value_parser = text, long)]
    pub tas: String,
    /// The folder in which the result gets its own folder
    #[arg(long, value_name = "DIR", value_parser = paths::typed())]
    pub to: PathBuf,
    /// Only these observations: short codes, long codes, codes of experiments or compounds
    #[arg(
        value_parser = code,
        long,
        value_name = "CODE,...",
        value_delimiter = ',',
        conflicts_with = "codes_file"
    )]
    pub codes: Vec<String>,
    /// Only the observations listed in this file, separated by spaces, commas or line breaks; `-` is standard input
    #[arg(long, value_name = "FILE", value_parser = paths::typed())]
    pub codes_file: Option<PathBuf>,
    /// Kinds of files, by the server's parameter names
    #[arg(long, value_name = "KIND,...", value_delimiter = ',', value_parser = kind, conflicts_with = "preset")]
    pub files: Vec<FileKind>,
    /// A preset of files: structures, coot, ligands or everything
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub preset: Option<Preset>,
    /// Keep the archive next to the folder
    #[arg(long)]
    pub keep_archive: bool,
    /// Download in parts; completed parts are not downloaded again
    #[arg(long)]
    pub in_parts: bool,
    /// Replace an existing folder, which is renamed and kept
    #[arg(long)]
    pub update: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `resume`
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Only this download, by the id that `queue` shows
    #[arg(value_parser = text)]
    pub id: Option<String>,
    /// Also look for interrupted downloads in this folder; may be repeated
    #[arg(long = "in", value_name = "DIR", value_parser = paths::typed())]
    pub folders: Vec<PathBuf>,
    /// Print JSON: one object for each download
    #[arg(long)]
    pub json: bool,
}

/// `queue`
#[derive(Debug, Args)]
pub struct QueueArgs {
    /// Also look for interrupted downloads in this folder; may be repeated
    #[arg(long = "in", value_name = "DIR", value_parser = paths::typed())]
    pub folders: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `library`
#[derive(Debug, Args)]
pub struct LibraryArgs {
    /// Also look for data folders in this folder, and remember them; may be repeated
    #[arg(long = "in", value_name = "DIR", value_parser = paths::typed())]
    pub folders: Vec<PathBuf>,
    /// Ask the server what is new since the folders were downloaded
    #[arg(long)]
    pub check: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `update`
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// The target, by its title
    #[arg(value_parser = text)]
    pub target: String,
    /// Its target access string, if there is more than one target with this title
    #[arg(value_parser = text, long)]
    pub tas: Option<String>,
    /// The folder, if there is more than one of this target, or if it is not known yet
    #[arg(long, value_name = "DIR", value_parser = paths::typed())]
    pub folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The port on this computer; 0 chooses a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// The generation to imitate: 2024, 2025 or 2026
    #[arg(long, value_parser = generation)]
    pub generation: Option<Generation>,
    /// How many experiments to generate
    #[arg(long)]
    pub rows: Option<usize>,
    /// Simulate this fault; may be repeated; an unknown name lists all faults
    #[arg(value_parser = text, long = "fault", value_name = "NAME", num_args = 1..)]
    pub faults: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
