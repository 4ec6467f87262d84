import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  define: { "import.meta.env.APP_BUILT_BY": JSON.stringify(process.version) },
  build: {
    outDir: "public/build",
    manifest: "manifest.json",
    rollupOptions: { input: "resources/js/app.js" },
  },
});
