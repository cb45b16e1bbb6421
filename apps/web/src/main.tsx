import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app/app.css";
import { router } from "./app/router.tsx";
import { startServiceWorker } from "./app/service-worker.ts";
import { queryClient } from "./lib/query-client.ts";

// Radix writes a style element while a menu or dialog is open; the page's policy wants this answer's nonce on it.
setNonce(document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "");

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

startServiceWorker();
