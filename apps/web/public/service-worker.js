// Keeps the built files, whose names change with their content, so that a page that was open once opens at once. Nothing
// else: never the page itself, whose nonce is new in every answer, and never an answer of the API. It promises no work
// without the server.
const version = "assets-1";
const isAsset = (url) => url.origin === location.origin && url.pathname.startsWith("/assets/");

/** Of a few releases, so that a page that is still open finds the files that it was built with. */
const filesMax = 300;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => {
  const removeOld = async () => {
    for (const name of await caches.keys()) if (name !== version) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(removeOld());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !isAsset(new URL(request.url))) return;
  event.respondWith(fromCache(request));
});

async function fromCache(request) {
  const cache = await caches.open(version);
  const known = await cache.match(request);
  if (known !== undefined) return known;
  const answer = await fetch(request);
  // A missing file is answered with another type than a script, and is not kept.
  if (answer.status === 200 && answer.type === "basic" && !isPage(answer)) {
    await cache.put(request, answer.clone());
    await forgetOldest(cache);
  }
  return answer;
}

function isPage(answer) {
  return (answer.headers.get("content-type") ?? "").startsWith("text/html");
}

async function forgetOldest(cache) {
  const files = await cache.keys();
  for (const file of files.slice(0, Math.max(0, files.length - filesMax))) await cache.delete(file);
}
