//! What can go wrong while a policy is compiled or evaluated.

use std::fmt;

use super::ir::At;

/// The class of an error, under OPA's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The text breaks the grammar.
    Parse,
    /// A name, an arity or a declaration is wrong.
    Compile,
    /// A variable can not be bound before it is used.
    Unsafe,
    /// Something is applied to the wrong type or number of arguments.
    Type,
    /// A rule needs itself.
    Recursion,
    /// Two clauses give one document two values.
    Conflict,
    /// A builtin failed, and builtin errors are to be errors.
    Builtin,
    /// `with` puts a value where there can be none.
    With,
    /// Time, steps, depth or size ran out.
    Limit,
    /// A fault of this program.
    Internal,
}

impl ErrorCode {
    /// The name in OPA's reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse => "rego_parse_error",
            Self::Compile => "rego_compile_error",
            Self::Unsafe => "rego_unsafe_var_error",
            Self::Type => "rego_type_error",
            Self::Recursion => "rego_recursion_error",
            Self::Conflict => "eval_conflict_error",
            Self::Builtin => "eval_builtin_error",
            Self::With => "eval_with_merge_error",
            Self::Limit => "eval_cancel_error",
            Self::Internal => "eval_internal_error",
        }
    }
}

/// An error with its place in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecError {
    /// Its class.
    pub code: ErrorCode,
    /// What is wrong, in the user's words.
    pub message: String,
    /// Where.
    pub at: At,
}

impl ExecError {
    pub(super) fn new(code: ErrorCode, at: At, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { code, message: message.into(), at })
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for ExecError {}
