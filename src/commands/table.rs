//! How is an answer shown as a table? The rows are the items of its first list; nested fields are
//! columns with dotted names. Not for: running the query (`query`).

use serde_json::Value;

/// Columns and rows of an answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// The fields of the answer that the table does not show, by dotted names.
    pub(super) left_out: Vec<String>,
}

impl Table {
    /// The table of the `data` of an answer.
    pub(super) fn of(data: &Value) -> Self {
        let items = match first_list(data) {
            Some(items) => items.iter().collect(),
            None => vec![data],
        };
        let mut table = Self::default();
        for item in items {
            let mut cells = Vec::new();
            flatten("", item, &mut cells);
            let mut row = vec![String::new(); table.columns.len()];
            for (name, text) in cells {
                match table.columns.iter().position(|column| *column == name) {
                    Some(at) => row[at] = text,
                    None => {
                        table.columns.push(name);
                        row.push(text);
                    }
                }
            }
            table.rows.push(row);
        }
        table.drop_absent_objects();
        beside("", data, &mut table.left_out);
        table
    }

    /// An object that is absent from some rows needs no column beside those of its fields.
    fn drop_absent_objects(&mut self) {
        let is_parent = |name: &String| {
            let inside = format!("{name}.");
            self.columns.iter().any(|other| other.starts_with(&inside))
        };
        let keep: Vec<bool> = self.columns.iter().map(|name| !is_parent(name)).collect();
        for row in self.rows.iter_mut().chain([&mut self.columns]) {
            let mut kept = keep.iter();
            row.retain(|_| kept.next().copied().unwrap_or(true));
        }
    }

    /// As text with aligned columns; wide characters count twice.
    pub(super) fn to_text(&self) -> String {
        if self.columns.is_empty() {
            return String::new();
        }
        let width = |text: &str| {
            text.chars()
                .map(|c| if (c as u32) < 0x1100 { 1 } else { 2 })
                .sum::<usize>()
        };
        let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                self.rows
                    .iter()
                    .map(|row| width(&cell(row, at)))
                    .chain([width(&self.columns[at])])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let line = |row: &[String]| {
            let cells = widths.iter().enumerate().map(|(at, wide)| {
                let text = cell(row, at);
                let pad = " ".repeat(wide - width(&text));
                format!("{text}{pad}")
            });
            format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
        };
        let rule: Vec<String> = widths.iter().map(|wide| "-".repeat(*wide)).collect();
        let head = line(&self.columns) + &line(&rule);
        self.rows.iter().fold(head, |text, row| text + &line(row))
    }

    /// As comma-separated values with a header.
    pub(super) fn to_csv(&self) -> Result<String, csv::Error> {
        if self.columns.is_empty() {
            return Ok(String::new());
        }
        let mut writer = csv::WriterBuilder::new()
            .flexible(false)
            .from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            let cells = (0..self.columns.len()).map(|at| row.get(at).map_or("", String::as_str));
            writer.write_record(cells)?;
        }
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The first list of objects, looking at the fields in their order.
fn first_list(value: &Value) -> Option<&Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(fields) => fields.values().find_map(first_list),
        _ => None,
    }
}

/// The names of the fields beside the first list, on all levels down to it.
fn beside(within: &str, value: &Value, names: &mut Vec<String>) {
    let Value::Object(fields) = value else {
        return;
    };
    let Some(shown) = fields.values().position(|of| first_list(of).is_some()) else {
        return;
    };
    for (at, (name, value)) in fields.iter().enumerate() {
        let name = format!("{within}{name}");
        if at == shown {
            beside(&format!("{name}."), value, names);
        } else {
            names.push(name);
        }
    }
}

fn flatten(name: &str, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, value, cells);
            }
        }
        Value::Array(items) => cells.push((name.to_owned(), joined(items))),
        Value::Null => cells.push((name.to_owned(), String::new())),
        Value::String(text) => cells.push((name.to_owned(), text.clone())),
        other => cells.push((name.to_owned(), other.to_string())),
    }
}

/// The items of a list in one cell.
fn joined(items: &[Value]) -> String {
    let texts = items.iter().map(|item| {
        let mut cells = Vec::new();
        flatten("", item, &mut cells);
        cells
            .into_iter()
            .map(|(_, text)| text)
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    texts.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_the_items_of_the_first_list() {
        let data = json!({"counties": [
            {"name": "普宁", "partOf": {"name": "揭阳"}, "clusters": [{"name": "服装"}, {"name": "鞋"}]},
            {"name": "a", "partOf": null, "clusters": []},
        ]});
        let table = Table::of(&data);
        let text = table.to_text();
        assert_eq!(
            text,
            "name  partOf.name  clusters\n----  -----------  ---------\n普宁  揭阳         服装 | 鞋\na\n"
        );
        assert_eq!(
            table.to_csv().unwrap(),
            "name,partOf.name,clusters\n普宁,揭阳,服装 | 鞋\na,,\n"
        );
        assert!(table.left_out.is_empty());
    }

    #[test]
    fn what_stands_beside_the_rows_is_named() {
        let data = json!({
            "page": {"totalCount": 2, "nodes": [{"name": "a"}], "pageInfo": {"hasNextPage": true}},
            "cities": [{"name": "b"}],
            "revision": "1",
        });
        let table = Table::of(&data);
        assert_eq!(table.rows, [["a"]]);
        assert_eq!(
            table.left_out,
            ["page.totalCount", "page.pageInfo", "cities", "revision"]
        );
        let record = Table::of(&json!({"city": {"name": "b"}, "revision": "1"}));
        assert_eq!(record.columns, ["city.name", "revision"]);
        assert!(record.left_out.is_empty());
    }
}
