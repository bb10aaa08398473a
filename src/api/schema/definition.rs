//! What does a type of the API consist of? Plain data between the rooms that decide which types there
//! are and the one that writes them as SDL. Not for: what any of them means.

/// One type of the API.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub name: String,
    pub description: Option<String>,
    pub kind: Kind,
    /// The interfaces that an object or interface implements.
    pub implements: Vec<String>,
    /// Fields, input fields or enum values.
    pub members: Vec<Member>,
}

/// What kind of type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A scalar, and where it is specified.
    Scalar(Option<&'static str>),
    Enum,
    Object,
    Interface,
    Input,
    /// An input of which exactly one field is given.
    OneOf,
}

/// A field, an argument, an input field or an enum value (which has no type).
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    pub name: String,
    /// A type as GraphQL writes it: `[County!]!`.
    pub of: String,
    pub description: Option<String>,
    pub arguments: Vec<Member>,
    /// The value of an argument or input field that is not given, as GraphQL writes it.
    pub default: Option<&'static str>,
    pub deprecated: Option<String>,
}

impl Definition {
    pub fn new(kind: Kind, name: impl Into<String>, members: Vec<Member>) -> Self {
        Self {
            name: name.into(),
            description: None,
            kind,
            implements: Vec::new(),
            members,
        }
    }

    pub fn object(name: impl Into<String>, members: Vec<Member>) -> Self {
        Self::new(Kind::Object, name, members)
    }

    pub fn input(name: impl Into<String>, members: Vec<Member>) -> Self {
        Self::new(Kind::Input, name, members)
    }

    pub fn one_of(name: impl Into<String>, members: Vec<Member>) -> Self {
        Self::new(Kind::OneOf, name, members)
    }

    pub fn describe(mut self, description: impl Into<Option<String>>) -> Self {
        self.description = description.into();
        self
    }

    pub fn about(self, description: &str) -> Self {
        self.describe(description.to_owned())
    }

    pub fn implementing(mut self, interfaces: Vec<String>) -> Self {
        self.implements = interfaces;
        self
    }

    /// The types that it mentions, without list and non-null marks.
    pub fn mentions(&self) -> impl Iterator<Item = &str> {
        let of_members = self.members.iter().flat_map(|member| {
            let arguments = member.arguments.iter().map(Member::base);
            arguments.chain([member.base()])
        });
        of_members.chain(self.implements.iter().map(String::as_str))
    }
}

impl Member {
    pub fn new(name: impl Into<String>, of: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            of: of.into(),
            ..Self::default()
        }
    }

    pub fn describe(mut self, description: impl Into<Option<String>>) -> Self {
        self.description = description.into();
        self
    }

    pub fn about(self, description: &str) -> Self {
        self.describe(description.to_owned())
    }

    pub fn with(mut self, arguments: Vec<Member>) -> Self {
        self.arguments = arguments;
        self
    }

    pub fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    pub fn deprecate(mut self, reason: &Option<String>) -> Self {
        self.deprecated.clone_from(reason);
        self
    }

    fn base(&self) -> &str {
        self.of.trim_matches(['[', ']', '!'])
    }
}

/// Members of the same type, in order.
pub(super) fn members(names: &[&str], of: &str) -> Vec<Member> {
    names.iter().map(|name| Member::new(*name, of)).collect()
}

/// `AND OR NOT` of an input.
pub(super) fn logic(of: &str) -> Vec<Member> {
    vec![
        Member::new("AND", format!("[{of}!]")),
        Member::new("OR", format!("[{of}!]")),
        Member::new("NOT", of),
    ]
}
