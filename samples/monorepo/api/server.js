import { createServer } from "node:http";
import { about } from "../shared/about.js";

const server = createServer((request, response) => {
  const known = request.url === "/" || request.url === "/health";
  response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(known ? { app: "api", ...about, runtime: process.version } : { error: "not found" }));
});
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
