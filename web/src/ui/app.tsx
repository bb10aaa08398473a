/** Which page is shown, in which frame? The header with search, pages and preferences. */
import { useEffect, useRef } from "preact/hooks";
import mark from "../styles/mark.svg";
import { graphAt, HOME, mapAt, queryAt, type Place, type Theme } from "../model/place";
import { href, language, like, place, theme } from "../state/app";
import { trouble, world } from "../state/world";
import { t } from "../text/words";
import { BehindDialog } from "./behind";
import { Home } from "./home/home";
import { later } from "./later";
import { Button, Failed, Icon, Loading, Menu, MenuItem } from "./parts";
import { RecordPage } from "./record/page";
import { SearchBox } from "./search";
import { Share } from "./share";
import { TypePage } from "./type-page";


const GraphPage = later(() => import("./graph/page").then((module) => module.GraphPage));
const QueryPage = later(() => import("./query/page").then((module) => module.QueryPage));
const MapPage = later(() => import("./map/page").then((module) => module.MapPage));

export function App() {
  const here = place.value;
  const page = `${here.page} ${"id" in here ? here.id : "type" in here ? here.type : ""}`;
  const first = useRef(page);
  useEffect(() => {
    if (first.current !== page) document.getElementById("content")?.focus();
    first.current = page;
  }, [page]);
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={toContent}>
        {t("skip")}
      </a>
      <Header />
      <Content />
      <BehindDialog />
    </div>
  );
}

function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Header() {
  return (
    <header class="top">
      <a class="brand" href={href(HOME)}>
        <img src={mark} alt="" />
        {t("title")} <small>{t("tagline")}</small>
      </a>
      {world.value && place.value.page !== "home" ? <SearchBox /> : <span />}
      <nav class="nav" aria-label={t("title")}>
        <NavLink to={HOME} icon="layout-grid" label={t("overview")} />
        <NavLink to={graphAt()} icon="waypoints" label={t("graph")} />
        <NavLink to={mapAt()} icon="map" label={t("map")} />
        <NavLink to={queryAt()} icon="code-xml" label={t("query")} />
        <Preferences />
      </nav>
    </header>
  );
}

function NavLink({ to, icon, label }: { to: Place; icon: string; label: string }) {
  const here = place.value.page === to.page;
  return (
    <a class="button bare" href={href(to)} aria-current={here ? "page" : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}

const THEMES: [Theme, string][] = [
  ["auto", "sun-moon"],
  ["light", "sun"],
  ["dark", "moon"],
];

function Preferences() {
  const other = language.value === "zh" ? "en" : "zh";
  return (
    <>
      <Share />
      <Button bare label={t("language")} title={t("languageHint")} lang={other === "zh" ? "zh-CN" : "en"} onClick={() => like({ lang: other })} />
      <Menu icon={theme.value === "dark" ? "moon" : "sun"} label={t("theme")} quiet bare choice>
        {(close) =>
          THEMES.map(([name, icon]) => (
            <MenuItem key={name} icon={icon} label={t(name)} checked={theme.value === name} onClick={() => (like({ theme: name }), close())} />
          ))
        }
      </Menu>
    </>
  );
}

function Content() {
  const fixed = ["graph", "map", "query"].includes(place.value.page);
  return (
    <main id="content" class={fixed ? "fixed" : ""} tabIndex={-1}>
      {trouble.value ? <Failed message={trouble.value} /> : world.value ? <Page at={place.value} /> : <Loading />}
    </main>
  );
}

function Page({ at }: { at: Place }) {
  switch (at.page) {
    case "home":
      return <Home />;
    case "type":
      return <TypePage key={at.type} at={at} />;
    case "record":
      return <RecordPage key={at.id} id={at.id} history={at.history} />;
    case "graph":
      return <GraphPage />;
    case "map":
      return <MapPage />;
    case "query":
      return <QueryPage />;
  }
}
