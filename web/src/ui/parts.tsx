/** What small things are all pages made of? Icons, type dots, menus, notices. */
import icons from "virtual:icons";
import type { ButtonHTMLAttributes, ComponentChildren, CSSProperties } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { world } from "../state/world";
import { onDark } from "../model/color";
import { isDark, language } from "../state/app";
import { t } from "../text/words";

/** Names the page for the browser's tab, its history and screen readers. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = text ? `${text} · ${t("title")}` : "归图 Guitu";
  }, [text, language.value]);
}

/** A drawing of Lucide; nothing where the page does not carry it. */
export function Icon({ name }: { name: string }) {
  const drawing = icons[name];
  if (!drawing) return null;
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: drawing }} />;
}

/** The mark of a type: its colour with its icon, or the first letter of its label. */
export function TypeDot({ type, small }: { type: string; small?: boolean }) {
  const ontology = world.value?.ontology;
  const icon = ontology?.icon(type);
  const style = { "--dot": typeColor(type) } as CSSProperties;
  if (small) return <span class="dot small" style={style} />;
  const letter = ontology?.typeLabel(type, language.value).charAt(0);
  return (
    <span class="dot" style={style} aria-hidden="true">
      {icon && icons[icon] ? <Icon name={icon} /> : letter}
    </span>
  );
}

/** A type's colour on the ground of the theme. */
export function typeColor(type: string): string {
  const color = world.value?.ontology.color(type) ?? "#777777";
  return isDark() ? onDark(color) : color;
}

/** A relationship's colour on the ground of the theme; null where the ontology names none. */
export function relationshipColor(type: string): string | null {
  const color = world.value?.ontology.relationshipColor(type) ?? null;
  return color && isDark() ? onDark(color) : color;
}

export const typeLabel = (type: string): string => world.value?.ontology.typeLabel(type, language.value) ?? type;
export const relationshipLabel = (type: string): string => world.value?.ontology.relationshipLabel(type, language.value) ?? type;

type ButtonProps = { icon?: string; label: string; bare?: boolean; main?: boolean; quiet?: boolean } & Omit<ButtonHTMLAttributes, "icon" | "label">;

/** A button with an icon; `quiet` shows the icon alone. */
export function Button({ icon, label, bare, main, quiet, ...rest }: ButtonProps) {
  const kind = `button${bare ? " bare" : ""}${main ? " main" : ""}`;
  const named = quiet ? { "aria-label": label, title: label } : {};
  return (
    <button type="button" class={kind} {...named} {...rest}>
      {icon && <Icon name={icon} />}
      {!quiet && <span>{label}</span>}
    </button>
  );
}

/** A button that opens a sheet, of one choice among several where `choice` says so; Escape and a click elsewhere close it. */
export function Menu(props: { icon?: string; label: string; quiet?: boolean; bare?: boolean; choice?: boolean; children: (close: () => void) => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => root.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && open) {
      const items = [...(root.current?.querySelectorAll<HTMLElement>(".item") ?? [])];
      items.at((items.indexOf(document.activeElement as HTMLElement) + step) % items.length)?.focus();
      event.preventDefault();
    }
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <Button
        {...(props.icon && { icon: props.icon })}
        label={props.label}
        quiet={props.quiet ?? false}
        bare={props.bare ?? false}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div class="sheet" role={props.choice ? "menu" : "group"} aria-label={props.label} id={id} ref={within}>
          {props.children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

/** A sheet that would lie outside the window moves into it. */
function within(sheet: HTMLElement | null): void {
  if (!sheet) return;
  const { left, right } = sheet.getBoundingClientRect();
  sheet.style.translate = `${Math.max(8 - left, Math.min(0, innerWidth - 8 - right))}px`;
}

export function MenuItem({ icon, label, checked, onClick }: { icon?: string; label: string; checked?: boolean; onClick: () => void }) {
  const role = checked === undefined ? {} : { role: "menuitemradio" as const, "aria-checked": checked };
  return (
    <button type="button" class="item" {...role} onClick={onClick}>
      {icon && <Icon name={icon} />}
      <span class="grow">{label}</span>
      {checked && <Icon name="check" />}
    </button>
  );
}

export function Loading() {
  return (
    <p class="notice" role="status">
      {t("loading")}
    </p>
  );
}

export function Failed({ message }: { message: string }) {
  return (
    <p class="notice bad" role="alert">
      {t("failed")}
      {"\n"}
      {message}
    </p>
  );
}
