import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../styles/base.css";
import "../styles/layout.css";
import "../styles/controls.css";
import "../styles/parts.css";
import { App } from "./App";
import { applyTheme, chosenTheme } from "./theme";

applyTheme(chosenTheme());
createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);
