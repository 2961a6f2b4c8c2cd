/* live: an open page that follows what happens elsewhere.

   <section data-live="TICKET" hx-get="/its/own/part" hx-trigger="live" hx-swap="outerHTML">   TICKET from deliver::live::ticket
   The server only says "look again": the element gets the event `live`, at most once a second, and htmx fetches its own
   part. Elements with one ticket share a stream. While the tab is hidden nothing is open; shown again, it looks once.
   Without EventSource, or when the stream is refused, it looks every 30 seconds instead. */
(function () {
  'use strict';
  var gy = window.gy;
  var GAP = 1000;     // milliseconds between two looks
  var SLOW = 30000;   // milliseconds between looks without a stream
  var streams = {};   // by ticket: {source, timer, last, waiting}

  function tell(ticket) {
    gy.all('[data-live]').forEach(function (el) {
      if (el.dataset.live !== ticket) return;
      if (window.htmx) window.htmx.trigger(el, 'live');
      else el.dispatchEvent(new CustomEvent('live'));
    });
  }
  function look(ticket) {
    var on = streams[ticket];
    if (!on || on.waiting) return;
    var wait = Math.max(0, on.last + GAP - Date.now());
    on.waiting = setTimeout(function () {
      on.waiting = null;
      on.last = Date.now();
      tell(ticket);
    }, wait);
  }
  function open(ticket) {
    var on = streams[ticket] = { source: null, timer: null, last: Date.now(), waiting: null };
    function slowly() {
      if (!on.timer) on.timer = setInterval(function () { look(ticket); }, SLOW);
    }
    if (!window.EventSource) { slowly(); return; }
    on.source = new EventSource('/live/' + encodeURIComponent(ticket));
    on.source.addEventListener('ping', function () { look(ticket); });
    on.source.addEventListener('open', function () {
      if (window.performance && performance.now() > 3000) look(ticket);
    });
    on.source.addEventListener('error', function () {
      if (on.source.readyState === 2) slowly();
    });
  }
  function close(ticket) {
    var on = streams[ticket];
    if (on.source) on.source.close();
    clearInterval(on.timer);
    clearTimeout(on.waiting);
    delete streams[ticket];
  }
  function settle() {
    var wanted = {};
    if (!document.hidden) {
      gy.all('[data-live]').forEach(function (el) { if (el.dataset.live) wanted[el.dataset.live] = true; });
    }
    Object.keys(streams).forEach(function (ticket) { if (!wanted[ticket]) close(ticket); });
    Object.keys(wanted).forEach(function (ticket) { if (!streams[ticket]) open(ticket); });
  }
  document.addEventListener('visibilitychange', settle);
  document.addEventListener('htmx:afterSettle', settle);
  window.addEventListener('pagehide', function () { Object.keys(streams).forEach(close); });
  window.addEventListener('pageshow', settle);
  settle();
})();
