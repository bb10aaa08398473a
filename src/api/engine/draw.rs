//! What does an operation show, for files of graphs? It is run as for an answer, of which only the
//! records are taken. Not for: the files (`exchange`).

use super::{Engine, Task, halted, note, one, refused};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::operation::OperationKind;
use crate::api::service::{Answer, Context, Drawing, Outcome, Request};
use crate::api::write::Halt;
use crate::exec::{Budget, Picture, Shown};
use crate::plan::{Keyed, Root, RootField};

/// What a run shows, or the answer that says what is wrong with its arguments.
type Drawn = Result<Shown, Vec<u8>>;

impl Engine {
    /// What the one root field of an operation shows.
    ///
    /// # Errors
    /// The answer that tells what is wrong: the same as for the operation itself.
    pub(super) async fn drawn(
        &self,
        request: &Request,
        context: &Context,
    ) -> Result<Drawing, Answer> {
        let wrong = |error| refused(&one(error));
        let planning = context.trace.part("plan");
        let prepared = self.prepare(&request.query).map_err(|e| refused(&e))?;
        let name = request.operation_name.as_deref();
        let operation = prepared.document.operation(name).map_err(wrong)?;
        if operation.kind() != OperationKind::Query {
            let error = GraphqlError::new(ErrorCode::BadUserInput, "only a query can be exported");
            return Err(wrong(error));
        }
        note(&context.trace, operation);
        let sight = self.sight(context).await.map_err(wrong)?;
        let task = self.task((&prepared, operation), request, context, &sight);
        let task = task.map_err(|e| refused(&e))?;
        let refuse = |message: String| {
            let hint = "ask for one of paths, neighborhood, subgraph, a list or a connection";
            let error = GraphqlError::new(ErrorCode::BadUserInput, message).hint(hint);
            Err(wrong(error))
        };
        let name = match &*roots(&task) {
            [(_, root)] => root.what.name.clone(),
            many => {
                let message = "an export is of one root field, and this operation has";
                return refuse(format!("{message} {}", many.len()));
            }
        };
        let snapshot = task.snapshot.clone();
        let languages = self.languages(context, snapshot.ontology());
        drop(planning);
        let drawn = self.work(task, Task::draw).await.map_err(|e| halted(&e))?;
        match drawn {
            Ok(Shown::Picture(picture)) => Ok(Drawing {
                snapshot,
                picture,
                languages,
                name,
            }),
            Ok(_) => refuse(format!("`{name}` has no records to export")),
            Err(body) => Err(Answer {
                body: body.into(),
                outcome: Outcome::Data,
            }),
        }
    }
}

impl Task {
    fn draw(&self, cost: u64) -> Result<Drawn, Halt> {
        let budget = Budget::new(cost, self.records, self.deadline, &self.cancel);
        let _running = self.trace.part("execute");
        let run = self.over(&budget);
        let rows = run.run(&self.lowered.selection).map_err(Halt::Stop)?;
        let mut shown = Shown::Picture(Picture::default());
        for (at, root) in roots(self) {
            shown = run.picture(&root.what, &rows[at]).map_err(Halt::Stop)?;
        }
        match shown {
            Shown::Wrong => self.written(&budget, &[], &rows).map(Err),
            shown => Ok(Ok(shown)),
        }
    }
}

/// The root fields, with their positions, that are more than the name of a type.
fn roots(task: &Task) -> Vec<(usize, &Keyed<Root>)> {
    let roots = task.lowered.selection.roots.iter().enumerate();
    let named = |root: &Keyed<Root>| matches!(root.what.field, RootField::Typename(_));
    roots.filter(|(_, root)| !named(root)).collect()
}
