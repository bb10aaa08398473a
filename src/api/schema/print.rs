//! How are types written as SDL? Not for: which types there are.

use super::definition::{Definition, Kind, Member};
use std::fmt::Write;

/// The SDL of types, in their order.
pub(super) fn sdl(definitions: &[Definition]) -> String {
    let one_of = "\"Exactly one field of the input is given.\"\ndirective @oneOf on INPUT_OBJECT\n";
    let mut out = String::new();
    if definitions.iter().any(|d| d.kind == Kind::OneOf) {
        out.push_str(one_of);
    }
    for definition in definitions {
        out.push('\n');
        write_definition(&mut out, definition);
    }
    out.trim_start().to_owned()
}

fn write_definition(out: &mut String, definition: &Definition) {
    write_description(out, "", definition.description.as_deref());
    let keyword = match definition.kind {
        Kind::Scalar(_) => "scalar",
        Kind::Enum => "enum",
        Kind::Object => "type",
        Kind::Interface => "interface",
        Kind::Input | Kind::OneOf => "input",
    };
    put(out, format_args!("{keyword} {}", definition.name));
    if !definition.implements.is_empty() {
        let interfaces = definition.implements.join(" & ");
        put(out, format_args!(" implements {interfaces}"));
    }
    match definition.kind {
        Kind::Scalar(Some(url)) => put(out, format_args!(" @specifiedBy(url: {})", quoted(url))),
        Kind::OneOf => out.push_str(" @oneOf"),
        _ => {}
    }
    if !definition.members.is_empty() {
        out.push_str(" {\n");
        for member in &definition.members {
            write_member(out, member);
        }
        out.push('}');
    }
    out.push('\n');
}

fn write_member(out: &mut String, member: &Member) {
    write_description(out, "  ", member.description.as_deref());
    put(out, format_args!("  {}", member.name));
    write_arguments(out, &member.arguments);
    write_type(out, member);
    out.push('\n');
}

fn write_type(out: &mut String, member: &Member) {
    if !member.of.is_empty() {
        put(out, format_args!(": {}", member.of));
    }
    if let Some(default) = member.default {
        put(out, format_args!(" = {default}"));
    }
    if let Some(reason) = &member.deprecated {
        let reason = quoted(reason);
        put(out, format_args!(" @deprecated(reason: {reason})"));
    }
}

/// On one line if none has a description.
fn write_arguments(out: &mut String, arguments: &[Member]) {
    if arguments.is_empty() {
        return;
    }
    let described = arguments.iter().any(|a| a.description.is_some());
    out.push('(');
    for (at, argument) in arguments.iter().enumerate() {
        if described {
            out.push('\n');
            write_description(out, "    ", argument.description.as_deref());
            out.push_str("    ");
        } else if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&argument.name);
        write_type(out, argument);
    }
    out.push_str(if described { "\n  )" } else { ")" });
}

/// As a block where a block keeps the text as it is, else as a quoted string.
fn write_description(out: &mut String, indent: &str, description: Option<&str>) {
    let Some(text) = description.filter(|text| !text.trim().is_empty()) else {
        return;
    };
    if !text.contains('\n') || !survives_block(text) {
        return put(out, format_args!("{indent}{}\n", quoted(text)));
    }
    put(out, format_args!("{indent}\"\"\"\n"));
    for line in text.replace("\"\"\"", "\\\"\"\"").lines() {
        let line = format!("{indent}{line}");
        put(out, format_args!("{}\n", line.trim_end()));
    }
    put(out, format_args!("{indent}\"\"\"\n"));
}

/// Whether a block string's rules for indents and blank lines leave the text alone.
fn survives_block(text: &str) -> bool {
    let plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    let tidy = |line: &str| line.trim_end() == line && !line.starts_with([' ', '\t']);
    text.trim() == text && text.chars().all(plain) && text.split('\n').all(tidy)
}

/// A GraphQL string; its escapes are JSON's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
