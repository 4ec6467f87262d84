import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export default defineConfig({
  define: {
    "import.meta.env.APP_VERSION": JSON.stringify(version),
    "import.meta.env.APP_BUILT_BY": JSON.stringify(process.version),
  },
});
