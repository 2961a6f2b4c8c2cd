/* toll: what a form takes, told with the form itself; nothing is sent for it and nothing is kept here.

   <meta name="csrf" data-toll>   pages of staff only: a posted form carries "seconds.taps" of its page, a form as the
                                  hidden field _toll, htmx as the header x-toll. The time a page lies in the
                                  background does not count; the server believes five minutes at most. */
(function () {
  'use strict';
  var meta = document.querySelector('meta[name="csrf"][data-toll]');
  if (!meta) return;
  var before = 0, shown = document.hidden ? 0 : Date.now(), taps = 0;

  document.addEventListener('visibilitychange', function () {
    if (document.hidden && shown) {
      before += Date.now() - shown;
      shown = 0;
    } else if (!document.hidden && !shown) {
      shown = Date.now();
    }
  });
  document.addEventListener('click', function (event) { if (event.isTrusted) taps += 1; }, true);

  /* What it took since the page was opened or the last form was sent. */
  function take() {
    var now = Date.now();
    var told = Math.round((before + (shown ? now - shown : 0)) / 1000) + '.' + taps;
    before = 0;
    shown = document.hidden ? 0 : now;
    taps = 0;
    return told;
  }

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    var field = form.querySelector('input[name="_toll"]');
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = '_toll';
      form.appendChild(field);
    }
    field.value = take();
  });
  document.addEventListener('htmx:configRequest', function (event) {
    if (String(event.detail.verb).toLowerCase() === 'post') event.detail.headers['x-toll'] = take();
  });
})();
