//! Which settings are there? Every flag, its environment variable and its default, in one table.
//! Not for: what a command does with them (`commands`).

use crate::api::engine::EngineLimits;
use crate::db::Keep;
use crate::exchange::Format;
use crate::server::config::ServerConfig;
use crate::store::Options;
use crate::trace::Endpoint;
use clap::builder::{BoolishValueParser, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// A knowledge-graph server: an ontology in, a GraphQL API out.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where things are.
    #[command(flatten)]
    pub places: Places,
    /// What the log looks like.
    #[command(flatten)]
    pub log: LogFlags,
}

/// What is logged to standard error, and how.
#[derive(Args, Clone, Debug)]
pub struct LogFlags {
    /// What is logged: `error`, `warn`, `info`, `debug` (every request), or a filter of targets.
    #[arg(
        long = "log",
        global = true,
        env = "GUITU_LOG",
        default_value = "info,sled=warn",
        value_name = "FILTER"
    )]
    pub filter: EnvFilter,
    /// How a line of the log is written.
    #[arg(long = "log-format", global = true, env = "GUITU_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub format: LogFormat,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// As a JSON object.
    Json,
}

/// Where things are.
#[derive(Args, Clone, Debug)]
pub struct Places {
    /// The ontology [default: schema.graphql].
    #[arg(long, global = true, env = "GUITU_ONTOLOGY", value_name = "FILE")]
    pub ontology: Option<PathBuf>,
    /// The data directory.
    #[arg(
        long,
        global = true,
        env = "GUITU_DATA",
        default_value = "data",
        value_name = "FOLDER"
    )]
    pub data: PathBuf,
    /// Data files that a new data directory is filled with [default: seed].
    #[arg(long, global = true, env = "GUITU_SEED", value_name = "PATH")]
    pub seed: Option<PathBuf>,
    /// Where to listen; port 0 takes any free one.
    #[arg(
        long,
        global = true,
        env = "GUITU_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,
    /// Leave a new data directory empty.
    #[arg(long, global = true, env = "GUITU_NO_SEED", value_parser = BoolishValueParser::new())]
    pub no_seed: bool,
    /// Bytes that must stay free on the disk of the data directory: below, nothing is written.
    #[arg(
        long,
        global = true,
        env = "GUITU_MIN_FREE",
        default_value_t = Options::default().free_space_mark,
        value_name = "BYTES"
    )]
    pub min_free: u64,
}

impl Places {
    /// The ontology's file.
    pub fn ontology(&self) -> &Path {
        self.ontology
            .as_deref()
            .unwrap_or(Path::new("schema.graphql"))
    }

    /// How the data directory is opened.
    pub fn options(&self) -> Options {
        Options {
            free_space_mark: self.min_free,
        }
    }

    /// The seed's file or folder.
    pub fn seed(&self) -> &Path {
        self.seed.as_deref().unwrap_or(Path::new("seed"))
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open (or create and seed) the data directory and answer GraphQL over HTTP.
    Serve(ServeFlags),
    /// Check the ontology and data files without writing anything.
    Check {
        /// Data files or folders; the seed if none is given.
        paths: Vec<PathBuf>,
    },
    /// Add or update records from data files: all of them, or none if one is wrong.
    Import {
        /// Data files or folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Only say what would change.
        #[arg(long, env = "GUITU_DRY_RUN", value_parser = BoolishValueParser::new())]
        dry_run: bool,
    },
    /// Write the whole graph as data files that `import` reads back, or a graph for other tools.
    Export(ExportFlags),
    /// Run one query against the data directory.
    Query(QueryFlags),
    /// Print the generated GraphQL schema.
    Schema,
    /// Read the whole data directory and check every checksum and invariant.
    Verify,
    /// Make, list and revoke API keys.
    Key(KeyFlags),
    /// Copy everything, with its history, into one file, while the server goes on.
    Backup(BackupFlags),
    /// Make a data directory of a backup: all of it, or nothing.
    Restore {
        /// The file that `backup` wrote.
        file: PathBuf,
    },
}

/// Which keys.
#[derive(Args, Debug)]
pub struct KeyFlags {
    /// What to do.
    #[command(subcommand)]
    pub command: KeyCommand,
    /// Who may do what, and where the keys are kept.
    #[arg(
        long,
        global = true,
        env = "GUITU_ACCESS",
        default_value = "access.toml",
        value_name = "FILE"
    )]
    pub access: PathBuf,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it: it is never shown again.
    Create {
        /// Whose it is, as commits will tell.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// A role of its owner; several may be given.
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
        /// From when on it is not valid: a day (its first moment, UTC) or a time.
        #[arg(long, value_name = "DATE", value_parser = moment)]
        expires: Option<jiff::Timestamp>,
    },
    /// List all keys, without what is secret of them.
    List,
    /// Take a key back; a running server notices within a second or two.
    Revoke {
        /// Its id, or its name if no other has it.
        which: String,
    },
}

