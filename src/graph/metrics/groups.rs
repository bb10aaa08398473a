//! Which nodes are together? Not for: why.

/// The nodes of a network in groups: the largest first, equal ones by their first member; members in
/// the order of their numbers.
#[derive(Debug, PartialEq)]
pub struct Groups {
    /// Where each group starts, and where the last one ends.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    /// From a label for each number, any below `labels`.
    pub(super) fn new(of: &[u32], labels: usize) -> Self {
        let mut sizes = vec![0u32; labels];
        of.iter().for_each(|label| sizes[*label as usize] += 1);
        let mut firsts = vec![u32::MAX; labels];
        for (number, label) in (0..).zip(of) {
            let first = &mut firsts[*label as usize];
            *first = number.min(*first);
        }
        let mut order: Vec<u32> = (0..labels as u32).collect();
        order.retain(|label| sizes[*label as usize] > 0);
        order.sort_unstable_by_key(|label| {
            let label = *label as usize;
            (std::cmp::Reverse(sizes[label]), firsts[label])
        });
        let mut starts = Vec::with_capacity(order.len() + 1);
        let (mut next, mut start) = (firsts, 0);
        for label in order {
            starts.push(start);
            next[label as usize] = start;
            start += sizes[label as usize];
        }
        starts.push(start);
        let mut members = vec![0; of.len()];
        for (number, label) in (0..).zip(of) {
            let next = &mut next[*label as usize];
            members[*next as usize] = number;
            *next += 1;
        }
        Self { starts, members }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of a group's nodes; none beyond the last.
    pub fn group(&self, at: usize) -> &[u32] {
        match self.starts.get(at + 1) {
            Some(end) => &self.members[self.starts[at] as usize..*end as usize],
            None => &[],
        }
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        (self.starts.capacity() + self.members.capacity()) * size_of::<u32>()
    }
}
