/* sw: the service worker at /sw.js, scope /. The server writes a few lines before it: SHELL (address of the offline shell), PRECACHE (the
   shell and its hashed files) and VERSION (a hash over them all), so that a new release is a new worker.

   Kept: the shell and its files, nothing else. No page with a person in it ever lies in the HTTP cache.
   Asked first: the network. Without one, /visits leads to the shell, any other page to the shell's words that there is no network.
   Also: sends the outbox when the line is back (Background Sync), and forgets what it must when a page tells of a sign-in or sign-out.
   Push messages have a worker of their own (push-worker.js). */
(function () {
  'use strict';
  const CACHE = 'gy-shell-' + self.VERSION;
  const off = self.gyOffline;

  self.addEventListener('install', function (event) {
    event.waitUntil((async function () {
      const cache = await caches.open(CACHE);
      // Without cookies: what is kept is the same for everybody.
      await cache.addAll(self.PRECACHE.map(function (path) { return new Request(path, { credentials: 'omit', cache: 'reload' }); }));
      await self.skipWaiting();
    })());
  });

  self.addEventListener('activate', function (event) {
    event.waitUntil((async function () {
      const names = await caches.keys();
      await Promise.all(names.map(function (n) { return n.indexOf('gy-shell-') === 0 && n !== CACHE ? caches.delete(n) : null; }));
      if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
      await self.clients.claim();
    })());
  });

  async function page(event, path) {
    const cache = await caches.open(CACHE);
    if (path === self.SHELL) {
      const kept = await cache.match(self.SHELL, { ignoreVary: true });
      if (kept) return kept;
    }
    try {
      const early = event.preloadResponse ? await event.preloadResponse : null;
      return early || await fetch(event.request);
    } catch (e) {
      const mine = path === '/visits' || path.indexOf('/visits/') === 0;
      if (mine) return Response.redirect(self.SHELL, 302);
      return (await cache.match(self.SHELL, { ignoreVary: true })) || Response.error();
    }
  }

  self.addEventListener('fetch', function (event) {
    const request = event.request;
    if (request.method !== 'GET') return;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === 'navigate') {
      event.respondWith(page(event, url.pathname));
    } else if (self.PRECACHE.indexOf(url.pathname) >= 0) {
      event.respondWith(caches.match(request, { cacheName: CACHE, ignoreVary: true }).then(function (kept) { return kept || fetch(request); }));
    }
  });

  self.addEventListener('sync', function (event) {
    if (event.tag !== 'gy-outbox') return;
    event.waitUntil(off.sync().then(async function () {
      // Not all gone: the browser tries again by itself when this fails.
      if (!event.lastChance && (await off.nextTry()) !== null) throw new Error('not all sent');
    }));
  });

  /* {ask: 'check'}  somebody signed in or out on a page: is what lies here still theirs
     {ask: 'leave'}  about to sign out: send what can be sent, wipe when nothing is left; answers {left}
     {ask: 'wipe'}   wipe whatever is left */
  self.addEventListener('message', function (event) {
    const ask = event.data && event.data.ask;
    const reply = function (value) { if (event.ports[0]) event.ports[0].postMessage(value); };
    if (ask === 'check') event.waitUntil(off.standing().then(reply));
    if (ask === 'wipe') event.waitUntil(off.wipe().then(function () { reply({ left: 0 }); }));
    if (ask === 'leave') {
      event.waitUntil((async function () {
        let left = await off.unsent();
        if (left) {
          await off.sync({ force: true }).catch(function () {});
          left = await off.unsent();
        }
        if (!left) await off.wipe();
        reply({ left: left });
      })());
    }
  });
})();
