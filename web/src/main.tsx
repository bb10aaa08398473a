/** Where does the page begin? */
import "./styles/base.css";
import { render } from "preact";
import { openWorld } from "./state/world";
import { App } from "./ui/app";

void openWorld();
const root = document.getElementById("app");
if (root) render(<App />, root);
