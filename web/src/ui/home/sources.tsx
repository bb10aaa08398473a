/** Where does the data come from? Every document that is cited, by how often. */
import { recordAt } from "../../model/place";
import SOURCES, { type Data } from "../../query/asked/sources.graphql?raw";
import { useAnswer } from "../../state/answer";
import { href } from "../../state/app";
import { countText } from "../../text/values";
import { t } from "../../text/words";
import { Behind } from "../behind";
import { Failed, Loading } from "../parts";

type SourceRow = Data["sources"][number];

export function Sources() {
  const { data, error } = useAnswer(SOURCES, {});
  const cited = (data?.sources ?? []).filter((one) => one.citedBy.totalCount > 0).sort((a, b) => b.citedBy.totalCount - a.citedBy.totalCount);
  if (data && cited.length === 0) return null;
  return (
    <section class="section" aria-labelledby="whence">
      <header>
        <h2 id="whence">{t("whence")}</h2>
        <span class="soft">{t("whenceHint")}</span>
        <Behind query={SOURCES} />
      </header>
      {error ? <Failed message={error} /> : !data ? <Loading /> : <List rows={cited} />}
    </section>
  );
}

function List({ rows }: { rows: SourceRow[] }) {
  const most = rows[0]?.citedBy.totalCount ?? 1;
  return (
    <ol class="sources">
      {rows.map((row) => (
        <li key={row.id}>
          <a class="title" href={href(recordAt(row.id))}>
            {row.label}
          </a>
          <span class="faint">{[row.authors.join(", "), row.publisher, row.published].filter(Boolean).join(" · ")}</span>
          <span class="bar" aria-hidden="true">
            <i style={{ width: `${(100 * row.citedBy.totalCount) / most}%` }} />
          </span>
          <span class="num soft">
            {countText(row.citedBy.totalCount)} <small>{t("citedTimes")}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}
