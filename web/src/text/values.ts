/** How is a value written for a person? Dates, numbers, places, enums and lists in a language. */
import type { FieldInfo, Language } from "../model/ontology";
import { words } from "../model/ontology";

/** A value of a field as text. */
export function valueText(info: FieldInfo, value: unknown, language: Language): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => valueText(info, one, language)).join(language === "zh" ? "、" : ", ");
  return scalarText(info, value, language) + (info.unit ? ` ${info.unit}` : "");
}

const PLAIN = ["ID", "String", "Date", "DateTime", "Period", "BigInt"];

function scalarText(info: FieldInfo, value: unknown, language: Language): string {
  if (info.type === "Boolean") return yesNo(value === true, language);
  if (info.type === "Int" || info.type === "Float") return numberText(value as number, info);
  if (info.type === "Point") return pointText(value as { latitude: number; longitude: number });
  if (info.type === "Period") return String(value).replace("/", " – ").replace("..", "…");
  if (PLAIN.includes(info.type)) return String(value);
  if (typeof value === "object") return JSON.stringify(value);
  return wordOf(info, value)?.display[language] ?? wordOf(info, value)?.display.en ?? words(String(value));
}

const wordOf = (info: FieldInfo, value: unknown) => info.values?.find(({ name }) => name === value);

/** What the ontology says of a value that is a word of an enum. */
export const valueHint = (info: FieldInfo, value: unknown): string | undefined => wordOf(info, value)?.description ?? undefined;

const yesNo = (value: boolean, language: Language): string => (language === "zh" ? (value ? "是" : "否") : value ? "yes" : "no");

/** Years and ordinals read badly with separators; they are the small whole numbers. */
function numberText(value: number, info: FieldInfo): string {
  const plain = info.type === "Int" && Math.abs(value) < 10_000;
  return plain ? String(value) : value.toLocaleString("en", { maximumFractionDigits: 6 });
}

function pointText({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const side = (value: number, plus: string, minus: string) => `${Math.abs(value).toFixed(2)}° ${value < 0 ? minus : plus}`;
  return `${side(latitude, "N", "S")}, ${side(longitude, "E", "W")}`;
}

/** A count with thousands apart. */
export const countText = (count: number): string => count.toLocaleString("en");
