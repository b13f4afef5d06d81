//! A bounded memory of what is over.

use std::collections::{BTreeMap, VecDeque};

/// Remembers the last `entries_max` things and forgets the oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Recent<K, V> {
    entries_max: usize,
    order: VecDeque<K>,
    by_key: BTreeMap<K, V>,
}

impl<K: Ord + Copy, V> Recent<K, V> {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries_max, order: VecDeque::new(), by_key: BTreeMap::new() }
    }

    /// Remembers `value` under `key`. A key that is remembered already keeps its age.
    pub(crate) fn remember(&mut self, key: K, value: V) {
        if self.by_key.insert(key, value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.entries_max
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.by_key.get(key)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.by_key.contains_key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut recent = Recent::new(2);
        for key in [1, 2, 1, 3] {
            recent.remember(key, ());
        }
        assert!(!recent.contains(&1));
        assert!(recent.contains(&2) && recent.contains(&3));
    }
}
