import { createApp } from "./app.js";

const port = Number(process.env.PORT ?? 3000);
const server = createApp().listen(port, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${port}`));

// systemd's stop: answer what is open, take nothing new.
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
