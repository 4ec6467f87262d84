import { mkdirSync, writeFileSync } from "node:fs";
import { about } from "../shared/about.js";

mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.html", `<!doctype html><title>site</title><p>${about.repository}, version "${about.version}", built by "${process.version}"</p>\n`);
