//! Where in a request does something stand? Not for: what is wrong there (`refusal`).

/// A step into a request: the name of a field or argument, or a position in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A root field's response key, an argument, an input field.
    Name(Box<str>),
    /// A position in a list, from 0.
    At(usize),
}

impl From<&str> for Part {
    fn from(name: &str) -> Self {
        Self::Name(name.into())
    }
}

impl From<usize> for Part {
    fn from(at: usize) -> Self {
        Self::At(at)
    }
}

/// A place that was gone through; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place(u32);

/// All places gone through, each as a step from another, so that paths are put together only where
/// something is wrong.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<(Option<Place>, Part)>);

impl Places {
    /// A root field.
    pub(super) fn root(&mut self, name: &str) -> Place {
        self.add(None, name.into())
    }

    /// A place within another.
    pub(super) fn under(&mut self, place: Place, part: impl Into<Part>) -> Place {
        self.add(Some(place), part.into())
    }

    /// A place beside another.
    pub(super) fn beside(&mut self, place: Place, part: impl Into<Part>) -> Place {
        let parent = self.0.get(place.0 as usize).and_then(|(parent, _)| *parent);
        self.add(parent, part.into())
    }

    fn add(&mut self, parent: Option<Place>, part: Part) -> Place {
        self.0.push((parent, part));
        Place(self.0.len() as u32 - 1)
    }

    /// The steps to a place, from the root field on.
    pub(super) fn path(&self, place: Place) -> Vec<Part> {
        let mut path = Vec::new();
        let mut next = Some(place);
        while let Some((parent, part)) = next.and_then(|at| self.0.get(at.0 as usize)) {
            path.push(part.clone());
            next = *parent;
        }
        path.reverse();
        path
    }
}
