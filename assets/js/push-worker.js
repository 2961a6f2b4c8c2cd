/* push-worker: shows what was pushed and opens its page when tapped. */
(function () {
  'use strict';
  self.addEventListener('push', function (event) {
    var letter = {};
    try { letter = event.data.json(); } catch (e) { /* a push without words still shows */ }
    event.waitUntil(self.registration.showNotification(letter.title || '共育', {
      body: letter.body || '', tag: letter.id || undefined, icon: '/favicon.ico', data: { href: letter.href || '/' }
    }));
  });
  self.addEventListener('notificationclick', function (event) {
    event.notification.close();
    var href = new URL(event.notification.data.href, self.location.origin);
    if (href.origin === self.location.origin) event.waitUntil(self.clients.openWindow(href.href));
  });
})();
