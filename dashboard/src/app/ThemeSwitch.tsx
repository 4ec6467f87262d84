import { useState } from "react";
import { applyTheme, chosenTheme, type Theme } from "./theme";

export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (value: Theme) => {
    applyTheme(value);
    setTheme(value);
  };
  return (
    <select className="theme" aria-label="Colours" value={theme} onChange={event => choose(event.target.value as Theme)}>
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}
