//! Swedish and English must say the same things: the same messages, attributes and variables in every file.

use crate::failure::Failure;
use crate::shell::root;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Message (or message.attribute) and the variables it uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Compares every file of `locales/sv` with its namesake in `locales/en`.
pub fn compare() -> Result<(), Failure> {
    let locales = root().join("locales");
    let mut faults = Vec::new();
    let names = |language: &str| -> Result<BTreeSet<String>, Failure> {
        Ok(fs::read_dir(locales.join(language))?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| Path::new(name).extension().is_some_and(|e| e == "ftl"))
            .collect())
    };
    let (swedish, english) = (names("sv")?, names("en")?);
    for name in swedish.symmetric_difference(&english) {
        faults.push(format!("{name} is there in one language only"));
    }
    for name in swedish.intersection(&english) {
        let sv = read(&locales.join("sv").join(name), &mut faults)?;
        let en = read(&locales.join("en").join(name), &mut faults)?;
        for key in sv.keys().filter(|k| !en.contains_key(*k)) {
            faults.push(format!("{name}: {key} is missing in English"));
        }
        for key in en.keys().filter(|k| !sv.contains_key(*k)) {
            faults.push(format!("{name}: {key} is missing in Swedish"));
        }
        for (key, variables) in &sv {
            if en.get(key).is_some_and(|other| other != variables) {
                faults.push(format!("{name}: {key} uses other variables in English than in Swedish"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n       "))) }
}

fn read(path: &Path, faults: &mut Vec<String>) -> Result<Messages, Failure> {
    let text = fs::read_to_string(path)?;
    let resource = fluent_syntax::parser::parse(text.as_str()).unwrap_or_else(|(resource, errors)| {
        faults.extend(errors.iter().map(|e| format!("{}: {e}", path.display())));
        resource
    });
    let mut messages = Messages::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut put = |key: String, pattern: &Pattern<&str>| {
            let mut variables = BTreeSet::new();
            collect(pattern, &mut variables);
            if messages.insert(key.clone(), variables).is_some() {
                faults.push(format!("{}: {key} is there twice", path.display()));
            }
        };
        if let Some(value) = &message.value {
            put(message.id.name.to_owned(), value);
        }
        for attribute in &message.attributes {
            put(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
        }
    }
    Ok(messages)
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, variables);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, variables),
        Expression::Select { selector, variants } => {
            collect_inline(selector, variables);
            for variant in variants {
                collect(&variant.value, variables);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|a| collect_inline(a, variables));
            arguments.named.iter().for_each(|a| collect_inline(&a.value, variables));
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, variables),
        _ => {}
    }
}
