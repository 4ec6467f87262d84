import { createRequire } from "node:module";
import express from "express";

const require = createRequire(import.meta.url);
const { name, version } = require("./package.json");

export function createApp() {
  const app = express();
  app.disable("x-powered-by");
  app.get("/", (request, response) => {
    response.json({ app: name, version, runtime: process.version, express: require("express/package.json").version });
  });
  app.get("/health", (request, response) => {
    response.json({ status: "ok" });
  });
  return app;
}
