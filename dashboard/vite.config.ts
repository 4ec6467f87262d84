import { defineConfig } from "vite";
import { compress } from "./build/compress.ts";

export default defineConfig({
  plugins: [compress()],
  build: {
    target: "es2022",
    // The content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Compressing as well as can be takes its time, which is no finding.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // While developing: the API of a control plane on this machine.
  server: { proxy: { "/api": process.env["VPSPILOT_URL"] ?? "http://127.0.0.1:7071" } },
});
