//! How does a drawing become a file that graph tools open? In pieces, so that only what is drawn is
//! held, never the file. One writer for each format. Not for: data files that `import` reads
//! (`export`), or what is drawn (`exec`).

mod columns;
mod cytoscape;
mod format;
mod gexf;
mod graphml;
mod json_ld;
mod scene;
mod tables;
#[cfg(test)]
mod tests;
mod xml;

pub use format::{Format, UnknownFormat};

use crate::exec::Picture;
use crate::graph::Snapshot;
use scene::Scene;
use std::sync::Arc;

/// A piece is handed out when it has so many bytes.
const PIECE: usize = 64 << 10;

/// What a format writes, part by part, in this order.
trait Writer: Sync {
    /// Everything before the first node.
    fn head(&self, scene: &Scene, out: &mut String);
    /// The node of this position.
    fn node(&self, scene: &Scene, at: usize, out: &mut String);
    /// Everything between the nodes and the edges.
    fn turn(&self, scene: &Scene, out: &mut String);
    /// The edge of this position.
    fn edge(&self, scene: &Scene, at: usize, out: &mut String);
    /// Everything after the last edge.
    fn tail(&self, scene: &Scene, out: &mut String);
}

/// A file in a format of graph tools: an iterator over its pieces, each of about 64 KiB.
pub struct Document {
    scene: Scene,
    writer: &'static dyn Writer,
    next: Next,
}

/// What is to be written next.
#[derive(Clone, Copy)]
enum Next {
    Head,
    Node(usize),
    Edge(usize),
    End,
}

impl Document {
    /// A drawing in a format; texts of nodes' labels are in the first of the languages. Cost: each
    /// record is looked at once, to know which columns there are.
    pub fn new(
        snapshot: Arc<Snapshot>,
        picture: Picture,
        languages: Arc<[String]>,
        format: Format,
    ) -> Self {
        Self {
            scene: Scene::new(snapshot, picture, languages),
            writer: format.writer(),
            next: Next::Head,
        }
    }

    fn write(&mut self, out: &mut String) {
        let Self {
            scene,
            writer,
            next,
        } = self;
        *next = match *next {
            Next::Head => {
                writer.head(scene, out);
                Next::Node(0)
            }
            Next::Node(at) if at < scene.picture.nodes.len() => {
                writer.node(scene, at, out);
                Next::Node(at + 1)
            }
            Next::Node(_) => {
                writer.turn(scene, out);
                Next::Edge(0)
            }
            Next::Edge(at) if at < scene.picture.edges.len() => {
                writer.edge(scene, at, out);
                Next::Edge(at + 1)
            }
            Next::Edge(_) => {
                writer.tail(scene, out);
                Next::End
            }
            Next::End => Next::End,
        };
    }
}

impl Iterator for Document {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut out = String::new();
        while out.len() < PIECE && !matches!(self.next, Next::End) {
            self.write(&mut out);
        }
        (!out.is_empty()).then(|| out.into_bytes())
    }
}
