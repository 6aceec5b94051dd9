// Keeps static files, and the reviews opened on this device, for reading without a signal. Nothing
// else: no other page, no answer to a background request, no file.
"use strict";
const CONFIG = JSON.parse("{{ config|escapejs }}");
const FILES = "files-1";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const AFTER_SENDING_MS = 120000;
const MOST_FILES = 120;
const AGE = "Pantau-Kept";
const HASHED = /\.[0-9a-f]{12}\./;
const REVIEW = /^\/reviews\/\d{4}-W\d\d\/[^/]+\/$/;
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": CONFIG.policy,
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};

const pagesOf = (user) => `pages-${user}`;
const isPages = (name) => name.startsWith("pages-");
// One person's pages at a time: whoever signs in next finds nothing of the one before.
const forgetPages = async (except) => {
  for (const name of await caches.keys()) if (isPages(name) && name !== except) await caches.delete(name);
};
// By the server's time alone: this device's clock may stand anywhere. Without an answer nothing ages.
const isOld = (response, now) => now - Number(response.headers.get(AGE)) > KEPT_MS;
const prune = async (now) => {
  for (const name of (await caches.keys()).filter(isPages)) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      if (response && isOld(response, now)) await cache.delete(request);
    }
  }
  const files = await caches.open(FILES);
  const keys = await files.keys();
  for (const request of keys.slice(0, Math.max(0, keys.length - MOST_FILES))) await files.delete(request);
};

const keep = async ({ user, at, url, title, html, assets }) => {
  const address = new URL(url);
  if (address.origin !== location.origin || !REVIEW.test(address.pathname)) return;
  // The files first: a page without its script neither shows nor takes what waits.
  const files = await caches.open(FILES);
  for (const asset of assets) {
    if (!new URL(asset).pathname.startsWith(CONFIG.static)) continue;
    if (await files.match(asset)) continue;
    try {
      await files.add(asset);
    } catch {
      // no signal: the next visit keeps it
    }
  }
  const headers = { ...HEADERS, [AGE]: String(at), "Pantau-Title": encodeURIComponent(title) };
  const pages = await caches.open(pagesOf(user));
  await pages.put(url, new Response(html, { headers }));
  await prune(at);
};
const find = async (url) => {
  for (const name of (await caches.keys()).filter(isPages)) {
    const cache = await caches.open(name);
    const response = (await cache.match(url)) || (await cache.match(url, { ignoreSearch: true }));
    if (response) return response;
  }
  return null;
};
const fallback = () => new Response(CONFIG.page, { status: 503, headers: HEADERS });

// What follows a form that was just sent is its answer: the page kept from before would deny it.
let sentAt = -Infinity;
const isAnswer = () => performance.now() - sentAt < AFTER_SENDING_MS;

const navigate = async (event) => {
  const { request } = event;
  const url = request.url.split("#")[0];
  const kept = REVIEW.test(new URL(url).pathname) ? await find(url) : null;
  const patience = new Promise((resolve) => kept && !isAnswer() && setTimeout(resolve, CONFIG.patience, null));
  try {
    const response = await Promise.race([fetch(request), patience]);
    if (!response) return kept;
    // A gateway without the site behind it is no signal either.
    if (kept && [502, 503, 504].includes(response.status)) return kept;
    const user = response.headers.get("Pantau-User");
    if (user) await forgetPages(pagesOf(user));
    const now = Number(response.headers.get("Pantau-Now"));
    // Tidying up keeps nobody waiting: the page is shown meanwhile.
    if (now) event.waitUntil(prune(now));
    return response;
  } catch {
    return kept || fallback();
  }
};
const send = async (request) => {
  const isLeaving = new URL(request.url).pathname === CONFIG.logout;
  try {
    const response = await fetch(request);
    sentAt = performance.now();
    if (isLeaving && (response.ok || response.type === "opaqueredirect")) await forgetPages("");
    return response;
  } catch {
    return fallback();
  }
};
const file = async (request) => {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept && HASHED.test(request.url)) return kept;
  try {
    const response = await fetch(request);
    if (response.ok && response.status === 200) await files.put(request, response.clone());
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data && event.data.kind === "keep") event.waitUntil(keep(event.data));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "GET" ? navigate(event) : send(request));
  else if (request.method === "GET" && url.pathname.startsWith(CONFIG.static)) event.respondWith(file(request));
});