fn moment(text: &str) -> Result<jiff::Timestamp, String> {
    let day = || {
        let day: jiff::civil::Date = text.parse().ok()?;
        let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(start.timestamp())
    };
    let moment = text.parse().ok().or_else(day);
    moment.ok_or_else(|| "give a day as 2027-12-31 or a time as 2027-12-31T12:00:00Z".to_owned())
}

/// What to copy, and where to.
#[derive(Args, Debug)]
pub struct BackupFlags {
    /// The file to write; a new one.
    pub path: PathBuf,
    /// The server to ask; else the data directory is read, and if a server has that, it is asked at
    /// the address of `--listen`.
    #[arg(long, env = "GUITU_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// A key or token of a role that may administer, where the server asks for one.
    #[arg(
        long,
        env = "GUITU_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub token: Option<String>,
}

/// What to write, and in which form.
#[derive(Args, Debug)]
pub struct ExportFlags {
    /// The folder of data files or of tables, new or empty; else the file to write.
    pub path: PathBuf,
    /// A format of graph tools.
    #[arg(
        id = "graph_format",
        long = "format",
        env = "GUITU_FORMAT",
        value_name = "FORMAT",
        value_parser = PossibleValuesParser::new(Format::NAMES)
    )]
    pub format: Option<String>,
    /// Only what a query shows: a file with it, or its text.
    #[arg(
        long,
        env = "GUITU_QUERY",
        value_name = "FILE|TEXT",
        requires = "graph_format"
    )]
    pub query: Option<String>,
    /// The variables, as a JSON object.
    #[arg(long, env = "GUITU_VARIABLES", value_name = "JSON", requires = "query")]
    pub variables: Option<String>,
    /// Which operation of the document to run.
    #[arg(long, env = "GUITU_OPERATION", value_name = "NAME", requires = "query")]
    pub operation: Option<String>,
    /// What the query may cost.
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// How to run one query.
#[derive(Args, Debug)]
pub struct QueryFlags {
    /// The query; else `-f`, else standard input.
    pub text: Option<String>,
    /// Read the query from a file.
    #[arg(
        short,
        long,
        env = "GUITU_FILE",
        value_name = "FILE",
        conflicts_with = "text"
    )]
    pub file: Option<PathBuf>,
    /// The variables, as a JSON object.
    #[arg(long, env = "GUITU_VARIABLES", value_name = "JSON")]
    pub variables: Option<String>,
    /// Which operation of the document to run.
    #[arg(long, env = "GUITU_OPERATION", value_name = "NAME")]
    pub operation: Option<String>,
    /// How to print the answer.
    #[arg(long, env = "GUITU_OUTPUT", value_enum, default_value_t = Output::Json)]
    pub output: Output,
    /// Print the plan and what running it took instead of the answer.
    #[arg(long, env = "GUITU_EXPLAIN", value_parser = BoolishValueParser::new())]
    pub explain: bool,
    /// What the query may cost.
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// As JSON, indented.
    Json,
    /// As a table for people.
    Table,
    /// As comma-separated values.
    Csv,
}

