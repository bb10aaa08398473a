/** How is a table shown that a person sorts and walks through by keyboard? Rows open records. */
import { useMemo } from "preact/hooks";
import { filterRows, orderOf, sortRows, type Column, type Row } from "../../model/rows";
import { language, look, relook } from "../../state/app";
import { Button, Icon } from "../parts";
import { t } from "../../text/words";

interface Props {
  columns: Column[];
  rows: Row[];
  chosen?: ReadonlySet<string>;
  label: string;
  onOpen?: (id: string) => void;
}

/** Rows that are drawn at once; a table of ten thousand rows would hold up the page. */
const DRAWN = 300;

export function Grid({ columns, rows, chosen, label, onOpen }: Props) {
  const { sort, only, rows: most } = look.value;
  const drawn = most ?? DRAWN;
  const sorted = useMemo(() => {
    const order = orderOf(columns, sort);
    const kept = filterRows(rows, columns, only);
    return order ? sortRows(kept, order, language.value) : kept;
  }, [rows, sort, only, language.value]);
  return (
    <div class="scroll grid" tabIndex={0} role="region" aria-label={label}>
      <table>
        <caption class="hidden-text">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.name} column={column} />
            ))}
          </tr>
          <tr class="filters">
            {columns.map((column) => (
              <td key={column.name}>
                <Filter column={column} />
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, drawn).map((row) => (
            <Line key={row.id} row={row} columns={columns} chosen={chosen?.has(row.id) ?? false} {...(onOpen && { onOpen })} />
          ))}
        </tbody>
      </table>
      {sorted.length < rows.length && (
        <p class="faint num" role="status">
          {sorted.length} {t("of")} {rows.length}
        </p>
      )}
      {sorted.length > drawn && <Button bare icon="chevron-down" label={`${t("more")} (${drawn} ${t("of")} ${sorted.length})`} onClick={() => relook({ rows: drawn + DRAWN })} />}
    </div>
  );
}

/** A column's name; a click puts rows in its order, then in the reverse, then as they came. */
export function Heading({ column }: { column: Column }) {
  const { sort } = look.value;
  const [up, down] = [sort === column.name, sort === `-${column.name}`];
  return (
    <th scope="col" class={column.number ? "num" : ""} aria-sort={down ? "descending" : up ? "ascending" : "none"}>
      <button type="button" onClick={() => relook({ sort: down ? null : up ? `-${column.name}` : column.name })} title={`${t("sortBy")} ${column.label}`}>
        {column.label}
        {(up || down) && <Icon name={down ? "chevron-down" : "chevron-up"} />}
      </button>
    </th>
  );
}

function Filter({ column }: { column: Column }) {
  const { only } = look.value;
  const others = only.filter(([name]) => name !== column.name);
  const onInput = (event: { currentTarget: HTMLInputElement }) => {
    const text = event.currentTarget.value;
    relook({ only: text ? [...others, [column.name, text]] : others });
  };
  const label = `${t("filter")}: ${column.label}`;
  return <input class="field" type="search" size={4} aria-label={label} placeholder={column.number ? ">0" : t("filter")} value={only.find(([name]) => name === column.name)?.[1] ?? ""} onInput={onInput} />;
}

function Line({ row, columns, chosen, onOpen }: { row: Row; columns: Column[]; chosen: boolean; onOpen?: (id: string) => void }) {
  return (
    <tr class={chosen ? "chosen" : ""}>
      {row.cells.map((cell, index) => (
        <td key={index} class={columns[index]?.number ? "num" : ""}>
          {index === 0 && onOpen ? (
            <button type="button" class="link" onClick={() => onOpen(row.id)}>
              {cell.text}
            </button>
          ) : (
            cell.text
          )}
        </td>
      ))}
    </tr>
  );
}
