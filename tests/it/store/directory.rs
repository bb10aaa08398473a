//! Is everything acknowledged there after kill -9, at any moment?
