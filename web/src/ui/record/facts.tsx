/** What is stated about a record, and who says so? Its fields, each with marks of its references. */
import type { ComponentChildren } from "preact";
import { fieldLabel } from "../../model/ontology";
import { speaksFor, type Fact, type Reference } from "../../model/record";
import { recordAt } from "../../model/place";
import { href, language } from "../../state/app";
import { valueHint, valueText } from "../../text/values";
import { t } from "../../text/words";

/** Fields as a list of terms; references are numbered as in the list below. */
export function Facts({ facts, references }: { facts: Fact[]; references: Reference[] }) {
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div key={fact.field.name}>
          <dt title={fact.field.description ?? ""}>{fieldLabel(fact.field, language.value)}</dt>
          <dd>
            <Value fact={fact} marks={<Marks references={references} name={fact.field.name} />} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ fact, marks }: { fact: Fact; marks: ComponentChildren }) {
  const text = valueText(fact.field, fact.value, language.value);
  const others = fact.texts.filter((one) => one.value !== text);
  if (/^https?:\/\//.test(text)) return (
    <>
      <Outward url={text}>{text}</Outward>
      {marks}
    </>
  );
  return (
    <>
      <span title={valueHint(fact.field, fact.value)}>{text}</span>
      {marks}
      {others.map((one) => (
        <span key={one.lang} class="other" lang={one.lang}>
          {one.value}
        </span>
      ))}
    </>
  );
}

/** A link that leaves the page: opened apart, and the other side learns nothing. */
function Outward({ url, children }: { url: string; children: ComponentChildren }) {
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

/** Which of the references stand for this field by name; the others stand for all. */
function Marks({ references, name }: { references: Reference[]; name: string }) {
  const numbers = references.flatMap((one, index) => (speaksFor(one, name) ? [index + 1] : []));
  const named = numbers.filter((number) => references[number - 1]?.fields);
  const shown = named.length ? named : numbers;
  if (!shown.length) return null;
  return (
    <sup class="marks">
      {shown.map((number) => (
        <span key={number} title={referenceText(references[number - 1] as Reference)}>
          {number}
        </span>
      ))}
    </sup>
  );
}

const referenceText = (one: Reference): string => [one.source.label, one.locator].filter(Boolean).join(" · ");

/** The references themselves: source, place in it, for which fields. */
export function References({ references, labels }: { references: Reference[]; labels: ReadonlyMap<string, string> }) {
  return (
    <ol class="references">
      {references.map((one, index) => (
        <li key={index}>
          <span class="number">{index + 1}</span>
          <span>
            <SourceLink reference={one} />
            {one.locator && <span class="locator"> {one.locator}</span>}
            <span class="faint">
              {" "}
              {one.fields ? `${t("for")} ${one.fields.map((name) => labels.get(name) ?? name).join(", ")}` : t("wholeRecord")}
            </span>
            {one.note && <span class="note">{one.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function SourceLink({ reference }: { reference: Reference }) {
  return (
    <a class="source" href={href(recordAt(reference.source.id))}>
      {reference.source.label}
    </a>
  );
}

/** One line: what an edge says, and who says so. */
export function EdgeLine({ facts, references }: { facts: Fact[]; references: Reference[] }) {
  return (
    <span class="edge-line">
      {facts
        .filter(({ value }) => value !== false)
        .map(({ field, value }) => (
          <span key={field.name} class="tag" title={valueHint(field, value)}>
            <span class="faint">{fieldLabel(field, language.value)}</span> {valueText(field, value, language.value)}
          </span>
        ))}
      {references.map((one, index) => (
        <span key={index} class="cite">
          <SourceLink reference={one} />
          {one.locator && <span class="locator"> {one.locator}</span>}
        </span>
      ))}
    </span>
  );
}
