//! A closure on its way through an engine's thread, and the way its answer goes back.

use crate::{Session, StorageError};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One closure, its result once it has run, and whom to tell.
pub(crate) trait Work: Send {
    /// Runs it. A panic is caught and becomes the result.
    fn run(&mut self, session: &mut Session<'_>) -> Ran;

    /// Forgets a result that came of trouble with the connection.
    fn forget(&mut self);

    /// Tells the caller the result, or `fate` if the result came to nothing.
    fn reply(self: Box<Self>, fate: Result<(), StorageError>);
}

/// What is to be done with what a closure wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    Keep,
    RollBack,
}

type Reply<T, E> = Box<dyn FnOnce(Result<T, E>) + Send>;

pub(crate) struct Closure<F, T, E> {
    closure: F,
    result: Option<Result<T, E>>,
    reply: Reply<T, E>,
}

impl<F, T, E> Closure<F, T, E>
where
    F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    pub(crate) fn boxed(closure: F, reply: impl FnOnce(Result<T, E>) + Send + 'static) -> Box<dyn Work> {
        Box::new(Self { closure, result: None, reply: Box::new(reply) })
    }
}

impl<F, T, E> Work for Closure<F, T, E>
where
    F: FnMut(&mut Session<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StorageError> + Send,
{
    fn run(&mut self, session: &mut Session<'_>) -> Ran {
        let result = match catch_unwind(AssertUnwindSafe(|| (self.closure)(session))) {
            Ok(Ok(_)) if session.failed => Err(StorageError::AlreadyFailed.into()),
            Ok(result) => result,
            Err(panic) => Err(StorageError::Panicked(panic_text(&*panic)).into()),
        };
        let ran = if result.is_ok() { Ran::Keep } else { Ran::RollBack };
        self.result = Some(result);
        ran
    }

    fn forget(&mut self) {
        self.result = None;
    }

    fn reply(self: Box<Self>, fate: Result<(), StorageError>) {
        let answer = match (self.result, fate) {
            (Some(Err(own)), _) => Err(own),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(StorageError::Closed.into()),
        };
        (self.reply)(answer);
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a text").to_owned()
}