/// How to serve.
#[derive(Args, Debug)]
pub struct ServeFlags {
    /// Host names that requests may be addressed to, besides loopback ones.
    #[arg(
        long = "allow-host",
        env = "GUITU_ALLOW_HOST",
        value_delimiter = ',',
        value_name = "NAME"
    )]
    pub hosts: Vec<String>,
    /// Origins of other sites whose pages may ask; `*` for all.
    #[arg(
        long = "cors-origin",
        env = "GUITU_CORS_ORIGIN",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub cors_origins: Vec<String>,
    /// Who may do what; without it, whoever reaches the server may do everything.
    #[arg(long, env = "GUITU_ACCESS", value_name = "FILE")]
    pub access: Option<PathBuf>,
    /// Serve without `--access` where others than this machine can reach it.
    #[arg(long, env = "GUITU_ALLOW_ANYONE", value_parser = BoolishValueParser::new())]
    pub allow_anyone: bool,
    /// How much history is kept at least: `all`, a number of commits (1000), or of days (30d).
    #[arg(
        long,
        env = "GUITU_KEEP_HISTORY",
        default_value = "all",
        value_name = "ALL|COMMITS|DAYSd"
    )]
    pub keep_history: Keep,
    /// A collector of OpenTelemetry traces (OTLP over HTTP), for example http://127.0.0.1:4318.
    #[arg(long, env = "GUITU_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<Endpoint>,
    /// Largest request body, in bytes.
    #[arg(long, env = "GUITU_MAX_BODY", default_value_t = 1 << 20, value_name = "BYTES")]
    pub max_body: usize,
    /// Requests in one batch.
    #[arg(
        long,
        env = "GUITU_MAX_BATCH",
        default_value_t = 10,
        value_name = "COUNT"
    )]
    pub max_batch: usize,
    /// Open WebSockets.
    #[arg(
        long,
        env = "GUITU_MAX_SOCKETS",
        default_value_t = 1_000,
        value_name = "COUNT"
    )]
    pub max_sockets: usize,
    /// What a query may cost.
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// What one query may cost.
#[derive(Args, Clone, Debug)]
pub struct LimitFlags {
    /// Levels of fields.
    #[arg(
        long,
        env = "GUITU_MAX_DEPTH",
        default_value_t = 20,
        value_name = "COUNT"
    )]
    pub max_depth: usize,
    /// Fields and aliases, fragments expanded.
    #[arg(
        long,
        env = "GUITU_MAX_FIELDS",
        default_value_t = 2_000,
        value_name = "COUNT"
    )]
    pub max_fields: usize,
    /// Records and edges touched.
    #[arg(
        long,
        env = "GUITU_MAX_COST",
        default_value_t = 20_000_000,
        value_name = "COUNT"
    )]
    pub max_cost: u64,
    /// Records that an answer may hold, also those that only lead to others.
    #[arg(
        long,
        env = "GUITU_MAX_RECORDS",
        default_value_t = 2_000_000,
        value_name = "COUNT"
    )]
    pub max_records: u64,
    /// Bytes of an answer.
    #[arg(long, env = "GUITU_MAX_ANSWER", default_value_t = 64 << 20, value_name = "BYTES")]
    pub max_answer: usize,
    /// How long a query may take, in seconds.
    #[arg(long, env = "GUITU_TIMEOUT", default_value_t = 10.0, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|n| *n > 0.0 && *n <= 86_400.0)
        .ok_or_else(|| "give seconds, more than 0 and at most 86400".to_owned())
}

impl LimitFlags {
    /// As the engine takes them.
    pub fn engine(&self) -> EngineLimits {
        let mut limits = EngineLimits {
            cost: self.max_cost,
            records: self.max_records,
            answer: self.max_answer,
            ..EngineLimits::default()
        };
        limits.document.depth = self.max_depth;
        limits.document.fields = self.max_fields;
        limits
    }

    /// How long a query may take.
    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(self.timeout)
    }
}

impl ServeFlags {
    /// As the server takes them.
    pub fn server(&self, listen: SocketAddr) -> ServerConfig {
        let mut config = ServerConfig {
            listen,
            hosts: self.hosts.clone(),
            cors_origins: self.cors_origins.clone(),
            ..ServerConfig::default()
        };
        config.limits.body_bytes = self.max_body;
        config.limits.batch = self.max_batch;
        config.limits.sockets = self.max_sockets;
        config.limits.request_time = self.limits.time();
        config
    }
}
