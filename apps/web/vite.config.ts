import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development Vite serves the page and hands everything else to the server, which `pnpm dev` starts on this port.
const server = `http://localhost:${process.env["PORT"] ?? "3000"}`;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The server replaces this with the nonce of each answer.
  html: { cspNonce: "%CSP_NONCE%" },
  // Inlined files would be data: URLs, which the policy does not allow for fonts.
  build: { assetsInlineLimit: 0, sourcemap: false, target: "es2023" },
  server: {
    port: Number(process.env["WEB_PORT"] ?? 5173),
    proxy: { "/api": { target: server, ws: true }, "/sign-in": server, "/sign-out": server, "/healthz": server },
  },
});
