//! `guitu export`: the whole graph as data files, or a graph for other tools.

use super::query::{context, engine, failure, finish, variables};
use super::say::say;
use super::{Done, Failure, open};
use crate::api::service::{Drawing, Request, Service};
use crate::config::{ExportFlags, Places};
use crate::db::Db;
use crate::exchange::{self, Document, Format};
use crate::exec::Picture;
use crate::graph::Snapshot;
use std::path::Path;
use std::sync::Arc;

pub(super) fn run(places: &Places, flags: &ExportFlags) -> Done {
    open::must_exist(places)?;
    let db = Arc::new(open::db(places)?);
    let snapshot = db.snapshot();
    let wrong = |error| Failure::doing(&flags.path.display().to_string(), &error);
    let Some(format) = &flags.format else {
        let exchange::Exported {
            files,
            nodes,
            edges,
        } = exchange::export(&snapshot, &flags.path).map_err(wrong)?;
        let files = files.len();
        return say(format_args!(
            "{nodes} nodes and {edges} edges in {files} files\n"
        ));
    };
    let drawing = match &flags.query {
        Some(query) => shown(&db, query, flags)?,
        None => whole(&snapshot),
    };
    let document = |format| {
        let (snapshot, picture) = (drawing.snapshot.clone(), drawing.picture.clone());
        Document::new(snapshot, picture, drawing.languages.clone(), format)
    };
    exchange::save(&flags.path, Format::files(format), document).map_err(wrong)?;
    let (nodes, edges) = (drawing.picture.nodes.len(), drawing.picture.edges.len());
    say(format_args!(
        "{nodes} nodes and {edges} edges as {format}\n"
    ))
}

fn whole(snapshot: &Arc<Snapshot>) -> Drawing {
    Drawing {
        snapshot: snapshot.clone(),
        picture: Picture::whole(snapshot),
        languages: snapshot.ontology().languages.as_slice().into(),
        name: "graph".into(),
    }
}

/// What a query shows: that of a file, or the text itself.
fn shown(db: &Arc<Db>, query: &str, flags: &ExportFlags) -> Result<Drawing, Failure> {
    let query = match Path::new(query).is_file() {
        true => std::fs::read_to_string(query).map_err(|e| Failure::doing(query, &e))?,
        false => query.to_owned(),
    };
    let request = Request {
        query,
        operation_name: flags.operation.clone(),
        variables: variables(flags.variables.as_deref())?,
        extensions: None,
    };
    let (engine, context) = (engine(db, &flags.limits)?, context(&flags.limits));
    let drawn = finish(engine.draw(&request, &context))?;
    drawn.map_err(|answer| failure(&answer.body))
}
