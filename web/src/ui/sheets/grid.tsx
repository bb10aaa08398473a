/** How is a table shown that a person sorts and walks through by keyboard? Rows open records. */
import { useMemo, useState } from "preact/hooks";
import { sortRows, type Column, type Order, type Row } from "../../model/rows";
import { language } from "../../state/app";
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
  const [order, setOrder] = useState<Order | null>(null);
  const [most, setMost] = useState(DRAWN);
  const sorted = useMemo(() => (order ? sortRows(rows, order, language.value) : rows), [rows, order, language.value]);
  return (
    <div class="scroll grid" tabIndex={0} role="region" aria-label={label}>
      <table>
        <caption class="hidden-text">{label}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <Heading key={column.name} column={column} index={index} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, most).map((row) => (
            <Line key={row.id} row={row} columns={columns} chosen={chosen?.has(row.id) ?? false} {...(onOpen && { onOpen })} />
          ))}
        </tbody>
      </table>
      {rows.length > most && <Button bare icon="chevron-down" label={`${t("more")} (${most} ${t("of")} ${rows.length})`} onClick={() => setMost(most + DRAWN)} />}
    </div>
  );
}

function Heading({ column, index, order, onOrder }: { column: Column; index: number; order: Order | null; onOrder: (order: Order | null) => void }) {
  const mine = order?.column === index ? order : null;
  const sort = mine ? (mine.down ? "descending" : "ascending") : "none";
  const next = () => onOrder(mine ? (mine.down ? null : { column: index, down: true }) : { column: index, down: false });
  return (
    <th scope="col" class={column.number ? "num" : ""} aria-sort={sort}>
      <button type="button" onClick={next} title={`${t("sortBy")} ${column.label}`}>
        {column.label}
        {mine && <Icon name={mine.down ? "chevron-down" : "chevron-up"} />}
      </button>
    </th>
  );
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
