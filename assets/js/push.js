/* push: a browser that wants to be told when no page is open.

   <li data-push="PUBLIC KEY" hidden> [data-push-state][data-on][data-denied][data-failed] button[data-push-start]
   Shown only where the browser can. The worker lies at /push-worker.js under /push/, where no page is, so it never
   meets the worker of the offline app. The subscription is posted to /me/channels/push as a form. */
(function () {
  'use strict';
  var box = document.querySelector('[data-push]');
  if (!box || !navigator.serviceWorker || !window.PushManager || !window.Notification) return;
  var state = box.querySelector('[data-push-state]');
  var button = box.querySelector('[data-push-start]');
  box.hidden = false;

  function bytes(text) {
    var raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function worker() { return navigator.serviceWorker.register('/push-worker.js', { scope: '/push/' }); }
  function ready(registration) {
    if (registration.active) return registration;
    var rising = registration.installing || registration.waiting;
    return new Promise(function (done) {
      rising.addEventListener('statechange', function () { if (rising.state === 'activated') done(registration); });
    });
  }
  function keep(subscription) {
    var form = document.createElement('form');
    form.method = 'post';
    form.action = '/me/channels/push';
    var fields = {
      endpoint: subscription.endpoint,
      p256dh: text(subscription.getKey('p256dh')),
      auth: text(subscription.getKey('auth'))
    };
    fields[window.gy.csrf.field] = window.gy.csrf.token;
    Object.keys(fields).forEach(function (name) {
      var input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = fields[name];
      form.appendChild(input);
    });
    document.body.appendChild(form);
    form.submit();
  }
  if (Notification.permission === 'denied') {
    state.textContent = state.dataset.denied;
    button.hidden = true;
  } else if (Notification.permission === 'granted') {
    navigator.serviceWorker.getRegistration('/push/').then(function (registration) {
      return registration && registration.pushManager.getSubscription();
    }).then(function (subscription) {
      if (subscription) { state.textContent = state.dataset.on; button.hidden = true; }
    });
  }
  button.addEventListener('click', function () {
    button.disabled = true;
    Notification.requestPermission().then(function (answer) {
      if (answer !== 'granted') throw new Error(answer);
      return worker();
    }).then(ready).then(function (registration) {
      return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.push) });
    }).then(keep).catch(function () {
      button.disabled = false;
      state.textContent = Notification.permission === 'denied' ? state.dataset.denied : state.dataset.failed;
    });
  });
})();
