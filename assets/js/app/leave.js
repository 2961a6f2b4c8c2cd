/* leave: what any page does about the visits kept on this phone (js/offline). Nothing happens on a phone that keeps none.

   Signed in or out since the last page: the service worker is asked to look whether what lies here is still this person's.
   form[action="/sign-out"]   first sends what waits; asks when something is left; then wipes and signs out.
   Opened from the home screen, or on a page of visits: registers the service worker.
   localStorage 'gy-offline' is there while the phone keeps visits; it holds the words for the questions, so that other pages need not. */
(function () {
  'use strict';
  var gy = window.gy;
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return;
  var holds = null;
  try { holds = JSON.parse(localStorage.getItem('gy-offline')); } catch (e) { return; }

  var installed = window.matchMedia('(display-mode: standalone)').matches || navigator.standalone;
  if (holds || installed || /^\/(visits|app)(\/|$)/.test(location.pathname)) {
    window.addEventListener('load', function () { navigator.serviceWorker.register('/sw.js').catch(function () { /* next time */ }); });
  }
  if (!holds) return;

  /* Calls back with the worker's answer, or with nothing when there is none. */
  function ask(what, call) {
    var worker = navigator.serviceWorker.controller;
    if (!worker) { call(null); return; }
    var channel = new MessageChannel();
    var late = setTimeout(function () { done(null); }, 40000);
    function done(answer) {
      if (!call) return;
      clearTimeout(late);
      var once = call;
      call = null;
      once(answer);
    }
    channel.port1.onmessage = function (event) { done(event.data); };
    worker.postMessage({ ask: what }, [channel.port2]);
  }

  // The secret of the forms is the session's own: another one is another sign-in.
  var session = gy.csrf ? gy.csrf.token : '';
  // The offline pages look for themselves.
  if (location.pathname !== '/visits/offline' && session !== localStorage.getItem('gy-session')) {
    ask('check', function (told) {
      if (!told || told.is === 'away') return;
      localStorage.setItem('gy-session', session);
      if (told.is === 'ended' || told.is === 'new') localStorage.removeItem('gy-offline');
      if (told.is === 'other') gy.toast({ text: holds.other, more: '/visits/offline', moreLabel: holds.see, ms: 0 });
    });
  }

  function go(form) {
    localStorage.removeItem('gy-offline');
    localStorage.removeItem('gy-session');
    form.dataset.left = '1';
    gy.submit(form);
  }
  gy.on('submit', 'form[action="/sign-out"]', function (form, event) {
    if (form.dataset.left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.setAttribute('aria-busy', 'true');
    ask('leave', function (told) {
      form.removeAttribute('aria-busy');
      if (told && !told.left) { go(form); return; }
      var button = document.createElement('button');
      button.type = 'button';
      button.hidden = true;
      button.dataset.confirm = told ? holds.title.replace('{n}', told.left) : holds.unsure;
      button.dataset.confirmText = holds.text;
      button.dataset.confirmYes = holds.yes;
      button.dataset.confirmNo = holds.no;
      button.dataset.confirmBad = '';
      button.addEventListener('click', function () { ask('wipe', function () { go(form); }); });
      document.body.appendChild(button);
      button.click();
    });
  }, true);
})();
