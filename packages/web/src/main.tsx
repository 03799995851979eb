import { render } from "preact";
import { loadUser } from "./api/user.js";
import "./design/fonts.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import { startTheme } from "./design/theme.js";
import { matchRoute } from "./router/match.js";
import { place, startRouter } from "./router/router.js";
import { App } from "./shell/app.js";
import { pages } from "./shell/pages.js";

startTheme();
startRouter((path) => matchRoute(pages, path) !== undefined);
if (place.peek().path !== "/signed-out") loadUser().catch(() => undefined);

const root = document.getElementById("page");
if (root) render(<App />, root);
